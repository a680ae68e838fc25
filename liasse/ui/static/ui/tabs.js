// Tabs that do not fit scroll sideways: the current one is brought into sight.

function show(root) {
  for (const tabs of root.querySelectorAll(".tabs")) {
    const current = tabs.querySelector("[aria-current]");
    if (!current || tabs.scrollWidth <= tabs.clientWidth) continue;
    const at = current.getBoundingClientRect();
    const box = tabs.getBoundingClientRect();
    // Half of a neighbour stays in sight, so that one sees that there is more.
    tabs.scrollLeft += at.left - box.left - (box.width - at.width) / 2;
  }
}

show(document);
document.addEventListener("htmx:afterSwap", (event) => show(event.detail.target ?? document));
