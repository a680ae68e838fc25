// Menus (popovers beside their button, walked with the arrows) and Liste des dossiers.

const GAP = 4;
const EDGE = 8;

function place(panel, button) {
  const at = button.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const below = at.bottom + GAP + size.height <= innerHeight - EDGE;
  const top = below ? at.bottom + GAP : Math.max(EDGE, at.top - GAP - size.height);
  const wanted = at.left + size.width <= innerWidth - EDGE ? at.left : at.right - size.width;
  panel.style.top = `${top}px`;
  panel.style.left = `${Math.max(EDGE, wanted)}px`;
}

function onToggle(event) {
  const panel = event.target;
  if (!(panel instanceof HTMLElement) || !panel.hasAttribute("popover")) return;
  const isOpen = event.newState === "open";
  const button = document.querySelector(`[popovertarget="${CSS.escape(panel.id)}"]`);
  button?.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) return;
  if (panel.hasAttribute("data-menu") && button) {
    panel.dataset.placed = "";
    place(panel, button);
    panel.querySelector("a, button")?.focus({ preventScroll: true });
  }
  if (panel.hasAttribute("data-files-panel")) {
    const search = panel.querySelector("input[type=search]");
    if (button) panel.style.top = `${button.getBoundingClientRect().bottom + GAP}px`;
    search.value = "";
    search.focus();
    htmx.trigger(search, "files-open");
  }
}

function step(items, by) {
  const at = items.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : items.length - 1) : (at + by + items.length) % items.length;
  items[next]?.focus();
}

function onKey(event) {
  const panel = event.target.closest?.("[data-menu], [data-files-panel]");
  if (!panel || event.ctrlKey || event.metaKey || event.altKey) return;
  const isSearch = event.target.matches("input[type=search]");
  const items = [...panel.querySelectorAll("a, button, input[type=search]")].filter((item) => !item.disabled);
  if (event.key === "ArrowDown") step(items, 1);
  else if (event.key === "ArrowUp") step(items, -1);
  else if (event.key === "Home" && !isSearch) items[0]?.focus();
  else if (event.key === "End" && !isSearch) items.at(-1)?.focus();
  else if (event.key === "Enter" && isSearch) panel.querySelector("a")?.click();
  else return;
  event.preventDefault();
}

// `toggle` does not bubble; it is caught on its way down.
document.addEventListener("toggle", onToggle, true);
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  // Choosing closes: an item that opens the window must not stay behind it.
  const item = event.target.closest("[data-menu] .menu-item");
  if (item) item.closest("[popover]").hidePopover();
});
// A menu is placed once; when what it hangs on moves, it goes.
addEventListener("resize", () => {
  for (const panel of document.querySelectorAll("[data-menu]:popover-open")) panel.hidePopover();
});
document.addEventListener(
  "scroll",
  (event) => {
    for (const panel of document.querySelectorAll("[data-menu]:popover-open")) {
      if (!panel.contains(event.target)) panel.hidePopover();
    }
  },
  true,
);
