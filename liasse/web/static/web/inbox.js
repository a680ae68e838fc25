// The inbox shows what is new without being reloaded: rows come, change and go one by one, so that the focus, the ticks,
// the rows fetched by "Show more" and what is being typed in the search stay as they are.

const QUICK = 1500;
const SLOW = 6000;
const CALM_AFTER = 5 * 60 * 1000;

const list = document.getElementById("list");
let timer = 0;
let changedAt = Date.now();
let isAsking = false;

const stateOf = (root) => root.querySelector("[data-activity]");

function address() {
  const { query, activity } = stateOf(list).dataset;
  const words = new URLSearchParams(query);
  words.set("since", activity);
  return `${list.dataset.news}?${words}`;
}

async function ask() {
  if (isAsking || document.hidden) return;
  isAsking = true;
  const url = address();
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    // A search or another order may have changed the list meanwhile: then this answer is about another one.
    if (answer.status === 200 && url === address()) {
      const fresh = document.createElement("template");
      fresh.innerHTML = await answer.text();
      if (url === address()) take(fresh.content);
    }
    if (answer.status === 401 || answer.status === 404) location.reload();
  } catch {
    // The server is away for a moment; the next look will tell.
  } finally {
    isAsking = false;
    plan();
  }
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(ask, Date.now() - changedAt > CALM_AFTER ? SLOW : QUICK);
}

function take(fresh) {
  changedAt = Date.now();
  takeTabs(fresh.querySelector("#inbox-tabs"));
  const body = list.querySelector("tbody");
  const freshBody = fresh.querySelector("tbody");
  const isSameTab = stateOf(fresh).querySelector("[name=tab]")?.value === stateOf(list).querySelector("[name=tab]")?.value;
  fresh.querySelector("#inbox-tabs")?.remove();
  if (body && freshBody && isSameTab) {
    merge(body, freshBody);
    stateOf(list).replaceWith(stateOf(fresh));
  } else {
    list.replaceChildren(fresh);
  }
  window.htmx.process(list);
  document.dispatchEvent(new CustomEvent("ticks-changed"));
  document.dispatchEvent(new CustomEvent("htmx:afterSettle", { detail: { target: list } }));
}

function takeTabs(fresh) {
  const tabs = [...document.querySelectorAll("#inbox-tabs a")];
  const others = fresh ? [...fresh.querySelectorAll("a")] : [];
  // That of the duplicates comes with the first of them and goes with the last.
  if (fresh && tabs.length !== others.length) {
    document.querySelector("#inbox-tabs").replaceChildren(...fresh.cloneNode(true).childNodes);
    return;
  }
  tabs.forEach((tab, number) => {
    const other = others[number];
    const [count, newCount] = [tab.querySelector(".tab-count"), other?.querySelector(".tab-count")];
    if (count && newCount && count.textContent !== newCount.textContent) count.replaceWith(newCount.cloneNode(true));
    if (other?.hasAttribute("aria-current")) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  });
}

function merge(body, fresh) {
  const rows = [...fresh.querySelectorAll("tr[id]")];
  const wanted = new Set(rows.map((row) => row.id));
  const isWhole = !fresh.querySelector("[data-more]");
  const last = rows.at(-1) && body.querySelector(`#${CSS.escape(rows.at(-1).id)}`);
  for (const row of [...body.querySelectorAll("tr[id]")]) {
    // Behind the last fresh row stand those that "Show more" fetched; nothing was said about them.
    const isCovered = isWhole || !last || row.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (!wanted.has(row.id) && isCovered) leave(row);
  }
  let before = null;
  for (const row of rows) {
    const old = document.getElementById(row.id);
    if (old) refresh(old, row);
    const here = old ?? row;
    if (!old) row.classList.add("is-new");
    const place = before ? before.nextElementSibling : body.firstElementChild;
    if (place !== here) body.insertBefore(here, place);
    before = here;
  }
  const more = body.querySelector("tr:not([id])");
  if (isWhole) more?.remove();
  else if (!more) body.append(fresh.querySelector("tr:not([id])"));
}

function leave(row) {
  const hasFocus = row.contains(document.activeElement);
  const next = row.nextElementSibling?.querySelector(".row-link") ?? row.previousElementSibling?.querySelector(".row-link");
  row.remove();
  if (hasFocus) next?.focus({ focusVisible: true });
}

function refresh(row, fresh) {
  if (row.dataset.version === fresh.dataset.version) {
    const [old, now] = [row.querySelector("[data-received]"), fresh.querySelector("[data-received]")];
    if (old && now && old.textContent !== now.textContent) old.replaceChildren(...now.childNodes);
    return;
  }
  const hasFocus = row.contains(document.activeElement);
  const box = fresh.querySelector("[data-tick]");
  if (box) box.checked = row.querySelector("[data-tick]")?.checked ?? false;
  row.dataset.version = fresh.dataset.version;
  row.replaceChildren(...fresh.childNodes);
  if (hasFocus) row.querySelector(".row-link")?.focus({ focusVisible: true });
}

// A list that was searched or sorted says which it is now; the export and the next look follow it.
document.addEventListener("documents-changed", ask);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});if (list) plan();
