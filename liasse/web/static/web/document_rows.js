// Rows that a person types (VAT by rate, the lines): all of a table are saved when a row is left, not with every cell of it. What is
// typed in another row meanwhile stays, and is saved next. Enter goes to the same cell of the next row, of a blank one to the first; u
// takes the last change back.

const tableOf = (element) => element?.closest?.("[data-typed-rows]");
const rowOf = (element) => element?.closest?.("[data-typed-rows] [data-row]");
const rowsOf = (table) => [...table.querySelectorAll("[data-row]")];
const cellsOf = (row) => [...row.querySelectorAll("input[id]")];
const valuesOf = (row) => cellsOf(row).map((cell) => cell.value);
const drawnOf = (row) => cellsOf(row).map((cell) => cell.defaultValue);
const isBlank = (values) => values.every((value) => !value.trim());

// While an answer is awaited, rows wait for it: it draws the table anew.
function save(table) {
  if (!onWay.has(table.id)) htmx.trigger(table, "row-left");
}

const onWay = new Set();
let sent = new Map(); // a table's id → which rows it was sent with that are blank, and so are gone in the answer
let kept = null; // what waits for the answer to be drawn: rows still to be saved, and the cell that had the focus

function fill(row, values) {
  cellsOf(row).forEach((cell, at) => {
    cell.value = values[at] ?? "";
  });
  row.dataset.changed = "";
}

function number(table) {
  rowsOf(table).forEach((row, at) => {
    for (const input of row.querySelectorAll("input")) {
      for (const name of ["name", "id"]) if (input[name]) input[name] = input[name].replace(/-\d+-/, `-${at}-`);
    }
    for (const named of [row, ...row.querySelectorAll("[aria-label]")].filter((one) => one.ariaLabel)) {
      named.ariaLabel = named.ariaLabel.replace(/\d+$/, String(at + 1));
    }
  });
}

// ------------------------------------------------------------------ typing and leaving

document.addEventListener("input", (event) => {
  const row = rowOf(event.target);
  if (row) row.dataset.changed = "";
});

document.addEventListener("focusout", (event) => {
  const row = rowOf(event.target);
  if (row && "changed" in row.dataset && !row.contains(event.relatedTarget)) save(tableOf(row));
});

document.addEventListener("keydown", (event) => {
  const row = event.key === "Enter" && event.target.matches("input") && rowOf(event.target);
  if (!row || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  event.preventDefault();
  const rows = rowsOf(tableOf(row));
  const [at, cell] = [rows.indexOf(row), cellsOf(row).indexOf(event.target)];
  if (rows[at + 1]) cellsOf(rows[at + 1])[isBlank(valuesOf(rows[at + 1])) ? 0 : cell].select();
  else if (!isBlank(valuesOf(row))) {
    // The next row comes with the answer; one that is just being drawn has what was typed here still to be filled in.
    kept = { ...kept, focus: cellsOf(row)[0].id.replace(/-\d+-/, `-${at + 1}-`) };
    save(tableOf(row));
  }
});

// ------------------------------------------------------------------ taking a row away, and taking that back

document.addEventListener("click", (event) => {
  const row = event.target.closest?.("[data-remove-row]") && rowOf(event.target);
  if (!row) return;
  fill(row, []);
  row.hidden = true;
  const rows = rowsOf(tableOf(row)).filter((other) => !other.hidden);
  cellsOf(rows.find((other) => row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) ?? rows.at(-1))[0].focus();
  save(tableOf(row));
});

function remember(table, row, at) {
  const [before, after] = [drawnOf(row), valuesOf(row)];
  if (before.join("\n") === after.join("\n")) return;
  const act = () => {
    const now = document.getElementById(table.id);
    const rows = now ? rowsOf(now) : [];
    if (!rows[at]) return;
    let back = rows[at];
    if (isBlank(after)) {
      // Where it was; what stood behind it moves on.
      back = rows.at(-1).cloneNode(true);
      for (const input of back.querySelectorAll("input")) [input.value, input.defaultValue] = ["", ""];
      rows[at].before(back);
      number(now);
    }
    fill(back, before);
    save(now);
  };
  document.dispatchEvent(new CustomEvent("undo-step", { detail: { act, isOfPage: true } }));
}

// ------------------------------------------------------------------ sending and being answered

let isUndoing = false;
document.addEventListener("undoing", () => {
  isUndoing = true;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const table = event.detail.target;
  if (!table?.matches?.("[data-typed-rows]")) return;
  onWay.add(table.id);
  const rows = rowsOf(table);
  sent.set(table.id, rows.slice(0, -1).flatMap((row, at) => (isBlank(valuesOf(row)) ? [at] : [])));
  rows.forEach((row, at) => {
    if (!("changed" in row.dataset)) return;
    delete row.dataset.changed;
    if (!isUndoing) remember(table, row, at);
  });
  isUndoing = false;
});

document.addEventListener("htmx:afterRequest", (event) => onWay.delete(event.detail.target?.id));
// The server was away: `document.js` asks for it again by a change.
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => event.detail.target?.matches?.("[data-typed-rows]") && event.detail.target.setAttribute("data-failed", ""));
}
document.addEventListener("change", (event) => {
  const table = tableOf(event.target);
  if (!table || !("failed" in table.dataset)) return;
  delete table.dataset.failed;
  save(table);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const table = event.detail.target;
  if (!table?.matches?.("[data-typed-rows]")) return;
  // What was refused is drawn as it was sent.
  const gone = event.detail.xhr.status === 200 ? (sent.get(table.id) ?? []) : [];
  const moved = (at) => at - gone.filter((other) => other < at).length;
  const rows = rowsOf(table).map((row, at) => ({ at: moved(at), values: valuesOf(row), isChanged: "changed" in row.dataset }));
  const here = rowOf(document.activeElement);
  const focus = here && document.activeElement.id.replace(/-\d+-/, `-${moved(rowsOf(table).indexOf(here))}-`);
  kept = { id: table.id, rows: rows.filter((row) => row.isChanged), focus: kept?.focus ?? focus };
});

document.addEventListener("htmx:afterSettle", () => {
  if (!kept?.id) return;
  const { id, rows, focus } = kept;
  kept = null;
  const table = document.getElementById(id);
  if (!table) return;
  for (const { at, values } of rows) if (rowsOf(table)[at]) fill(rowsOf(table)[at], values);
  const cell = focus && document.getElementById(focus);
  if (cell && cell !== document.activeElement && table.contains(cell)) cell.focus();
  const here = rowOf(document.activeElement);
  // The one before is over only behind this.
  if (rowsOf(table).some((row) => "changed" in row.dataset && row !== here)) setTimeout(() => table.isConnected && save(table), 0);
});
document.addEventListener("document-shown", () => {
  onWay.clear();
  [sent, kept] = [new Map(), null];
});
