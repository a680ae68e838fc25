// Copies `data-copy` of a button and says so. Outside https the clipboard API is missing; an old way stands in.

async function copy(text) {
  if (navigator.clipboard && isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "visually-hidden";
  // Inside an open modal window, where alone the focus may go.
  (document.querySelector("dialog:modal") ?? document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copy");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const label = button.querySelector("span");
  try {
    await copy(button.dataset.copy);
  } catch {
    const text = document.getElementById("sentences").dataset.notCopied;
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "error" } }));
    return;
  } finally {
    button.focus();
  }
  document.dispatchEvent(new CustomEvent("announce", { detail: { text: button.dataset.copied } }));
  if (!label || button.dataset.was) return;
  button.dataset.was = label.textContent;
  label.textContent = button.dataset.copied;
  setTimeout(() => {
    label.textContent = button.dataset.was;
    delete button.dataset.was;
  }, 1600);
});
