// A value from an e-invoice's data has no place of its own. Where the first page prints the same, that is shown as its place.

const LONGEST = 8;
const area = () => document.getElementById("fields");
const bare = (text) => text.normalize("NFD").replace(/[\u0300-\u036f\s.,;:'’"«»()/-]/g, "").toLowerCase();

function number(text) {
  const plain = text.replace(/€|\$|£|EUR|[\s\u00a0\u202f]/gi, "").replace("−", "-");
  if (!/^-?\d[\d.,]*$/.test(plain)) return NaN;
  const cut = Math.max(plain.lastIndexOf(","), plain.lastIndexOf("."));
  const isDecimal = cut >= 0 && plain.length - cut - 1 <= 2;
  const whole = (isDecimal ? plain.slice(0, cut) : plain).replace(/[.,]/g, "");
  return Number(isDecimal ? `${whole}.${plain.slice(cut + 1)}` : whole);
}

const SAME = {
  amount: (wanted, text) => /[.,]\d{2}\D*$/.test(text) && number(text) === number(wanted),
};
const isSame = (form, wanted, text) => (SAME[form] ? SAME[form](wanted, text) : bare(text) === bare(wanted));

// The last on the page that is the same: totals stand below what they are the sum of.
function find(words, form, wanted) {
  let found = null;
  for (let from = 0; from < words.length; from += 1) {
    for (let to = from; to < Math.min(words.length, from + LONGEST); to += 1) {
      const run = words.slice(from, to + 1);
      if (isSame(form, wanted, run.map((word) => word[0]).join(" "))) found = run;
    }
  }
  return found;
}

async function look() {
  const fields = [...(area()?.querySelectorAll("[data-name]:not([data-place]):has([data-source=xml])") ?? [])];
  if (!fields.length || !document.querySelector('[data-viewer-pages] [data-page="1"]')) return;
  const url = area().dataset.wordsUrl;
  const response = await fetch(`${url}?page=1`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!response?.ok || url !== area()?.dataset.wordsUrl) return;
  const { words } = await response.json();
  for (const field of words.length ? fields : []) {
    const wanted = field.querySelector("input:not([type=hidden])")?.value ?? "";
    const run = wanted.length > 2 ? find(words, field.dataset.form, wanted) : null;
    if (!run) continue;
    const side = (at, pick) => pick(...run.map((word) => word[at]));
    field.dataset.place = [1, side(1, Math.min), side(2, Math.min), side(3, Math.max), side(4, Math.max)].join(" ");
  }
  document.dispatchEvent(new CustomEvent("places-found"));
}

const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 200));
document.addEventListener("document-shown", () => whenIdle(look));
whenIdle(look);
