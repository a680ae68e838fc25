// The pages of a document: zoom, turn, which page is in view, and where on the page a field was read.

const STEPS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 2.5, 3, 4];
// Pixels of the first image's width; beyond it, with some tolerance, the large one is fetched.
const SMALL = 1600;
const TOLERANCE = 1.1;

let viewer = null;
let pane = null;
let sheets = [];
let zoom = 1;
let current = 1;

const imageOf = (sheet) => sheet.querySelector("img");
const isSideways = (sheet) => sheet.dataset.turn === "90" || sheet.dataset.turn === "270";

function baseWidth() {
  const style = getComputedStyle(pane);
  const room = pane.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return Math.max(120, Math.min(room, 832));
}

// Only the pages in view: a document may have hundreds. The first image stays until the sharp one is there.
function sharpen() {
  for (const sheet of sheets) {
    const image = imageOf(sheet);
    const url = image.dataset.large;
    if (!url || image.clientWidth * devicePixelRatio <= SMALL * TOLERANCE || !heightSeen(sheet)) continue;
    delete image.dataset.large;
    const sharp = new Image();
    sharp.addEventListener("load", () => {
      image.src = url;
    });
    sharp.src = url;
  }
}

function draw() {
  const width = baseWidth() * zoom;
  for (const sheet of sheets) {
    const image = imageOf(sheet);
    const [w, h] = [Number(image.getAttribute("width")), Number(image.getAttribute("height"))];
    const ratio = isSideways(sheet) ? h / w : w / h;
    sheet.style.setProperty("--sheet-width", `${Math.round(width)}px`);
    sheet.style.setProperty("--sheet-ratio", String(ratio));
  }
  sharpen();
  const output = viewer.querySelector("[data-viewer-zoom]");
  output.textContent = `${Math.round(zoom * 100)} %`;
}

function setZoom(value) {
  // What is in the middle stays in the middle.
  const x = (pane.scrollLeft + pane.clientWidth / 2) / pane.scrollWidth;
  const y = (pane.scrollTop + pane.clientHeight / 2) / pane.scrollHeight;
  zoom = value;
  draw();
  pane.scrollTo(x * pane.scrollWidth - pane.clientWidth / 2, y * pane.scrollHeight - pane.clientHeight / 2);
}

function fit() {
  const sheet = sheets[current - 1];
  if (!sheet) return;
  const image = imageOf(sheet);
  const [w, h] = [Number(image.getAttribute("width")), Number(image.getAttribute("height"))];
  const ratio = isSideways(sheet) ? h / w : w / h;
  const whole = (pane.clientHeight - 32) * ratio / baseWidth();
  // The second press goes back to the full width.
  setZoom(Math.abs(zoom - whole) < 0.01 ? 1 : Math.min(whole, 1));
  sheet.scrollIntoView({ block: "start" });
}

function turn() {
  const sheet = sheets[current - 1];
  if (!sheet) return;
  const next = (Number(sheet.dataset.turn ?? 0) + 90) % 360;
  if (next) sheet.dataset.turn = String(next);
  else delete sheet.dataset.turn;
  draw();
  // A screen may want to keep the turn; it listens for this event.
  sheet.dispatchEvent(new CustomEvent("page-turned", { bubbles: true, detail: { page: current, turn: next } }));
}

const ACTIONS = {
  in: () => setZoom(STEPS.find((step) => step > zoom + 0.01) ?? STEPS.at(-1)),
  out: () => setZoom(STEPS.findLast((step) => step < zoom - 0.01) ?? STEPS[0]),
  fit,
  turn,
  next: () => goTo(current + 1),
  previous: () => goTo(current - 1),
};
const KEYS = { "+": "in", "=": "in", "-": "out", 0: "fit", r: "turn", n: "next", p: "previous" };

function showCurrent(number) {
  current = number;
  viewer.querySelector("[data-viewer-count]").textContent = `${number} / ${sheets.length}`;
  for (const thumb of viewer.querySelectorAll("[data-thumb]")) {
    const isCurrent = thumb.dataset.thumb === String(number);
    if (isCurrent) thumb.setAttribute("aria-current", "true");
    else thumb.removeAttribute("aria-current");
    if (isCurrent) {
      const strip = thumb.parentElement;
      const out = thumb.offsetTop < strip.scrollTop || thumb.offsetTop + thumb.offsetHeight > strip.scrollTop + strip.clientHeight;
      if (out) strip.scrollTop = thumb.offsetTop - strip.clientHeight / 3;
    }
  }
}

