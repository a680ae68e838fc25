// Where on the page each field was read: a quiet frame that lights its field up, and leads to it.

const fieldOf = (name) => document.querySelector(`#fields [data-name="${CSS.escape(name)}"]`);
const AIR = 0.003;

function draw() {
  for (const spot of document.querySelectorAll(".spot")) spot.remove();
  const drawn = new Set();
  for (const field of document.querySelectorAll("#fields [data-name][data-place]")) {
    const [page, x0, y0, x1, y1] = field.dataset.place.split(" ").map(Number);
    const sheet = document.querySelector(`[data-viewer-pages] [data-page="${page}"] .sheet-turn`);
    if (!sheet || [x0, y0, x1, y1].some(Number.isNaN)) continue;
    // What was derived from a value stands where that value stands; the first field is enough.
    if (drawn.has(field.dataset.place)) continue;
    drawn.add(field.dataset.place);
    const spot = document.createElement("div");
    spot.className = field.dataset.doubt ? "spot is-unsure" : "spot";
    spot.dataset.spot = field.dataset.name;
    spot.title = field.querySelector("label")?.textContent.trim() ?? "";
    spot.style.left = `${(x0 - AIR) * 100}%`;
    spot.style.top = `${(y0 - AIR) * 100}%`;
    spot.style.width = `${(x1 - x0 + 2 * AIR) * 100}%`;
    spot.style.height = `${(y1 - y0 + 2 * AIR) * 100}%`;
    sheet.append(spot);
  }
}

function light(spot, isLit) {
  const field = spot && fieldOf(spot.dataset.spot);
  if (!field) return;
  field.classList.toggle("is-lit", isLit);
  if (isLit && field.checkVisibility()) field.scrollIntoView({ block: "nearest" });
}

document.addEventListener("pointerover", (event) => light(event.target.closest?.("[data-spot]"), true));
document.addEventListener("pointerout", (event) => light(event.target.closest?.("[data-spot]"), false));

// A click that took no word leads to the field that was read here.
document.addEventListener("page-clicked", (event) => {
  const spot = event.detail.target.closest("[data-spot]");
  if (spot) focus(spot.dataset.spot);
});

function focus(name) {
  const field = fieldOf(name);
  field?.closest("details")?.setAttribute("open", "");
  document.querySelector("[data-pane][value=fields]")?.click();
  field?.querySelector("input:not([type=hidden]), select, textarea")?.focus({ focusVisible: true });
}

document.addEventListener("htmx:afterSettle", draw);
document.addEventListener("document-shown", draw);
document.addEventListener("places-found", draw);
draw();
