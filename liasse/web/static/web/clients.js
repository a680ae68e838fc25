// Mes clients: asks now and then what changed, and puts the focus where a button says.

const PAUSE = 5000;

// A list that nobody looks at, or in which something is open, is left alone.
const isBusy = () => document.hidden || document.querySelector("dialog:modal, [popover]:popover-open");

setInterval(() => {
  const news = document.getElementById("clients-news");
  if (news && !isBusy()) htmx.trigger(news, "poll");
}, PAUSE);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-focus]");
  if (button) document.getElementById(button.dataset.focus)?.focus();
});

// What was just opened is at the top of the list until the list is asked for in another way.
document.addEventListener("htmx:pushedIntoHistory", () => {
  const fresh = document.getElementById("fresh");
  if (fresh) fresh.value = "";
});

// A question that nobody asked needs no sentence when it fails: the next one comes by itself.
for (const fault of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.getElementById("list")?.addEventListener(fault, (event) => {
    if (event.target.id === "clients-news") event.stopPropagation();
  });
}

// Loading the page anew keeps what was typed in the window. This tab alone holds it, and only while the window is open.
const KEPT = "liasse-new-client";
const wizard = () => document.getElementById("dialog")?.querySelector("form:has([name=state])");

function keep() {
  const form = wizard();
  if (!form) return sessionStorage.removeItem(KEPT);
  const entries = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  sessionStorage.setItem(KEPT, JSON.stringify(entries));
}

function resume() {
  const entries = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  sessionStorage.removeItem(KEPT);
  const isReload = performance.getEntriesByType("navigation")[0]?.type === "reload";
  const button = document.getElementById("add-client");
  if (!entries.length || !isReload || !button) return;
  const values = { resume: "1" };
  for (const [name, value] of entries) values[name] = [...(values[name] ?? []), value];
  htmx.ajax("POST", button.getAttribute("hx-get"), { source: button, target: "#dialog", values });
}

document.getElementById("dialog")?.addEventListener("input", keep);
document.addEventListener("htmx:afterSettle", (event) => event.detail.target.id === "dialog" && keep());
document.addEventListener("dialog-closed", () => sessionStorage.removeItem(KEPT));
resume();
