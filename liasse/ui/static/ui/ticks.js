// Choosing several: in each [data-tick-group], [data-tick-all] ticks every [data-tick] and is half ticked when some are;
// shift ticks a range; [data-selection] shows while something is ticked and tells how many.

const words = () => document.getElementById("sentences").dataset;
let last = null;

const ticksOf = (group) => [...group.querySelectorAll("[data-tick]")].filter((tick) => !tick.disabled);

function refresh(group) {
  const ticks = ticksOf(group);
  const count = ticks.filter((tick) => tick.checked).length;
  const all = group.querySelector("[data-tick-all]");
  if (all) {
    all.checked = count > 0 && count === ticks.length;
    all.indeterminate = count > 0 && count < ticks.length;
    all.disabled = ticks.length === 0;
  }
  const bar = group.querySelector("[data-selection]");
  if (!bar) return;
  bar.hidden = count === 0;
  const text = (count === 1 ? words().selectedOne : words().selectedMany).replace("{n}", String(count));
  for (const place of bar.querySelectorAll("[data-selection-count]")) place.textContent = text;
}

function refreshAll() {
  for (const group of document.querySelectorAll("[data-tick-group]")) refresh(group);
}

function range(group, from, to) {
  const ticks = ticksOf(group);
  const [start, end] = [ticks.indexOf(from), ticks.indexOf(to)].sort((a, b) => a - b);
  if (start < 0) return;
  for (const tick of ticks.slice(start, end + 1)) tick.checked = to.checked;
}

document.addEventListener("click", (event) => {
  const group = event.target.closest?.("[data-tick-group]");
  if (!group) return;
  if (event.target.matches("[data-tick-all]")) {
    for (const tick of ticksOf(group)) tick.checked = event.target.checked;
  } else if (event.target.matches("[data-tick]")) {
    if (event.shiftKey && last?.isConnected) range(group, last, event.target);
    last = event.target;
  } else if (event.target.closest("[data-selection-clear]")) {
    for (const tick of ticksOf(group)) tick.checked = false;
  } else return;
  refresh(group);
});
document.addEventListener("ticks-changed", refreshAll);
document.addEventListener("htmx:afterSettle", refreshAll);
addEventListener("pageshow", refreshAll);
refreshAll();