function heightSeen(sheet) {
  const [box, frame] = [sheet.getBoundingClientRect(), pane.getBoundingClientRect()];
  return Math.max(0, Math.min(box.bottom, frame.bottom) - Math.max(box.top, frame.top));
}

// The page that shows most is the one in view; between equals, the one that was asked for last.
function look() {
  if (!sheets.length) return;
  sharpen();
  const seen = sheets.map(heightSeen);
  const best = Math.max(...seen);
  if (best > seen[current - 1] + 1) showCurrent(seen.indexOf(best) + 1);
}

function goTo(number) {
  if (!sheets[number - 1]) return;
  sheets[number - 1].scrollIntoView({ block: "start" });
  showCurrent(number);
}

// ------------------------------------------------------------------ where a field was read

function clearPlace() {
  for (const mark of document.querySelectorAll("[data-viewer] .place")) mark.remove();
}

function showPlace(text, { scroll }) {
  clearPlace();
  const [page, x0, y0, x1, y1] = text.split(" ").map(Number);
  const sheet = sheets.find((one) => Number(one.dataset.page) === page);
  if (!sheet || [x0, y0, x1, y1].some(Number.isNaN)) return;
  const mark = document.createElement("div");
  mark.className = "place";
  // A little air around the words, so that the frame does not cut them.
  const air = 0.004;
  mark.style.left = `${(x0 - air) * 100}%`;
  mark.style.top = `${(y0 - air) * 100}%`;
  mark.style.width = `${(x1 - x0 + 2 * air) * 100}%`;
  mark.style.height = `${(y1 - y0 + 2 * air) * 100}%`;
  sheet.querySelector(".sheet-turn").append(mark);
  if (scroll) mark.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function placeOf(event) {
  return event.target.closest?.("[data-place]")?.dataset.place;
}

// The pages may arrive after the page: the viewer is looked for again after each swap.
function start() {
  const found = document.querySelector("section[data-viewer]");
  if (found === viewer) return;
  viewer = found;
  pane = viewer?.querySelector("[data-viewer-pages]") ?? null;
  sheets = pane ? [...pane.querySelectorAll("[data-page]")] : [];
  [zoom, current] = [1, 1];
  if (!sheets.length) return;
  draw();
  pane.addEventListener("scroll", () => requestAnimationFrame(look), { passive: true });
  new ResizeObserver(draw).observe(pane);
}

document.addEventListener("click", (event) => {
  if (!sheets.length || !viewer.contains(event.target)) return;
  const button = event.target.closest("button[data-viewer]");
  if (button) ACTIONS[button.dataset.viewer]?.();
  const thumb = event.target.closest("[data-thumb]");
  if (!thumb) return;
  event.preventDefault();
  goTo(Number(thumb.dataset.thumb));
});
document.addEventListener("keydown", (event) => {
  if (!sheets.length || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, dialog")) return;
  const action = KEYS[event.key];
  if (!action) return;
  event.preventDefault();
  ACTIONS[action]();
});
document.addEventListener("focusin", (event) => {
  const place = placeOf(event);
  if (place && sheets.length) showPlace(place, { scroll: true });
});
document.addEventListener("focusout", clearPlace);
// What the pointer is on comes first; then the field with the focus is shown again.
document.addEventListener("pointerover", (event) => {
  const place = placeOf(event);
  if (place && sheets.length) showPlace(place, { scroll: true });
});
document.addEventListener("pointerout", (event) => {
  if (!placeOf(event)) return;
  const place = document.activeElement?.closest("[data-place]")?.dataset.place;
  if (place && sheets.length) showPlace(place, { scroll: false });
  else clearPlace();
});
function again() {
  start();
  // The answer to an edit may have a place that the field had not.
  const place = document.activeElement?.closest("[data-place]")?.dataset.place;
  if (place && sheets.length) showPlace(place, { scroll: false });
}

document.addEventListener("htmx:afterSettle", again);
// Another document's pages may come in place of these without a reload.
document.addEventListener("document-shown", start);
start();
