// Suppliers and past values offered while one types: a combobox with a list (ARIA 1.2). Choosing a supplier fills its numbers too.

const WAIT = 120;
const MOST = 8;

let timer = 0;
let asked = 0;
let open = null; // { field, control, list, values, at }

const area = () => document.getElementById("fields");
const announce = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));

function close() {
  clearTimeout(timer);
  asked += 1;
  if (!open) return;
  open.list.remove();
  open.control.setAttribute("aria-expanded", "false");
  open.control.removeAttribute("aria-activedescendant");
  open.control.removeAttribute("aria-controls");
  open = null;
}

function dress(control) {
  control.setAttribute("role", "combobox");
  control.setAttribute("aria-autocomplete", "list");
  if (!control.hasAttribute("aria-expanded")) control.setAttribute("aria-expanded", "false");
}

function show(field, control, values) {
  close();
  if (!values.length || document.activeElement !== control) return;
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `${control.id}_suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.querySelector("label")?.textContent.trim() ?? "");
  values.slice(0, MOST).forEach((one, at) => {
    const item = document.createElement("li");
    item.id = `${list.id}_${at}`;
    item.dataset.at = String(at);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const name = document.createElement("span");
    name.textContent = one.value;
    item.append(name);
    const also = Object.values(one.also ?? {}).filter((value) => value && value !== one.value);
    if (also.length) {
      const more = document.createElement("small");
      more.textContent = also.slice(0, 2).join(" · ");
      item.append(more);
    }
    list.append(item);
  });
  field.append(list);
  control.setAttribute("aria-expanded", "true");
  control.setAttribute("aria-controls", list.id);
  open = { field, control, list, values, at: -1 };
  announce(document.getElementById("document-sentences").dataset.suggestions.replace("{count}", String(list.children.length)));
}

function mark(at) {
  const count = open.list.children.length;
  open.at = (at + count + 1) % (count + 1) === count ? -1 : (at + count + 1) % (count + 1);
  [...open.list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === open.at)));
  const item = open.list.children[open.at];
  if (item) {
    open.control.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  } else open.control.removeAttribute("aria-activedescendant");
}

function choose(at) {
  const { field, control, values } = open;
  const one = values[at];
  close();
  const also = Object.fromEntries(
    Object.entries(one.also ?? {}).filter(([name, value]) => value && area().querySelector(`[data-name="${CSS.escape(name)}"]`)),
  );
  control.value = one.value;
  // All of it is one change, which is sent, and taken back, as one; the browser's own event would send a part once more.
  control.dataset.chosen = one.value;
  document.dispatchEvent(new CustomEvent("fields-chosen", { detail: { values: { ...also, [field.dataset.name]: one.value } } }));
}

async function ask(field, control) {
  const url = area()?.dataset.suggestUrl;
  const text = control.value.trim();
  if (!url || !text) return close();
  asked += 1;
  const mine = asked;
  try {
    const words = new URLSearchParams({ field: field.dataset.name, q: text });
    const response = await fetch(`${url}?${words}`, { headers: { Accept: "application/json" } });
    const found = response.ok ? await response.json() : { values: [] };
    if (mine === asked) show(field, control, found.values.filter((one) => one.value));
  } catch {
    // Without suggestions one types on.
    if (mine === asked) close();
  }
}

document.addEventListener("focusin", (event) => {
  if (open && open.control !== event.target) close();
  if (event.target.matches?.("#fields [data-suggest] input")) dress(event.target);
});
document.addEventListener("focusout", (event) => {
  if (open?.control === event.target) close();
});
document.addEventListener("input", (event) => {
  const field = event.target.closest?.("#fields [data-suggest]");
  if (!field || !event.isTrusted) return;
  delete event.target.dataset.chosen;
  clearTimeout(timer);
  timer = setTimeout(() => ask(field, event.target), WAIT);
});
document.addEventListener(
  "change",
  (event) => {
    if (event.target.dataset?.chosen && event.target.dataset.chosen === event.target.value) event.stopPropagation();
  },
  true,
);
document.addEventListener("mousedown", (event) => {
  if (event.target.closest?.(".suggestions")) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const item = event.target.closest?.(".suggestions [role=option]");
  if (item && open) choose(Number(item.dataset.at));
});
// Before all others: while a list is open, its keys are its own.
document.addEventListener(
  "keydown",
  (event) => {
    if (!open || event.target !== open.control || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") mark(open.at + 1);
    else if (event.key === "ArrowUp") mark(open.at < 0 ? open.list.children.length - 1 : open.at - 1);
    else if (event.key === "Enter" && open.at >= 0) choose(open.at);
    else if (event.key === "Escape") close();
    else {
      if (event.key === "Tab" || event.key === "Enter") close();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("document-shown", close);
