// The VAT table is saved when a row is left, not with every cell of it; what is being typed in another row meanwhile stays.

const tableOf = (element) => element?.closest?.("#vat-table");
let typed = null;

document.addEventListener("input", (event) => tableOf(event.target)?.setAttribute("data-changed", ""));
document.addEventListener("focusout", (event) => {
  const table = tableOf(event.target);
  const row = event.target.closest?.("tr");
  if (!table?.hasAttribute("data-changed") || row.contains(event.relatedTarget)) return;
  table.removeAttribute("data-changed");
  htmx.trigger(table, "row-left");
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const table = event.detail.target;
  const row = table?.id === "vat-table" ? document.activeElement?.closest?.("#vat-table tr") : null;
  typed = row ? [...row.querySelectorAll("input[id]")].map((input) => [input.id, input.value, input.defaultValue]) : null;
});
document.addEventListener("htmx:afterSettle", () => {
  for (const [id, value, before] of typed ?? []) {
    const input = document.getElementById(id);
    if (!input || value === before) continue;
    input.value = value;
    tableOf(input).setAttribute("data-changed", "");
  }
  typed = null;
});
