// The words of a page go into the field that was chosen: by a click or a tap, by dragging over several, by Shift and a click for
// one more, or by keyboard (w, or Alt and w while typing). A field's form takes what belongs to the word along: the rest of a date.

const CONTROL = "input:not([type=hidden]), textarea";
const NEAR = 3;
const DRAGGED = 6;

const area = () => document.getElementById("fields");
const sentences = () => document.getElementById("document-sentences").dataset;
const announce = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));
const say = (text) => document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));

let pages = new Map(); // number → promise of words
let chosen = null; // the id of the control that words go into
let drag = null;
let walk = null; // the keyboard's place: { page, at }

// A field of the document, or a cell of its VAT table or of a line: that has no field of its own around it.
const controlOf = () => (chosen ? document.getElementById(chosen) : null);
const fieldOf = (control) => control?.closest("[data-name]");
const formOf = (control) => fieldOf(control)?.dataset.form ?? control?.dataset.form ?? "amount";
const placeOf = (control) => fieldOf(control)?.dataset.place?.split(" ").map(Number);
const labelOf = (control) => control?.labels?.[0]?.textContent.trim() || control?.getAttribute("aria-label") || "";
const sheetOf = (page) => document.querySelector(`[data-viewer-pages] [data-page="${page}"]`);

function wordsOf(page) {
  const url = area()?.dataset.wordsUrl;
  if (!url) return Promise.resolve([]);
  if (!pages.has(page)) {
    const asked = fetch(`${url}?page=${page}`, { headers: { Accept: "application/json" } })
      .then((response) => (response.ok ? response.json() : { words: [] }))
      .then((found) => found.words.map(([text, x0, y0, x1, y1], at) => ({ text, x0, y0, x1, y1, at, page })))
      .catch(() => {
        pages.delete(page);
        return [];
      });
    pages.set(page, asked);
  }
  return pages.get(page);
}

// ------------------------------------------------------------------ where the pointer is

// As a fraction of the page, also where the page is turned.
function spotOf(event, sheet) {
  const box = sheet.querySelector(".sheet-turn").getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  return { 90: [y, 1 - x], 180: [1 - x, 1 - y], 270: [1 - y, x] }[sheet.dataset.turn] ?? [x, y];
}

function wordAt(words, [x, y]) {
  const slack = 0.002;
  return words.find((word) => x >= word.x0 - slack && x <= word.x1 + slack && y >= word.y0 - slack && y <= word.y1 + slack);
}

function mark(words, kind) {
  for (const old of document.querySelectorAll(`.word-mark.${kind}`)) old.remove();
  for (const word of words) {
    const box = document.createElement("div");
    box.className = `word-mark ${kind}`;
    box.style.left = `${word.x0 * 100}%`;
    box.style.top = `${word.y0 * 100}%`;
    box.style.width = `${(word.x1 - word.x0) * 100}%`;
    box.style.height = `${(word.y1 - word.y0) * 100}%`;
    sheetOf(word.page)?.querySelector(".sheet-turn").append(box);
  }
}

// ------------------------------------------------------------------ what belongs to a word

const middle = (word) => (word.y0 + word.y1) / 2;

function lineOf(words, word) {
  return words
    .filter((other) => middle(other) > word.y0 && middle(other) < word.y1)
    .sort((one, other) => one.x0 - other.x0);
}

// The words of a line without a wide gap around one of them.
function runOf(words, word) {
  const line = lineOf(words, word);
  const letter = Math.max((word.x1 - word.x0) / Math.max(word.text.length, 1), 0.003);
  const here = line.indexOf(word);
  let [from, to] = [here, here];
  while (from > 0 && line[from].x0 - line[from - 1].x1 < NEAR * letter) from -= 1;
  while (to < line.length - 1 && line[to + 1].x0 - line[to].x1 < NEAR * letter) to += 1;
  return { run: line.slice(from, to + 1), here: here - from };
}

