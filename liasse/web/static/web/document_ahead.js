// The next document is fetched while this one is looked at, its page's picture too, so that it stands there at once.
// What is marked as ready is sent behind it; where the server says no, one is led back.

const sentences = () => document.getElementById("document-sentences").dataset;
const say = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail }));
const nextUrl = () => document.querySelector("a[data-key=j]")?.getAttribute("href") ?? "";

let ahead = null; // { url, page }

function warm(page) {
  const image = page.querySelector("[data-viewer-pages] img");
  if (!image) return;
  const picture = new Image();
  picture.src = image.getAttribute("src");
}

async function fetchNext() {
  const url = nextUrl();
  ahead = null;
  if (!url) return;
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (url !== nextUrl() || !page.getElementById("fields")) return;
    ahead = { url, page };
    warm(page);
    document.dispatchEvent(new CustomEvent("document-ahead", { detail: { url } }));
  } catch {
    // Without it the next document is simply opened.
  }
}

const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 200));
const plan = () => whenIdle(fetchNext);

function showNext() {
  const { url, page } = ahead;
  ahead = null;
  const main = document.getElementById("main");
  main.replaceChildren(...document.importNode(page.getElementById("main"), true).childNodes);
  document.title = page.title;
  history.pushState({ liasseAhead: true }, "", url);
  htmx.process(main);
  document.dispatchEvent(new CustomEvent("document-shown"));
  document.getElementById("doc-name")?.focus({ preventScroll: true });
  scrollTo(0, 0);
  plan();
}

async function sendMove(form, submitter, here) {
  const words = new FormData(form, submitter);
  words.set("ahead", "1");
  const was = form.dataset.status;
  try {
    const response = await fetch(form.action, { method: "POST", body: words, headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    const told = await response.json();
    // Something is missing in it: the page that asks is opened.
    if (told.error || told.url.includes("ask=")) {
      location.assign(told.url);
      return;
    }
    say({ text: `${told.said} ${sentences().undo}` });
    document.dispatchEvent(new CustomEvent("undo-step", { detail: { act: () => moveBack(form, was, here) } }));
  } catch {
    location.assign(here);
  }
}

// The document goes back to where it was, and is opened again.
async function moveBack(form, was, here) {
  const words = new FormData(form);
  words.set("to", was);
  words.set("ahead", "1");
  const response = await fetch(form.action, { method: "POST", body: words });
  if (response.ok) location.assign(here);
  else say({ text: document.getElementById("sentences").dataset.failed, tone: "error" });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-moves]") || !event.submitter) return;
  if (!ahead || ahead.url !== nextUrl() || form.dataset.status === "archived") return;
  // What is lacking is asked for on this page first.
  if (event.submitter.value === "ready" && document.getElementById("lacks")) return;
  event.preventDefault();
  const here = location.href;
  sendMove(form, event.submitter, here);
  showNext();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-key=j]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !ahead) return;
  if (ahead.url !== link.getAttribute("href")) return;
  event.preventDefault();
  showNext();
});

addEventListener("popstate", () => location.reload());

if (document.readyState === "complete") plan();
else addEventListener("load", plan);
