// Handing in: files are dropped, pasted or chosen, looked at, sent three at a time, and followed until it is known what came
// of them. The form (ui/hand_in.html) stands on a page of its own, or is fetched into a window by whatever is dropped anywhere.

const AT_ONCE = 3;
const QUICK = 1500;
const SLOW = 6000;
const FULL = { waiting: 0, sending: 0, received: 0, failed: 0 };
// Answers that another try would get again.
const FINAL = new Set([400, 403, 410, 413, 415, 422]);

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
const announce = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));

function sizeText(bytes, words) {
  const units = words.units.split(" ");
  let at = 0;
  let size = bytes;
  while (size >= 1000 && at < units.length - 1) [size, at] = [size / 1000, at + 1];
  const digits = at && size < 10 ? 1 : 0;
  return `${size.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits })}\u202f${units[at]}`;
}

class HandIn {
  constructor(form, { UploadError, sender, fingerprint }, { withoutLitter }) {
    Object.assign(this, { form, UploadError, fingerprint, withoutLitter });
    this.words = form.querySelector("[data-words]").dataset;
    this.items = [];
    this.list = form.querySelector("[data-list]");
    this.model = form.querySelector("[data-item-model]");
    this.total = form.querySelector("[data-total]");
    this.button = form.querySelector("[data-send-button]");
    this.send = sender({ url: form.dataset.uploads, token: form.elements.csrfmiddlewaretoken.value, who: form.dataset.who });
    this.wire();
    this.offer();
    this.draw();
  }

