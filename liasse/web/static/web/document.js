// A document's page: keys, and nothing that was typed is left behind when the page is.
// j and k open the next and the previous document, Escape the list, Ctrl+Enter presses the green button.

let pending = 0;
let onIdle = null;

const fields = document.getElementById("fields");
const hasError = () => Boolean(fields?.querySelector(".field-error"));

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.matches?.("[data-autosave]")) pending += 1;
});
// Also for the fields that wait for their turn: htmx asks one after the other.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.target?.matches?.("[data-autosave]") && !event.detail.elt?.matches?.("[data-autosave]")) return;
  pending = Math.max(pending - 1, 0);
  setTimeout(settle, 0);
});

const isSaving = () => pending > 0 || Boolean(fields?.querySelector(".htmx-request"));

function settle() {
  if (isSaving() || !onIdle) return;
  const act = onIdle;
  onIdle = null;
  // What could not be saved stays in front of the person.
  if (hasError()) fields.querySelector("[aria-invalid=true]")?.focus();
  else act();
}

function afterSaving(act) {
  const typing = document.activeElement;
  // Leaving the field is what saves it.
  if (fields?.contains(typing) && typing.matches("input, textarea, select")) typing.blur();
  onIdle = act;
  settle();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-after-saving]") || !(isSaving() || hasError())) return;
  event.preventDefault();
  const { submitter } = event;
  afterSaving(() => form.requestSubmit(submitter));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-after-saving]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !isSaving()) return;
  event.preventDefault();
  afterSaving(() => link.click());
});

const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (!(event.target instanceof Element) || document.querySelector("dialog:modal, [popover]:popover-open")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const button = document.querySelector("[data-primary]");
    if (!button) return;
    event.preventDefault();
    afterSaving(() => button.form.requestSubmit(button));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target)) {
    // The first Escape leaves the field, which saves it; the second leaves the page.
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (!link) return;
  event.preventDefault();
  afterSaving(() => link.click());
});

addEventListener("beforeunload", (event) => {
  if (isSaving()) event.preventDefault();
});
