// Through the fields by keyboard. Tab goes to the fields that must be looked at, or, as one chooses, to every field; Alt and an
// arrow go to every field always. Enter says that a value is right and goes on. What is known of a value stands at the bottom.

const KEPT = "liasse-tab";
const CONTROL = "input:not([type=hidden]), select, textarea";

const area = () => document.getElementById("fields");
const sentences = () => document.getElementById("document-sentences").dataset;
const announce = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));
const fieldOf = (element) => element?.closest?.("#fields [data-name]");
const controlOf = (field) => field?.querySelector(CONTROL);
const isOpen = (control) => Boolean(control) && !control.disabled && control.checkVisibility();

// What was put right a moment ago is still come by on the way back.
let met = new Set();

function remember() {
  for (const field of area()?.querySelectorAll("[data-doubt]") ?? []) met.add(field.dataset.name);
}

const everyField = () => [...(area()?.querySelectorAll("[data-name]") ?? [])].filter((field) => isOpen(controlOf(field)));
const doubtful = () => everyField().filter((field) => field.dataset.doubt || met.has(field.dataset.name));

function isOnlyDoubtful() {
  try {
    return localStorage.getItem(KEPT) !== "all";
  } catch {
    return true;
  }
}

function showMode() {
  for (const button of document.querySelectorAll("[data-tab-mode]")) {
    button.textContent = isOnlyDoubtful() ? button.dataset.doubtful : button.dataset.all;
  }
}

function changeMode() {
  try {
    localStorage.setItem(KEPT, isOnlyDoubtful() ? "all" : "doubtful");
  } catch {
    return;
  }
  showMode();
  announce(isOnlyDoubtful() ? sentences().onlyDoubtful : sentences().every);
}

function goTo(field) {
  field.closest("details")?.setAttribute("open", "");
  document.querySelector("[data-pane][value=fields]")?.click();
  const control = controlOf(field);
  control.focus({ focusVisible: true });
  control.select?.();
  field.scrollIntoView({ block: "nearest" });
}

function beyond(list, element, by) {
  const wanted = by > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const there = list.filter((field) => !field.contains(element) && element.compareDocumentPosition(field) & wanted);
  return by > 0 ? there[0] : there.at(-1);
}

// True when the focus was led; false where the browser's own way is the right one.
function step(by) {
  const list = doubtful();
  const here = document.activeElement ?? document.body;
  if (!list.length) return false;
  if (here.matches("[data-primary]")) {
    if (by > 0) return false;
    goTo(list.at(-1));
    return true;
  }
  const isAtStart = here === document.body || here.id === "doc-name" || here.id === "fields";
  if (!fieldOf(here) && !(isAtStart && by > 0)) return false;
  const next = isAtStart ? list[0] : beyond(list, here, by);
  if (next) goTo(next);
  else if (by > 0) document.querySelector("[data-primary]")?.focus({ focusVisible: true });
  return Boolean(next) || (by > 0 && Boolean(document.querySelector("[data-primary]")));
}

function stepOfAll(by) {
  const here = fieldOf(document.activeElement);
  const list = everyField();
  const next = here ? beyond(list, document.activeElement, by) : by > 0 ? list[0] : list.at(-1);
  if (next) goTo(next);
}

// A value that nobody changed is not sent by leaving it; here somebody says that it is right.
function confirm(field) {
  const control = controlOf(field);
  if (field.dataset.doubt && field.dataset.doubt !== "missing" && control.value === control.defaultValue) {
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

document.addEventListener("keydown", (event) => {
  if (!area() || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  if (document.querySelector("dialog:modal, [popover]:popover-open")) return;
  const field = fieldOf(event.target);
  if (event.altKey) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    stepOfAll(by);
  } else if (event.key === "Tab" && isOnlyDoubtful()) {
    if (step(event.shiftKey ? -1 : 1)) event.preventDefault();
  } else if (event.key === "Enter" && field && event.target.matches("input")) {
    event.preventDefault();
    confirm(field);
    if (isOnlyDoubtful()) step(1);
    else stepOfAll(1);
  } else if (!event.target.closest?.("input, select, textarea")) {
    if (event.key === "t" && document.querySelector("[data-tab-mode]")) changeMode();
    else if (event.key === "f" && doubtful().length) goTo(doubtful()[0]);
    else return;
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-tab-mode]")) changeMode();
  const pick = event.target.closest("[data-pick]");
  if (pick) {
    const control = controlOf(fieldOf(pick));
    control.value = pick.dataset.pick;
    control.focus();
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const link = event.target.closest("[data-goto]");
  const field = link && area()?.querySelector(`[data-name="${CSS.escape(link.dataset.goto)}"]`);
  if (!field) return;
  event.preventDefault();
  goTo(field);
});

// ------------------------------------------------------------------ what is known of a value

function tell(field) {
  const line = document.querySelector("[data-origin-line]");
  if (!line) return;
  const origin = field?.querySelector("[id$=_origin]")?.textContent.trim() ?? "";
  const label = field?.querySelector("label")?.textContent.trim() ?? "";
  line.textContent = origin ? `${label} – ${origin}` : "";
}

document.addEventListener("focusin", (event) => tell(fieldOf(event.target)));
document.addEventListener("pointerover", (event) => {
  const field = fieldOf(event.target);
  if (field) tell(field);
});
document.addEventListener("pointerout", (event) => {
  if (fieldOf(event.target)) tell(fieldOf(document.activeElement));
});

document.addEventListener("htmx:afterSettle", () => {
  remember();
  tell(fieldOf(document.activeElement));
});
document.addEventListener("document-shown", () => {
  met = new Set();
  remember();
  showMode();
});
remember();
showMode();