  wire() {
    const { form } = this;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.start();
    });
    for (const input of form.querySelectorAll("input[type=file]")) {
      input.hidden = input.hasAttribute("webkitdirectory");
      input.addEventListener("change", () => {
        this.add(input.files);
        input.value = "";
      });
    }
    const folder = form.querySelector("[data-folder]");
    folder.hidden = !("webkitdirectory" in HTMLInputElement.prototype);
    folder.addEventListener("click", () => form.querySelector("input[webkitdirectory]").click());
    form.querySelector("[data-forget]").addEventListener("click", () => this.forgetAll());
    addEventListener("beforeunload", (event) => {
      if (this.isBusy()) event.preventDefault();
    });
  }

  isBusy() {
    return this.items.some((item) => item.state === "sending" || item.state === "waiting");
  }

  // What an earlier page began: it can only go on once its files are chosen again.
  offer() {
    const box = this.form.querySelector("[data-offer]");
    const chosen = new Set(this.items.map((item) => item.print));
    const left = Object.entries(this.send.unfinished()).filter(([print]) => !chosen.has(print));
    box.hidden = !left.length;
    if (!left.length) return;
    const names = left.slice(0, 5).map(([, entry]) => entry.name);
    if (left.length > names.length) names.push("…");
    box.querySelector("[data-offer-text]").textContent = fill(this.words.offer, { names: names.join(", ") });
  }

  async forgetAll() {
    const chosen = new Set(this.items.map((item) => item.print));
    const prints = Object.keys(this.send.unfinished()).filter((print) => !chosen.has(print));
    await Promise.all(prints.map((print) => this.send.forget(print)));
    this.offer();
    this.form.querySelector("input[type=file]").focus();
  }

  add(files) {
    const open = new Set(this.items.filter((item) => item.state !== "received").map((item) => item.print));
    for (const file of this.withoutLitter(files)) {
      const print = this.fingerprint(file);
      if (open.has(print)) continue;
      open.add(print);
      const item = { file, print, state: "chosen", sent: 0, refusal: this.refusalOf(file) };
      if (item.refusal) item.state = "refused";
      this.items.push(item);
      this.show(item);
    }
    this.offer();
    this.draw();
    if (this.items.length) this.button.focus({ preventScroll: true });
  }

  refusalOf(file) {
    const { limit, limitText, zipLimit, zipLimitText } = this.form.dataset;
    const [most, text] = /\.zip$/i.test(file.name) ? [zipLimit, zipLimitText] : [limit, limitText];
    if (!file.size) return this.words.empty;
    return file.size > Number(most) ? fill(this.words.tooLarge, { limit: text }) : "";
  }

  show(item) {
    const row = this.model.content.firstElementChild.cloneNode(true);
    item.row = row;
    const path = item.file.webkitRelativePath || item.file.name;
    row.querySelector("[data-name]").textContent = path;
    row.querySelector("[data-size]").textContent = sizeText(item.file.size, this.words);
    const bar = row.querySelector("progress");
    bar.setAttribute("aria-label", fill(this.words.bar, { name: path }));
    bar.max = item.file.size || 1;
    const cancel = row.querySelector("[data-cancel]");
    cancel.setAttribute("aria-label", fill(this.words.cancel, { name: path }));
    cancel.addEventListener("click", () => this.cancel(item));
    row.querySelector("[data-again]").addEventListener("click", () => this.again(item));
    this.list.append(row);
    this.paint(item);
  }

  say(item, sentence, tone = "") {
    item.row.querySelector("[data-sentence]").textContent = sentence;
    item.row.dataset.tone = tone;
  }

  paint(item) {
    const { row, state } = item;
    row.dataset.state = state;
    row.querySelector("progress").hidden = !["waiting", "sending"].includes(state);
    row.querySelector("progress").value = item.sent;
    row.querySelector("[data-cancel]").hidden = state === "received";
    row.querySelector("[data-again]").hidden = state !== "failed" || item.isFinal;
    if (state === "refused") this.say(item, item.refusal, "danger");
    if (state === "waiting") this.say(item, this.words.queued);
  }

  async cancel(item) {
    const { row } = item;
    const next = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("[data-cancel]:not([hidden])");
    const wasBegun = item.state === "sending" || item.state === "failed";
    this.items.splice(this.items.indexOf(item), 1);
    item.abort?.abort();
    row.remove();
    (next ?? this.button).focus();
    announce(fill(this.words.cancelled, { name: item.file.name }));
    if (wasBegun) await this.send.forget(item.print);
    this.draw();
  }

  again(item) {
    Object.assign(item, { state: "waiting", refusal: "" });
    this.paint(item);
    item.row.querySelector("[data-cancel]").focus();
    this.pump();
  }

  // The wishes are those of the moment at which the button was pressed.
  start() {
    const wish = new FormData(this.form);
    const words = Object.fromEntries(["side", "cutting", "owner", "note", "sender_name", "sender_email"].map((name) => [name, String(wish.get(name) ?? "")]));
    for (const item of this.items.filter((one) => one.state === "chosen")) {
      Object.assign(item, { state: "waiting", words });
      this.paint(item);
    }
    this.form.querySelector("[name=note]").value = "";
    this.pump();
  }

  pump() {
    const sending = this.items.filter((item) => item.state === "sending").length;
    const next = this.items.filter((item) => item.state === "waiting").slice(0, Math.max(AT_ONCE - sending, 0));
    for (const item of next) this.run(item);
    this.draw();
  }

  async run(item) {
    item.state = "sending";
    item.abort = new AbortController();
    this.paint(item);
    this.say(item, this.words.sending);
    try {
      item.receipt = await this.send(item.file, item.words, {
        signal: item.abort.signal,
        onProgress: (sent) => this.progress(item, sent),
        onWait: (why) => this.say(item, why === null ? this.words.sending : why || this.words.cut, why === null ? "" : "warn"),
      });
      Object.assign(item, { state: "received", sent: item.file.size });
      this.paint(item);
      this.say(item, this.words.received, "busy");
      document.dispatchEvent(new CustomEvent("documents-changed"));
      this.follow();
    } catch (error) {
      if (!(error instanceof this.UploadError)) throw error;
      if (error.code !== "cancelled") this.fail(item, error);
    }
    this.pump();
  }

  fail(item, error) {
    item.state = "failed";
    item.isFinal = FINAL.has(error.status);
    this.paint(item);
    const own = { "signed-out": this.words.signedOut }[error.code] ?? (error.status === 404 ? this.words.gone : "");
    this.say(item, own || error.sentence || this.words.failed, "danger");
    announce(`${item.file.name} : ${item.row.querySelector("[data-sentence]").textContent}`);
  }

  progress(item, sent) {
    item.sent = sent;
    item.row.querySelector("progress").value = sent;
    this.draw();
  }

  draw() {
    const counts = this.items.reduce((all, { state }) => ({ ...all, [state]: (all[state] ?? 0) + 1 }), { ...FULL });
    const chosen = counts.chosen ?? 0;
    const going = this.items.filter((item) => ["waiting", "sending", "received"].includes(item.state));
    this.button.disabled = !chosen;
    const label = chosen > 1 ? this.words.sendMany : this.words.sendOne;
    this.button.querySelector("span").textContent = chosen ? fill(label, { n: chosen }) : this.words.send;
    this.form.classList.toggle("has-items", this.items.length > 0);
    this.total.hidden = !going.length;
    if (going.length) this.drawTotal(counts, going);
    document.dispatchEvent(new CustomEvent("hand-in", { detail: { isBusy: this.isBusy(), text: this.summary } }));
  }

  drawTotal(counts, going) {
    const bar = this.total.querySelector("progress");
    bar.max = going.reduce((sum, item) => sum + item.file.size, 0);
    bar.value = going.reduce((sum, item) => sum + item.sent, 0);
    bar.hidden = counts.received === going.length;
    const left = (counts.refused ?? 0) + (counts.failed ?? 0);
    const text = !bar.hidden ? this.words.someReceived : left ? this.words.notAllReceived : this.words.allReceived;
    this.summary = fill(text, { done: counts.received, all: going.length, left });
    // Read out when it changes, which is once a file and not once a piece.
    const line = this.total.querySelector("[data-total-text]");
    if (line.textContent !== this.summary) line.textContent = this.summary;
  }

  follow() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), QUICK / 3);
    this.lookedSince = Date.now();
  }

  async look() {
    const open = this.items.filter((item) => item.receipt && !item.isSettled).slice(0, 50);
    if (!open.length) return;
    const asked = new URLSearchParams(open.map((item) => ["receipt", item.receipt]));
    try {
      const answer = await fetch(`${this.form.dataset.outcomes}?${asked}`, { headers: { "HX-Request": "true" } });
      const told = answer.ok ? (await answer.json()).receipts : [];
      for (const item of open) this.tell(item, told.find((one) => one.id === item.receipt));
    } catch {
      // The line is cut; what was received stays received, and is looked at again.
    }
    clearTimeout(this.timer);
    const isCalm = Date.now() - this.lookedSince > 60_000;
    this.timer = setTimeout(() => this.look(), isCalm || document.hidden ? SLOW : QUICK);
  }

  tell(item, told) {
    if (!told) return;
    if (told.settled && !item.isSettled) document.dispatchEvent(new CustomEvent("documents-changed"));
    item.isSettled = told.settled;
    this.say(item, told.sentence, told.tone);
    const made = item.row.querySelector("[data-made]");
    const links = told.documents.filter((one) => one.url);
    made.hidden = !links.length && !(told.url && !told.count && told.settled);
    if (made.hidden) return;
    const shown = links.length ? links : [{ url: told.url, title: this.words.details }];
    made.replaceChildren(...shown.map((one) => this.link(one)));
  }

  link({ url, title }) {
    const place = document.createElement("li");
    const link = document.createElement("a");
    Object.assign(link, { href: url, textContent: title });
    if (this.isBusy()) Object.assign(link, { target: "_blank", rel: "noopener" });
    place.append(link);
    return place;
  }
}

