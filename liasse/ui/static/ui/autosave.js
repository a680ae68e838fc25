// Fields saved when left: the answer replaces the field. Here: what was typed meanwhile is kept, and the outcome is said aloud.

const words = () => document.getElementById("sentences").dataset;
const announce = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));
const controlOf = (field) => field?.querySelector("input:not([type=hidden]), select, textarea");
const typed = new Map();

document.addEventListener("htmx:beforeRequest", (event) => {
  const field = event.detail.target;
  if (!field?.matches?.("[data-autosave]")) return;
  field.dataset.sent = controlOf(field)?.value ?? "";
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const field = event.detail.target;
  if (!field?.matches?.("[data-autosave]")) return;
  const control = controlOf(field);
  if (control && control === document.activeElement && control.value !== field.dataset.sent) {
    typed.set(field.id, control.value);
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const id = event.detail.target?.id;
  const field = id ? document.getElementById(id) : null;
  if (!field?.matches("[data-autosave]")) return;
  if (typed.has(id)) {
    const control = controlOf(field);
    control.value = typed.get(id);
    typed.delete(id);
  }
  const error = field.querySelector(".field-error");
  if (error) announce(`${words().notSaved}. ${error.textContent.trim()}`);
  else if (field.dataset.state === "saved") announce(words().saved);
});

// A single line is left with Enter too; there is no form to submit.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-autosave] input")) return;
  if (event.target.form) event.preventDefault();
});

// A mark that stays for ever says nothing about the next change.
document.addEventListener("input", (event) => {
  event.target.closest?.("[data-autosave]")?.querySelector(".mark-saved")?.remove();
});

// What was changed and left before htmx listened is sent now: the browser told nobody of it then.
const isChoice = (control) => control.matches("select, [type=checkbox], [type=radio]");

function isTouched(control) {
  if (control.disabled) return false;
  if (control.matches("[type=checkbox], [type=radio]")) return control.checked !== control.defaultChecked;
  if (!control.matches("select")) return control.value !== control.defaultValue;
  const options = [...control.options];
  // Where no option is marked, the browser itself shows the first.
  if (!options.some((option) => option.defaultSelected)) return control.selectedIndex > 0;
  return options.some((option) => option.selected !== option.defaultSelected);
}

function sendMissed() {
  // After a reload or Back, the browser fills in old values by itself; only a person's own entry counts then.
  const isFresh = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  for (const field of document.querySelectorAll("[data-autosave]")) {
    const control = controlOf(field);
    if (!control || !isTouched(control)) continue;
    if (!isFresh && !control.matches(":user-valid, :user-invalid")) continue;
    // A text that is still being typed is sent when it is left, as always.
    if (control === document.activeElement && !isChoice(control)) continue;
    htmx.trigger(control, "change");
  }
}

// htmx takes the page in hand at this same event, and asked for it first.
if (document.readyState === "complete") sendMissed();
else document.addEventListener("DOMContentLoaded", sendMissed);
