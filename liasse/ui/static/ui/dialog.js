// The window: whatever htmx puts into #dialog is shown in a modal <dialog>; Escape and the cross close it.

const host = document.querySelector("[data-dialog-host]");
const content = document.getElementById("dialog");
let opener = null;

function focusInside() {
  const target =
    content.querySelector("[aria-invalid=true]") ??
    content.querySelector("[autofocus]") ??
    content.querySelector("#dialog-title");
  // htmx looks for it once more after this, and would lead away from the field that was refused.
  for (const field of content.querySelectorAll("[autofocus]")) field.removeAttribute("autofocus");
  target?.focus();
}

function close() {
  if (host.open) host.close();
}

function onClose() {
  content.replaceChildren();
  const toasts = document.getElementById("toasts");
  if (toasts && host.contains(toasts)) document.body.append(toasts);
  // An item of a menu that has closed takes no focus; the browser has then given it to the menu's button already.
  // The list behind may have been swapped meanwhile: its button is then found again by its id.
  const back = opener?.isConnected ? opener : opener?.id ? document.getElementById(opener.id) : null;
  (back ?? document.getElementById("main"))?.focus({ preventScroll: true });
  opener = null;
  document.dispatchEvent(new CustomEvent("dialog-closed"));
}

if (host && content) {
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== content) return;
    if (!content.firstElementChild) {
      close();
      return;
    }
    if (!host.open) {
      opener = event.detail.requestConfig?.elt ?? null;
      host.showModal();
    }
    content.querySelector(".dialog-body")?.scrollTo(0, 0);
    focusInside();
  });
  host.addEventListener("close", onClose);
  document.addEventListener("close-dialog", close);
  document.addEventListener("keydown", (event) => {
    // A link that is called a button must answer to the space bar too.
    if (event.key !== " " || !event.target.matches?.("a[role=button]")) return;
    event.preventDefault();
    event.target.click();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-dialog-close]")) close();
    const local = event.target.closest("[data-dialog-open]");
    if (local) document.getElementById(local.dataset.dialogOpen)?.showModal();
  });
}