// ---------------------------------------------------------------------------------------------- the page around it

const place = document.querySelector("[data-hand-in-url]");
const host = document.getElementById("hand-in-window");
const pill = document.querySelector("[data-hand-in-pill]");
let current = null;
let coming = null;

async function enhance(form) {
  const [sending, dropping] = await Promise.all([import(form.dataset.sender), import(form.dataset.dropped)]);
  current = new HandIn(form, sending, dropping);
  current.filesOf = dropping.filesOf;
  form.dataset.ready = "";
  return current;
}

async function fetched() {
  const answer = await fetch(place.dataset.handInUrl, { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const box = document.createElement("template");
  box.innerHTML = await answer.text();
  host.replaceChildren(box.content);
  return enhance(host.querySelector("[data-hand-in]"));
}

async function opened() {
  if (current && !host?.contains(current.form)) return current;
  coming ??= fetched();
  try {
    await coming;
  } catch {
    coming = null;
    const text = document.getElementById("sentences").dataset.offline;
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "error" } }));
    return null;
  }
  if (!host.open) host.showModal();
  return current;
}

async function take(transfer) {
  // A drop is over once something was waited for; so its entries are taken at once, even before the form is there.
  const dropping = import(place?.dataset.dropped ?? current.form.dataset.dropped);
  const items = [...(transfer.items ?? [])].filter((item) => item.kind === "file");
  const kept = items.map((item) => ({ kind: "file", entry: item.webkitGetAsEntry?.(), webkitGetAsEntry: () => null }));
  for (const one of kept) one.webkitGetAsEntry = () => one.entry;
  const files = await (await dropping).filesOf({ items: kept, files: [...transfer.files] });
  if (!files.length) return;
  (await opened())?.add(files);
}

const hasFiles = (transfer) => [...(transfer?.types ?? [])].includes("Files");
const isAway = () => document.querySelector("dialog:modal:not(#hand-in-window)");

if (place || document.querySelector("[data-hand-in]")) {
  let depth = 0;
  const mark = (by) => {
    depth = Math.max(depth + by, 0);
    document.documentElement.classList.toggle("is-dropping", depth > 0);
  };
  addEventListener("dragenter", (event) => hasFiles(event.dataTransfer) && !isAway() && mark(1));
  addEventListener("dragleave", (event) => hasFiles(event.dataTransfer) && mark(-1));
  addEventListener("dragover", (event) => hasFiles(event.dataTransfer) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    // Even where nothing is taken: a browser would open the file and leave the page.
    event.preventDefault();
    mark(-depth);
    if (!isAway()) take(event.dataTransfer);
  });
  addEventListener("paste", (event) => {
    if (!hasFiles(event.clipboardData) || isAway()) return;
    event.preventDefault();
    take(event.clipboardData);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-hand-in-open]") || event.ctrlKey || event.metaKey) return;
    if (!place) return;
    event.preventDefault();
    opened();
  });
}

document.addEventListener("hand-in", ({ detail }) => {
  if (!pill) return;
  pill.hidden = !detail.isBusy;
  if (detail.isBusy) pill.querySelector("span").textContent = detail.text;
});

const form = document.querySelector("[data-hand-in]");
if (form) enhance(form);
