// The table of pages: a document is a group of pages that follow each other. A cut parts a group, its absence joins two;
// a page that is moved goes into the group where it lands. Nothing is sent before the green button.

const form = document.getElementById("cutting");
const list = form?.querySelector("[data-cutting-pages]");
const isTyping = (element) => element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

// ------------------------------------------------------------------ state: groups of spots, and how each page is turned

const items = new Map([...(list?.querySelectorAll("[data-spot]") ?? [])].map((item) => [item.dataset.spot, item]));
const marks = [...(list?.querySelectorAll(".cutting-mark") ?? [])];
const ends = marks.map((mark) => mark.querySelector("input").value);
const turns = new Map();
const past = [];
let groups = [];

const flat = () => groups.flat();
const copy = () => ({ groups: groups.map((group) => [...group]), turns: new Map(turns) });

function readMarks() {
  groups = [[]];
  for (const spot of items.keys()) {
    groups.at(-1).push(spot);
    const mark = marks[ends.indexOf(spot)];
    if (mark?.querySelector("input").checked) groups.push([]);
  }
  groups = groups.filter((group) => group.length);
}

function change(act) {
  const before = copy();
  act();
  groups = groups.filter((group) => group.length);
  past.push(before);
  draw();
}

function undo() {
  const before = past.pop();
  if (!before) return;
  groups = before.groups;
  turns.clear();
  for (const [spot, turn] of before.turns) turns.set(spot, turn);
  draw();
}

const groupOf = (spot) => groups.findIndex((group) => group.includes(spot));

function toggleCut(spot) {
  const number = groupOf(spot);
  const group = groups[number];
  const behind = group.indexOf(spot) + 1;
  if (behind < group.length) change(() => groups.splice(number, 1, group.slice(0, behind), group.slice(behind)));
  else if (number + 1 < groups.length) change(() => groups.splice(number, 2, [...group, ...groups[number + 1]]));
}

function joinNext(spot) {
  const number = groupOf(spot);
  if (number + 1 < groups.length) change(() => groups.splice(number, 2, [...groups[number], ...groups[number + 1]]));
}

function turn(spot) {
  change(() => turns.set(spot, ((turns.get(spot) ?? 0) + 90) % 360));
}

function step(spot, by) {
  const number = groupOf(spot);
  const group = groups[number];
  const at = group.indexOf(spot);
  const to = at + by;
  if (to >= 0 && to < group.length) change(() => group.splice(to, 0, group.splice(at, 1)[0]));
  else if (groups[number + by]) change(() => {
    group.splice(at, 1);
    groups[number + by].splice(by < 0 ? groups[number + by].length : 0, 0, spot);
  });
}

function place(spot, target, side) {
  if (spot === target) return;
  change(() => {
    const from = groups[groupOf(spot)];
    from.splice(from.indexOf(spot), 1);
    const to = groups[groupOf(target)];
    to.splice(to.indexOf(target) + (side === "after" ? 1 : 0), 0, spot);
  });
}

// ---------------------------------------------------------------------------------------------------------------- drawing

const started = [...items.keys()];

function draw() {
  const focused = document.activeElement;
  const order = flat();
  const isMoved = order.some((spot, index) => list.children[index * 2] !== items.get(spot));
  if (isMoved) list.replaceChildren(...order.flatMap((spot, index) => [items.get(spot), marks[index]].filter(Boolean)));
  if (isMoved && list.contains(focused)) focused.focus();
  groups.forEach((group, number) => {
    group.forEach((spot, index) => {
      const item = items.get(spot);
      item.dataset.parity = String(number % 2);
      item.querySelector("[data-cutting-group]").textContent = `${number + 1} · ${index + 1}/${group.length}`;
      const thumb = item.querySelector("[data-thumb]");
      thumb.dataset.turn = String(turns.get(spot) ?? 0);
      thumb.setAttribute("aria-label", `${item.dataset.label} (${number + 1}: ${index + 1}/${group.length})`);
    });
  });
  const lasts = new Set(groups.map((group) => group.at(-1)));
  marks.forEach((mark, index) => {
    mark.querySelector("input").checked = lasts.has(order[index]);
    const wasHere = started[index] === order[index] && started[index + 1] === order[index + 1];
    mark.classList.toggle("is-moved", !wasHere);
  });
  const count = form.querySelector("[data-cutting-count]");
  count.textContent = groups.length === 1 ? count.dataset.one : count.dataset.several.replace("#", groups.length);
  form.querySelector("[data-cutting=undo]").disabled = past.length === 0;
  form.elements.layout.value = groups
    .map((group) => group.map((spot) => (turns.get(spot) ? `${spot}r${turns.get(spot)}` : spot)).join(","))
    .join("|");
}

// ------------------------------------------------------------------------------------------------------------------- hands

function at(element) {
  const item = element.closest?.("[data-spot]");
  if (item) return item.dataset.spot;
  const mark = marks.indexOf(element.closest?.(".cutting-mark"));
  return mark >= 0 ? flat()[mark] : flat()[0];
}

