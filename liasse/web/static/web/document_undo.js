// Takes back what was just changed: u, or Alt and u while typing. What is taken back is sent like any other change.

const CONTROL = "input:not([type=hidden]), select, textarea";
const area = () => document.getElementById("fields");
const sentences = () => document.getElementById("document-sentences").dataset;
const say = (text, tone = "ok") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone } }));
const fieldOf = (name) => area()?.querySelector(`[data-name="${CSS.escape(name)}"]`);

// Each step is { values, back }: texts to be sent again, and fields in which what was read stands again; or { act }.
let steps = [];

function stateOf(names) {
  const step = { values: {}, back: [] };
  for (const name of names) {
    const field = fieldOf(name);
    const isOwn = field?.querySelector("[data-source=person]");
    const control = field?.querySelector(CONTROL);
    const drawn = control?.matches("select")
      ? ([...control.options].find((option) => option.defaultSelected)?.value ?? "")
      : (control?.defaultValue ?? "");
    if (isOwn) step.values[name] = drawn;
    else step.back.push(name);
  }
  return step;
}

// Sent from within the fields, so that it queues behind what is being saved and waits for its answer like it.
function send(values, back = []) {
  const form = document.createElement("form");
  form.hidden = true;
  form.setAttribute("hx-post", area().dataset.fieldsUrl);
  form.setAttribute("hx-trigger", "send");
  form.setAttribute("hx-swap", "none");
  form.setAttribute("hx-sync", "closest .doc-fields:queue all");
  form.setAttribute("hx-include", "#version");
  for (const [name, value] of [...Object.entries(values), ...back.map((name) => ["take_back", name])]) {
    const input = document.createElement("input");
    input.type = "hidden";
    [input.name, input.value] = [name, value];
    form.append(input);
  }
  area().append(form);
  htmx.process(form);
  form.addEventListener("htmx:afterRequest", () => setTimeout(() => form.remove(), 500));
  htmx.trigger(form, "send");
}

function undo() {
  const step = steps.pop();
  if (!step) return say(sentences().nothingToUndo);
  if (step.act) {
    document.dispatchEvent(new CustomEvent("undoing"));
    step.act();
    if (step.isOfPage) say(sentences().undone);
    return;
  }
  send(step.values, step.back);
  say(sentences().undone);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const name = event.detail.target?.dataset?.name;
  if (name && fieldOf(name) === event.detail.target && event.detail.elt === event.detail.target) {
    if (area().dataset.fieldsUrl && !["owner", "note", "side"].includes(name)) steps.push(stateOf([name]));
  }
});
// What was refused changed nothing.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.target?.dataset?.name && !event.detail.successful) steps.pop();
});
document.addEventListener("fields-chosen", (event) => {
  steps.push(stateOf(Object.keys(event.detail.values)));
  send(event.detail.values);
});
document.addEventListener("undo-step", (event) => steps.push(event.detail));
document.addEventListener("document-shown", () => {
  // Of the document before only its move can still be taken back.
  steps = steps.filter((step) => step.act && !step.isOfPage);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take-back]");
  if (button) send({}, [button.dataset.takeBack]);
});

// Before the page's own keys: what was typed here is taken back before a whole cutting is.
document.addEventListener(
  "keydown",
  (event) => {
    if (!area()?.dataset.fieldsUrl || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    if (document.querySelector("dialog:modal, [popover]:popover-open")) return;
    const isTyping = event.target.closest?.("input, select, textarea");
    if (isTyping ? !(event.altKey && event.code === "KeyU") : event.altKey || event.key !== "u") return;
    if (!isTyping && document.querySelector("[data-key-press=u]") && !steps.length) return;
    event.preventDefault();
    undo();
  },
  true,
);