const compact = (text) => text.replace(/[\s.\-/]/g, "").toUpperCase();
const digits = (text) => text.replace(/\D/g, "");
// OCR takes letters for figures.
const mended = (text) => (/\d/.test(text) ? text.replace(/[Oo]/g, "0").replace(/[Il|]/g, "1") : text);
const AMOUNT = /^[-−–(]?\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})*(?:[.,]\d{1,2})?\)?-?$|^[-−–(]?\d+(?:[.,]\d{1,2})?\)?-?$/;
const DAY = [
  /^\d{1,2} ?[./-] ?\d{1,2} ?[./-] ?(?:\d{4}|\d{2})$/,
  /^\d{4}[./-]\d{1,2}[./-]\d{1,2}$/,
  /^\d{1,2}(?:er|st|nd|rd|th|\.)?[ -](?:de )?\p{L}{3,10}\.?[ ,-]{1,2}(?:de )?(?:\d{4}|\d{2})$/iu,
  /^\p{L}{3,10}\.? \d{1,2},? \d{4}$/iu,
];
const edge = (text) => text.replace(/^[\s:;,«“"(]+|[\s:;,»”")]+$/g, "");
const money = (text) => mended(text).replace(/€|\$|£|EUR|USD|GBP|CHF/gi, "").trim();

// Each gives the value that a run of words is, or nothing.
const FORMS = {
  amount: (text) => (AMOUNT.test(money(text)) ? money(text) : ""),
  date: (text) => (DAY.some((form) => form.test(edge(text))) ? edge(text) : ""),
  iban: (text) => (/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(compact(text)) ? compact(text) : ""),
  vat: (text) => (/^[A-Z]{2,3}[A-Z0-9]{8,12}$/.test(compact(text)) && digits(text).length > 6 ? compact(text) : ""),
  siren: (text) => (/^[\d\s.]+$/.test(text) && digits(text).length === 9 ? digits(text) : ""),
  siret: (text) => (/^[\d\s.]+$/.test(text) && digits(text).length === 14 ? digits(text) : ""),
  last4: (text) => (/\d{4}$/.test(edge(text)) ? edge(text).slice(-4) : ""),
  currency: (text) => (/^(?:€|\$|£|[A-Z]{3})$/i.test(edge(text)) ? edge(text) : ""),
};
const LONGEST = { amount: 5, date: 5, iban: 9, vat: 5, siren: 5, siret: 6 };

