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