function walk(spot, key) {
  const order = flat();
  const here = items.get(spot).getBoundingClientRect();
  let next = order[order.indexOf(spot) + { ArrowRight: 1, ArrowLeft: -1 }[key]];
  if (key === "ArrowUp" || key === "ArrowDown") {
    const isBeyond = (box) => (key === "ArrowDown" ? box.top >= here.bottom - 1 : box.bottom <= here.top + 1);
    const distance = (box) => Math.abs(box.left - here.left) + Math.abs(box.top - here.top) * 4;
    [next] = order
      .map((other) => [other, items.get(other).getBoundingClientRect()])
      .filter(([, box]) => isBeyond(box))
      .sort(([, one], [, other]) => distance(one) - distance(other))
      .map(([other]) => other);
  }
  items.get(next)?.querySelector("[data-thumb]").focus();
}

const keys = { x: toggleCut, Enter: toggleCut, j: joinNext, r: turn };

function onTableKey(event) {
  const isOnTool = event.target.closest("button:not([data-thumb]), a, input");
  const spot = at(event.target);
  const isArrow = event.key.startsWith("Arrow");
  if (event.key === "u" || (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey))) undo();
  else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (isArrow && event.shiftKey && !event.key.match(/Up|Down/)) step(spot, event.key === "ArrowRight" ? 1 : -1);
  else if (isArrow) walk(spot, event.key);
  else if (event.key in keys && !(event.key === "Enter" && isOnTool)) keys[event.key](spot);
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  if (!(event.target instanceof Element) || document.querySelector("dialog:modal, [popover]:popover-open")) return;
  if (isTyping(event.target)) return;
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (form && event.key === "Escape") form.querySelector("[data-key=Escape]").click();
  else if (form) onTableKey(event);
  else if (event.key === "u" || (event.key === "z" && (event.ctrlKey || event.metaKey))) {
    document.querySelector("[data-key-press=u]")?.click();
  }
});

function clearDrop() {
  for (const item of items.values()) item.classList.remove("is-before", "is-after");
}

function sideOf(item, event) {
  const box = item.getBoundingClientRect();
  return event.clientX < box.left + box.width / 2 ? "before" : "after";
}

// A finger holds a page for a moment to pick it up, so that a quick stroke still scrolls the table.
const HOLD = 300;
const SLIP = 10;
const EDGE = 70;

function byFinger() {
  let held = null;
  const under = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-spot]");
  const sheetOf = (item) => item.querySelector(".cutting-sheet");
  const end = () => {
    if (!held) return;
    clearTimeout(held.timer);
    held.item.classList.remove("is-dragged");
    sheetOf(held.item).draggable = true;
    held = null;
    clearDrop();
  };
  list.addEventListener("pointerdown", (event) => {
    end();
    const item = event.target.closest("[data-spot]");
    if (event.pointerType === "mouse" || !event.isPrimary || !item || event.target.closest("[data-cutting]")) return;
    // A browser's own drag by a long press would take the finger away.
    sheetOf(item).draggable = false;
    held = { item, x: event.clientX, y: event.clientY, isUp: false };
    held.timer = setTimeout(() => {
      held.isUp = true;
      item.classList.add("is-dragged");
    }, HOLD);
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || event.pointerType === "mouse") return;
    if (!held.isUp) {
      if (Math.hypot(event.clientX - held.x, event.clientY - held.y) > SLIP) end();
      return;
    }
    const item = under(event);
    clearDrop();
    if (item && item !== held.item) item.classList.add(`is-${sideOf(item, event)}`);
    if (event.clientY < EDGE) window.scrollBy(0, -EDGE / 4);
    if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, EDGE / 4);
  });
  document.addEventListener("pointerup", (event) => {
    const item = held?.isUp ? under(event) : null;
    if (item) place(held.item.dataset.spot, item.dataset.spot, sideOf(item, event));
    end();
  });
  document.addEventListener("pointercancel", end);
  list.addEventListener("touchmove", (event) => held?.isUp && event.preventDefault(), { passive: false });
  list.addEventListener("contextmenu", (event) => held && event.preventDefault());
}

if (form) {
  readMarks();
  draw();
  let dragged = "";
  list.addEventListener("change", (event) => {
    const mark = marks.indexOf(event.target.closest(".cutting-mark"));
    if (mark >= 0) toggleCut(flat()[mark]);
  });
  form.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-cutting]");
    if (!tool) return;
    const spot = at(tool);
    if (tool.dataset.cutting === "undo") undo();
    if (tool.dataset.cutting === "turn") turn(spot);
    if (tool.dataset.cutting === "earlier") step(spot, -1);
    if (tool.dataset.cutting === "later") step(spot, 1);
  });
  list.addEventListener("dragstart", (event) => {
    const item = event.target.closest("[data-spot]");
    if (!item) return;
    dragged = item.dataset.spot;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged);
    item.classList.add("is-dragged");
  });
  list.addEventListener("dragover", (event) => {
    const item = event.target.closest("[data-spot]");
    if (!dragged || !item) return;
    event.preventDefault();
    clearDrop();
    item.classList.add(`is-${sideOf(item, event)}`);
  });
  list.addEventListener("drop", (event) => {
    const item = event.target.closest("[data-spot]");
    if (!dragged || !item) return;
    event.preventDefault();
    place(dragged, item.dataset.spot, sideOf(item, event));
  });
  list.addEventListener("dragend", () => {
    items.get(dragged)?.classList.remove("is-dragged");
    dragged = "";
    clearDrop();
  });
  byFinger();
  items.get(flat()[0])?.querySelector("[data-thumb]").focus();
}