// The longest run around a word that has the field's form; the word itself where none has.
function taken(words, word, form) {
  const judge = FORMS[form];
  if (!judge) return { text: edge(word.text), words: [word] };
  const { run, here } = runOf(words, word);
  let best = null;
  const most = LONGEST[form] ?? 1;
  for (let from = Math.max(0, here - most + 1); from <= here; from += 1) {
    for (let to = here; to < Math.min(run.length, from + most); to += 1) {
      const part = run.slice(from, to + 1);
      const text = judge(part.map((one) => one.text).join(" "));
      if (text && (!best || part.length > best.words.length)) best = { text, words: part };
    }
  }
  if (best) return best;
  const glued = form === "amount" ? mended(word.text).match(/[-−]?\d[\d.,'’]*/)?.[0] : "";
  return { text: glued || edge(word.text), words: [word] };
}

// ------------------------------------------------------------------ into the field

function around(words) {
  const side = (name, pick) => pick(...words.map((word) => word[name]));
  return [words[0].page, side("x0", Math.min), side("y0", Math.min), side("x1", Math.max), side("y1", Math.max)].join(" ");
}

// Where the text was taken from is sent with it.
function keepPlace(field, words, { isMore }) {
  let place = field.querySelector("input[name=place]");
  if (!place) {
    place = document.createElement("input");
    place.type = "hidden";
    place.name = "place";
    field.append(place);
  }
  const before = isMore && field.dataset.place?.split(" ").map(Number);
  const all = before && before[0] === words[0].page
    ? [...words, { page: before[0], x0: before[1], y0: before[2], x1: before[3], y1: before[4] }]
    : words;
  place.value = around(all);
}

function fill(control, { text, words }, { isMore = false } = {}) {
  if (!control || control.disabled || !text) return;
  control.value = isMore && control.value ? `${control.value} ${text}` : text;
  if (fieldOf(control)) keepPlace(fieldOf(control), words, { isMore });
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
  announce(sentences().taken.replace("{text}", text).replace("{field}", labelOf(control)));
  mark([], "is-here");
  document.querySelector("[data-pane][value=fields]")?.click();
  if (document.activeElement !== control) control.focus({ preventScroll: true });
}

function joined(words, control) {
  const lines = [];
  for (const word of [...words].sort((one, other) => middle(one) - middle(other))) {
    const line = lines.find((other) => middle(word) > other[0].y0 && middle(word) < other[0].y1);
    if (line) line.push(word);
    else lines.push([word]);
  }
  const text = lines.map((line) => line.sort((one, other) => one.x0 - other.x0).map((word) => word.text).join(" "));
  const whole = edge(text.join(fieldOf(control)?.dataset.name.endsWith("address") ? ", " : " "));
  return FORMS[formOf(control)]?.(whole) || whole;
}

// ------------------------------------------------------------------ pointer

function within(words, [ax, ay], [bx, by]) {
  const [x0, x1, y0, y1] = [Math.min(ax, bx), Math.max(ax, bx), Math.min(ay, by), Math.max(ay, by)];
  return words.filter((word) => {
    const [x, y] = [(word.x0 + word.x1) / 2, middle(word)];
    const isOn = word.x1 > x0 && word.x0 < x1 && word.y1 > y0 && word.y0 < y1;
    return isOn && ((x >= x0 && x <= x1) || (y >= y0 && y <= y1));
  });
}

document.addEventListener("pointermove", async (event) => {
  const sheet = event.target.closest?.("[data-viewer-pages] [data-page]");
  if (!sheet) return mark([], "is-here");
  if (!chosen) return;
  const words = await wordsOf(Number(sheet.dataset.page));
  const spot = spotOf(event, sheet);
  if (drag?.sheet === sheet && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > DRAGGED) {
    drag.words = within(words, drag.spot, spot);
    mark(drag.words, "is-here");
    return;
  }
  const word = wordAt(words, spot);
  mark(word ? taken(words, word, formOf(controlOf())).words : [], "is-here");
});

// The field keeps the focus while a word is chosen on the page.
document.addEventListener("mousedown", (event) => {
  const sheet = event.target.closest?.("[data-viewer-pages] [data-page]");
  if (!sheet || !chosen || event.button !== 0) return;
  event.preventDefault();
  drag = { sheet, x: event.clientX, y: event.clientY, spot: spotOf(event, sheet), words: [] };
});

document.addEventListener("click", async (event) => {
  const sheet = event.target.closest?.("[data-viewer-pages] [data-page]");
  const dragged = drag?.words ?? [];
  drag = null;
  if (!sheet) return;
  const control = controlOf();
  const words = control ? await wordsOf(Number(sheet.dataset.page)) : [];
  if (control && dragged.length) return fill(control, { text: joined(dragged, control), words: dragged });
  const word = wordAt(words, spotOf(event, sheet));
  if (control && word) {
    const isMore = event.shiftKey;
    return fill(control, isMore ? { text: edge(word.text), words: [word] } : taken(words, word, formOf(control)), { isMore });
  }
  document.dispatchEvent(new CustomEvent("page-clicked", { detail: { target: event.target } }));
});

// ------------------------------------------------------------------ keyboard

function showWalk(words) {
  const word = words[walk.at];
  if (!word) return;
  mark([word], "is-walk");
  document.querySelector(".word-mark.is-walk")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  announce(word.text);
}

async function startWalk() {
  const control = controlOf();
  if (!control) return say(sentences().noField);
  const page = Number(placeOf(control)?.[0] ?? document.querySelector("[data-viewer-count]")?.textContent.split("/")[0]) || 1;
  const words = await wordsOf(page);
  if (!words.length) return say(sentences().noWords);
  const [, x, y] = placeOf(control) ?? [0, 0, 0];
  const gap = (word) => Math.hypot(word.x0 - x, word.y0 - y);
  const first = words.reduce((best, word) => (gap(word) < gap(best) ? word : best));
  walk = { page, at: first.at };
  showWalk(words);
  announce(`${sentences().wordMode} ${first.text}`);
}

function stopWalk() {
  walk = null;
  mark([], "is-walk");
}

async function moveWalk(key) {
  let words = await wordsOf(walk.page);
  const here = words[walk.at];
  const line = lineOf(words, here);
  const at = line.indexOf(here);
  const isAbove = (word) => middle(word) < here.y0;
  const isBelow = (word) => middle(word) > here.y1;
  const nearest = (list) =>
    list.sort((one, other) => Math.abs(middle(one) - middle(here)) * 3 + Math.abs(one.x0 - here.x0)
      - Math.abs(middle(other) - middle(here)) * 3 - Math.abs(other.x0 - here.x0))[0];
  let next = { ArrowRight: line[at + 1], ArrowLeft: line[at - 1], ArrowUp: nearest(words.filter(isAbove)), ArrowDown: nearest(words.filter(isBelow)) }[key];
  if (!next && key === "ArrowRight") next = words.filter(isBelow).sort((one, other) => middle(one) - middle(other) || one.x0 - other.x0)[0];
  if (!next && key === "ArrowLeft") next = words.filter(isAbove).sort((one, other) => middle(other) - middle(one) || other.x0 - one.x0)[0];
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key];
  if (!next && sheetOf(walk.page + by)) {
    words = await wordsOf(walk.page + by);
    next = by > 0 ? words[0] : words.at(-1);
  }
  if (!next || !walk) return;
  walk = { page: next.page, at: next.at };
  showWalk(words);
}

document.addEventListener(
  "keydown",
  async (event) => {
    if (!area() || document.querySelector("dialog:modal, [popover]:popover-open")) return;
    if (!walk) {
      const isTyping = event.target.closest?.("input, select, textarea");
      const isWanted = isTyping ? event.altKey && event.code === "KeyW" : event.key === "w" && !event.altKey;
      if (!isWanted || event.ctrlKey || event.metaKey || !sheetOf(1)) return;
      event.preventDefault();
      await startWalk();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow")) moveWalk(event.key);
    else if (event.key === "Enter") takeWalk(event.shiftKey);
    else if (event.key === "Escape") stopWalk();
    else {
      if (event.key !== "Shift") stopWalk();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

async function takeWalk(isMore) {
  const control = controlOf();
  const words = await wordsOf(walk.page);
  const word = words[walk.at];
  if (!isMore) stopWalk();
  if (!control || !word) return;
  fill(control, isMore ? { text: edge(word.text), words: [word] } : taken(words, word, formOf(control)), { isMore });
}

// ------------------------------------------------------------------ which field

function choose(control) {
  chosen = control?.id ?? null;
  document.querySelector("[data-viewer]")?.toggleAttribute("data-takes", Boolean(control));
  const hint = document.querySelector("[data-tap-line]");
  if (hint) hint.textContent = control ? sentences().tap.replace("{field}", labelOf(control)) : "";
  if (control && sheetOf(1)) wordsOf(placeOf(control)?.[0] ?? 1);
}

const takesWords = (element) =>
  Boolean(element.matches?.(`#fields [data-name] :is(${CONTROL}), [data-typed-rows] input[type=text]`)) && !element.disabled;
const isNarrow = matchMedia("(width < 64rem)");
// On a narrow window the field is out of sight, and so without the focus, while a word is looked for.
const isPassedBy = (element) => isNarrow.matches && (element === document.body || ["main", "fields"].includes(element.id));

document.addEventListener("focusin", (event) => {
  if (takesWords(event.target)) choose(event.target);
  // The page and its tools are used for the field; whoever goes elsewhere has left it.
  else if (!event.target.closest?.("[data-viewer], .pane-switch") && !isPassedBy(event.target)) choose(null);
});
document.addEventListener("focusout", () => {
  setTimeout(() => {
    if (document.activeElement === document.body && !isPassedBy(document.body)) choose(null);
  }, 0);
});
document.addEventListener("document-shown", () => {
  [pages, drag, walk] = [new Map(), null, null];
  choose(null);
});
