// What was typed and left before the page was ready is saved too: the browser told nobody of it then.

const isTouched = (control) =>
  control.matches("select")
    ? [...control.options].some((option) => option.selected !== option.defaultSelected && option.defaultSelected)
    : control.value !== control.defaultValue;

addEventListener("load", () => {
  for (const control of document.querySelectorAll("[data-autosave] :is(input:not([type=hidden]), select)")) {
    if (control !== document.activeElement && isTouched(control)) htmx.trigger(control, "change");
  }
});
