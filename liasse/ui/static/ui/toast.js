// Says a sentence as a toast; the place of toasts is a live region, so a screen reader hears it too.
// Other modules, and the server through `HX-Trigger: {"toast": {"text": "…", "tone": "error"}}`, fire the event `toast`;
// `announce` is for the ear alone. No module imports another, so that each keeps its own content hash.

const LIFE = 6000;

function live() {
  const open = document.querySelector("dialog:modal");
  return open?.querySelector("[data-live]") ?? document.getElementById("announcer");
}

function announce(text) {
  const region = live();
  if (!region) return;
  region.textContent = "";
  // A region that gets the same text twice stays silent unless it was empty in between.
  setTimeout(() => {
    region.textContent = text;
  }, 60);
}

function schedule(toast) {
  let timer = 0;
  const start = () => {
    timer = setTimeout(() => toast.remove(), LIFE);
  };
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", () => clearTimeout(timer));
  start();
}

function show({ text, tone = "ok" }) {
  const toasts = document.getElementById("toasts");
  const model = document.getElementById("toast-model");
  if (!text || !toasts || !model) return;
  const toast = model.content.firstElementChild.cloneNode(true);
  toast.dataset.tone = tone;
  toast.querySelector("p").textContent = text;
  // All that is outside an open modal window is inert: the toast goes inside.
  const place = document.querySelector("dialog:modal") ?? document.body;
  const isMoved = toasts.parentElement !== place;
  if (isMoved) place.append(toasts);
  toasts.append(toast);
  // A region that was moved this moment is not heard yet; the window has one of its own.
  if (isMoved) announce(text);
  // An error stays until it is closed: nobody should miss why something was not done.
  if (tone !== "error") schedule(toast);
}

document.addEventListener("toast", (event) => show(event.detail ?? {}));
document.addEventListener("announce", (event) => announce(event.detail?.text ?? event.detail?.value ?? ""));
document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove();
});

for (const toast of document.querySelectorAll("#toasts [data-toast]")) {
  if (toast.dataset.tone !== "error") schedule(toast);
}
