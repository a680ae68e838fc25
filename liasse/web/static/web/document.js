// A document's page: keys, and nothing that was typed is left behind when the page is.
// j and k open the next and the previous document, Escape the list, Ctrl+Enter presses the green button.

let pending = 0;
let onIdle = null;

// The fields of one document give way to the next one's without a reload.
const area = () => document.getElementById("fields");
const isField = (element) => Boolean(element?.matches?.("[data-autosave]"));
const failed = () => area()?.querySelector(".field-error, [data-unsaved]")?.closest("[data-autosave]");
const isSaving = () => pending > 0 || Boolean(area()?.querySelector(".htmx-request, .htmx-swapping"));

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isField(event.detail.target)) pending += 1;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!isField(event.detail.target)) return;
  pending = Math.max(pending - 1, 0);
  setTimeout(settle, 0);
});
// The answer is in its place only now, and with it the error that it may bring.
document.addEventListener("htmx:afterSettle", settle);

// Neither saved nor refused: the server was away. What was typed is still there and is sent again before the page is left.
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (!isField(event.detail.target)) return;
    event.detail.target.dataset.unsaved = "";
    onIdle = null;
  });
}

function settle() {
  if (isSaving() || !onIdle) return;
  const act = onIdle;
  onIdle = null;
  // What could not be saved stays in front of the person.
  const field = failed();
  if (field) field.querySelector("input, textarea, select")?.focus();
  else act();
}

function afterSaving(act) {
  const typing = document.activeElement;
  // Leaving the field is what saves it.
  if (area()?.contains(typing) && typing.matches("input, textarea, select")) typing.blur();
  for (const field of area()?.querySelectorAll("[data-unsaved]") ?? []) {
    delete field.dataset.unsaved;
    field.querySelector("input, textarea, select")?.dispatchEvent(new Event("change", { bubbles: true }));
  }
  onIdle = act;
  settle();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-after-saving]") || !(isSaving() || failed())) return;
  event.preventDefault();
  const { submitter } = event;
  afterSaving(() => form.requestSubmit(submitter));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-after-saving]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!isSaving() && !area()?.querySelector("[data-unsaved]")) return;
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
  const key = CSS.escape(event.key);
  const link = document.querySelector(`a[data-key="${key}"], button[data-key-press="${key}"]`);
  if (!link || event.defaultPrevented) return;
  event.preventDefault();
  link.click();
});

addEventListener("beforeunload", (event) => {
  if (isSaving() || area()?.querySelector("[data-unsaved]")) event.preventDefault();
});
