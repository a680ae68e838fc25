// Lists by keyboard: j and k walk the rows, Enter opens, x or Space ticks, / searches, ? shows the keys.
// The row's own link (.row-link) takes the focus, so a screen reader reads the row and Enter needs no script.

const rowLinks = () => [...document.querySelectorAll("[data-rows] .row-link")].filter((link) => link.offsetParent);
const rowOf = (element) => element?.closest?.("[data-rows] tbody tr");

function walk(by) {
  const links = rowLinks();
  const row = rowOf(document.activeElement);
  const at = links.findIndex((link) => rowOf(link) === row);
  const next = row && at >= 0 ? Math.min(Math.max(at + by, 0), links.length - 1) : 0;
  const link = links[next];
  if (!link) return;
  // The keyboard's own mark is wanted, even after a click.
  link.focus({ focusVisible: true, preventScroll: true });
  rowOf(link).scrollIntoView({ block: "nearest" });
  // Near the end, the next rows are fetched before they are needed.
  if (next >= links.length - 2) document.querySelector("[data-rows] [data-more]")?.click();
}

function tick(row) {
  const box = row?.querySelector("[data-tick]");
  if (!box) return false;
  box.click();
  return true;
}

const isTyping = (element) =>
  element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio])");

// Only what works on this screen, as it is now.
function showKeys() {
  const dialog = document.getElementById("keys");
  for (const key of dialog?.querySelectorAll("[data-key-for]") ?? []) {
    const isThere = Boolean(document.querySelector(key.dataset.keyFor));
    key.hidden = key.nextElementSibling.hidden = !isThere;
  }
  dialog?.showModal();
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  x: () => tick(rowOf(document.activeElement)),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": showKeys,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (!(event.target instanceof Element) || document.querySelector("dialog:modal, [popover]:popover-open")) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape" && event.target.matches("[data-search]")) rowLinks()[0]?.focus({ focusVisible: true });
    return;
  }
  if (event.key === " " && event.target.matches(".row-link")) {
    if (tick(rowOf(event.target))) event.preventDefault();
    return;
  }
  const act = KEYS[event.key];
  if (!act || ("jkx".includes(event.key) && !document.querySelector("[data-rows]"))) return;
  event.preventDefault();
  act();
});

// The whole row opens what its link opens, except where it has something of its own to press.
document.addEventListener("click", (event) => {
  const row = rowOf(event.target);
  if (!row?.dataset.href || event.defaultPrevented || getSelection()?.toString()) return;
  if (event.target.closest("a, button, input, label, select, [popover]")) return;
  if (event.ctrlKey || event.metaKey) open(row.dataset.href, "_blank", "noopener");
  else row.querySelector(".row-link")?.click();
});

// `display` on a row takes the table's roles away; stacked tables say them.
function giveRoles() {
  for (const table of document.querySelectorAll("table.table-stack")) {
    table.setAttribute("role", "table");
    for (const part of table.querySelectorAll("thead, tbody")) part.setAttribute("role", "rowgroup");
    for (const row of table.querySelectorAll("tr")) row.setAttribute("role", "row");
    for (const cell of table.querySelectorAll("td")) cell.setAttribute("role", "cell");
    for (const head of table.querySelectorAll("th")) {
      head.setAttribute("role", head.closest("thead") ? "columnheader" : "rowheader");
    }
  }
}

document.addEventListener("htmx:afterSettle", giveRoles);
giveRoles();
