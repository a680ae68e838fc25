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
