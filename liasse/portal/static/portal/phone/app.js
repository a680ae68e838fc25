// The app on a phone: takes pictures and files, shows what waits and what was received. Keeping and sending are queue.js, which
// goes on in the service worker when this page is closed.

const { dataset } = document.body;
const [queue, { look }, camera, { list }] = await Promise.all(["queue", "look", "camera", "rows"].map((name) => import(dataset[name])));

const OFFLINE_PAUSE = 20_000;
const FOLLOWED = 3000;
const find = (selector, within = document) => within.querySelector(selector);
const words = find("[data-words]").dataset;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
const state = { me: null, isSignedOut: false, isOffline: !navigator.onLine, items: [], progress: new Map(), timer: 0 };
const lines = list({ words, fill, state, onRemove: drop, onAgain: again });
let shooting = null;

const drafts = () => state.items.filter((item) => item.state === "draft");
const mode = () => find("[name=mode]:checked").value;
const currentFile = () => state.me?.files.find((file) => file.id === find("#phone-file").value) ?? state.me?.files[0];

function announce(text) {
  find("[data-announcer]").textContent = text;
}

function trouble(text = "") {
  const place = find("[data-trouble]");
  place.hidden = !text;
  find("p", place).textContent = text;
}

// ---------------------------------------------------------------------------------------------------- who is there

async function recognise(me) {
  state.me = me;
  if (me) {
    state.isSignedOut = false;
    if (me.theme) document.documentElement.dataset.theme = me.theme;
    await queue.keepFact("language", me.language);
  }
  drawFiles();
  await refresh();
}

async function askWhoIsThere() {
  try {
    const me = await queue.whoAmI(dataset.me);
    state.isOffline = false;
    state.isSignedOut = me === null;
    await recognise(me);
  } catch {
    state.isOffline = true;
    draw();
  }
}

function drawFiles() {
  const select = find("#phone-file");
  const files = state.me?.files ?? [];
  const was = select.value || localStorage.getItem(`liasse-file:${state.me?.id}`);
  select.replaceChildren(...files.map((file) => new Option(`${file.name} – ${file.detail}`, file.id)));
  if (files.some((file) => file.id === was)) select.value = was;
  select.hidden = files.length < 2;
  drawFile();
}

function drawFile() {
  const file = currentFile();
  const isOne = (state.me?.files.length ?? 0) < 2;
  find("[data-file-name]").hidden = find("[data-file-detail]").hidden = !isOne;
  find("[data-file-name]").textContent = file?.name ?? "Liasse";
  find("[data-file-detail]").textContent = file?.detail ?? "";
  if (file) find("[data-portal]").href = file.url;
  const addresses = [file?.address, file?.own_address].filter(Boolean);
  find("[data-address]").hidden = !addresses.length;
  find("[data-address-list]").replaceChildren(...addresses.map(addressRow));
}

function addressRow(address) {
  const row = find("[data-address-row]").content.firstElementChild.cloneNode(true);
  find("code", row).textContent = address;
  const button = find("[data-copy]", row);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(address).catch(() => getSelection().selectAllChildren(find("code", row)));
    announce(words.copied);
    find("span", button).textContent = words.copied;
  });
  return row;
}

// -------------------------------------------------------------------------------------------------- taking things in

async function keep(item) {
  try {
    await queue.put(item);
    trouble();
    return true;
  } catch {
    trouble(words.full);
    return false;
  }
}

const two = (number) => String(number).padStart(2, "0");

function photoName(suffix = "jpg") {
  const now = new Date();
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  return `${words.photo} ${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("-")}.${suffix}`;
}

const isPicture = (file) => file.type.startsWith("image/") || /\.(jpe?g|png|hei[cf]|webp|tiff?|gif)$/i.test(file.name);

async function add(files) {
  const given = [...files].filter((file) => refusal(file) === "");
  for (const file of files) if (refusal(file)) trouble(`${file.name} – ${refusal(file)}`);
  const pages = mode() === "combined" ? given.filter(isPicture) : [];
  if (pages.length) await addPages(pages);
  for (const [number, file] of given.filter((one) => !pages.includes(one)).entries()) {
    const { hints } = await look(file);
    const item = { id: queue.newId(), who: state.me.id, file: "", state: "draft", name: file.name, size: file.size, blob: file, hints, at: Date.now() + number };
    if (!(await keep(item))) break;
  }
  await refresh();
  navigator.storage?.persist?.();
}

function refusal(file) {
  if (!file.size) return words.empty;
  return file.size > Number(/\.zip$/i.test(file.name) ? dataset.zipLimit : dataset.limit) ? words.tooLarge : "";
}

async function addPages(pages) {
  const there = drafts().findLast((item) => item.pages);
  const base = there ?? { id: queue.newId(), who: state.me.id, file: "", state: "draft", name: photoName("zip"), pages: [], hints: [], at: Date.now() };
  const room = pages.slice(0, queue.MOST_PAGES - base.pages.length);
  const hints = [];
  for (const page of room) hints.push((await look(page)).hints);
  await keep({ ...base, pages: [...base.pages, ...room], hints: [...base.hints, ...hints] });
  if (room.length < pages.length) trouble(fill(words.most, { n: queue.MOST_PAGES }));
}

async function sendDrafts() {
  const side = find("[name=side]:checked").value;
  const file = currentFile();
  if (!file) return;
  for (const item of drafts()) await queue.change(item.id, { state: "waiting", file: file.id, side, next: 0 });
  await refresh();
  find("[data-take]").focus();
  pump();
}

// ---------------------------------------------------------------------------------------------------------- camera

async function take() {
  if (!camera.canShow()) return find("[data-plain-camera]").click();
  const box = find("[data-camera-window]");
  try {
    shooting = await camera.opened(find("video", box));
  } catch {
    find("[data-plain-camera]").click();
    return trouble(words.noCamera);
  }
  trouble();
  state.taken = 0;
  find("[data-count]").textContent = "";
  find("[data-finish]").hidden = true;
  box.showModal();
  find("[data-shoot]").focus();
}

async function shoot() {
  const button = find("[data-shoot]");
  if (button.disabled || !shooting) return;
  button.disabled = true;
  try {
    const blob = await shooting.shoot();
    const file = new File([blob], photoName(blob.type === "image/png" ? "png" : "jpg"), { type: blob.type });
    if (mode() === "single") closeCamera();
    await add([file]);
    state.taken += 1;
    find("[data-count]").textContent = fill(words.taken, { n: state.taken });
    find("[data-finish]").hidden = false;
  } finally {
    button.disabled = false;
    if (mode() !== "single") button.focus();
  }
  if (mode() === "single") find("[data-send]").focus();
}

function closeCamera() {
  shooting?.stop();
  shooting = null;
  find("[data-camera-window]").close();
  const send = find("[data-send]");
  (send.hidden ? find("[data-take]") : send).focus();
}

// ----------------------------------------------------------------------------------------------------------- lists

async function refresh() {
  const who = state.me?.id;
  const shared = who ? (await queue.itemsOf("")).filter((item) => item.state === "draft") : [];
  for (const item of shared) await queue.change(item.id, { who });
  state.items = who ? await queue.itemsOf(who) : [];
  state.others = await queue.countOfOthers(who ?? "");
  draw();
}

function draw() {
  const waiting = state.items.filter((item) => ["waiting", "refused"].includes(item.state));
  const received = state.items.filter((item) => item.state === "received").reverse();
  const shown = drafts().flatMap((item) => (item.pages ? item.pages.map((page, at) => pageOf(item, page, at)) : [item]));
  lines.fill(find("[data-draft-list]"), shown);
  lines.fill(find("[data-queue-list]"), waiting);
  lines.fill(find("[data-sent-list]"), received);
  find("[data-drafts]").hidden = !shown.length;
  find("[data-queue-card]").hidden = !waiting.length;
  find("[data-sent]").hidden = !received.length;
  find("[data-nothing]").hidden = !state.me?.files.length || Boolean(state.items.length);
  find("[data-offline]").hidden = !state.isOffline;
  find("[data-no-file]").hidden = !state.me || state.me.files.length > 0;
  find("[data-signed-out]").hidden = Boolean(state.me) || (state.isOffline && !state.isSignedOut);
  find("[data-signed-out-text]").textContent = state.others ? fill(words.signedOut, { n: state.others }) : words.signedOutNone;
  find("[data-others]").hidden = !state.me || !state.others;
  find("[data-others-text]").textContent = fill(words.others, { n: state.others ?? 0 });
  find("[data-bar]").hidden = !state.me?.files.length;
  drawButtons();
}

function drawButtons() {
  const [count, only] = [drafts().length, drafts()[0]];
  const isOneOfPages = count === 1 && only.pages?.length > 1;
  document.body.classList.toggle("has-drafts", count > 0);
  find("[data-send]").hidden = !count;
  find("[data-take]").classList.toggle("btn-primary", !count);
  find("[data-take]").classList.toggle("btn-quiet", Boolean(count));
  const label = isOneOfPages ? fill(words.sendPages, { n: only.pages.length }) : count > 1 ? fill(words.sendMany, { n: count }) : words.sendOne;
  find("[data-send] span").textContent = label;
}

const pageOf = (item, page, at) => ({ ...item, id: `${item.id}:${at}`, of: item.id, at, blob: page, pages: null, name: page.name, hints: item.hints[at] });

async function drop(item) {
  if (["waiting", "refused"].includes(item.state) && !confirm(fill(words.sure, { name: item.name }))) return;
  const row = lines.rowOf(item);
  const next = find("[data-remove]", row.nextElementSibling ?? row.previousElementSibling ?? document.createElement("i"));
  if (item.of) {
    const without = (list) => list.filter((_one, at) => at !== item.at);
    const changed = await queue.change(item.of, (old) => ({ pages: without(old.pages), hints: without(old.hints) }));
    // What follows has another place now, and is drawn anew.
    lines.forget(`${item.of}:`);
    if (!changed?.pages.length) await queue.remove(item.of);
  } else {
    await queue.remove(item.id);
    lines.forget(item.id);
  }
  announce(fill(words.removed, { name: item.name }));
  await refresh();
  (next?.isConnected ? next : find(find("[data-send]").hidden ? "[data-take]" : "[data-send]")).focus();
}

async function again(item) {
  // What arrived as something else is another delivery.
  if (item.code === "differs") await queue.put({ ...item, id: queue.newId(), state: "waiting", code: "", next: 0 }).then(() => queue.remove(item.id));
  else await queue.change(item.id, { state: "waiting", code: "", sentence: "", next: 0 });
  await refresh();
  pump();
}

// --------------------------------------------------------------------------------------------------------- sending

async function pump({ isForced = true } = {}) {
  if (state.isPumping) return (state.isWanted = true);
  clearTimeout(state.timer);
  state.isPumping = true;
  const left = await queue.sendAll({ meUrl: dataset.me, onChange: progress, isForced }).catch(() => OFFLINE_PAUSE);
  state.isPumping = false;
  state.progress.clear();
  const me = await queue.fact("me");
  state.isOffline = left === "offline";
  if (left === "signed-out") state.isSignedOut = true;
  await recognise(left === "offline" ? state.me : me);
  follow();
  if (state.isWanted) {
    state.isWanted = false;
    return pump();
  }
  const waits = state.items.some((item) => item.state === "waiting");
  if (left === "offline" && waits) askForSync();
  const pause = left === "offline" ? OFFLINE_PAUSE : left;
  if (waits && left !== "signed-out") state.timer = setTimeout(() => pump({ isForced: false }), Math.max(pause || 0, 1000));
}

async function progress(item) {
  if (!item) return;
  if (item.state === "sending") {
    state.progress.set(item.id, item.sent / item.size);
    draw();
    return;
  }
  state.progress.delete(item.id);
  if (item.state !== "waiting") announce(`${item.name} : ${lines.sentenceOf(item)}`);
  await refresh();
}

// Where the browser can, it sends even after the app was closed.
async function askForSync() {
  const registration = await navigator.serviceWorker?.ready;
  await registration?.sync?.register("liasse-phone").catch(() => null);
}

async function follow() {
  clearTimeout(state.following);
  if (!state.me || state.isOffline || document.hidden) return;
  const open = await queue.keepReceiptsFresh(state.me).catch(() => 0);
  await refresh();
  if (open) state.following = setTimeout(follow, FOLLOWED);
}

// ----------------------------------------------------------------------------------------------------------- start

function wire() {
  find("[data-take]").addEventListener("click", take);
  find("[data-send]").addEventListener("click", sendDrafts);
  find("[data-shoot]").addEventListener("click", shoot);
  for (const name of ["[data-close]", "[data-finish]"]) find(name).addEventListener("click", closeCamera);
  find("[data-camera-window]").addEventListener("cancel", (event) => {
    event.preventDefault();
    closeCamera();
  });
  for (const input of [find("#phone-files"), find("[data-plain-camera]")]) {
    input.addEventListener("change", async () => {
      const files = [...input.files];
      input.value = "";
      await add(files);
      find("[data-send]").focus();
    });
  }
  find("#phone-file").addEventListener("change", ({ target }) => {
    localStorage.setItem(`liasse-file:${state.me.id}`, target.value);
    drawFile();
  });
  addEventListener("online", () => pump());
  addEventListener("offline", () => {
    state.isOffline = true;
    draw();
  });
  document.addEventListener("visibilitychange", () => document.hidden || pump());
  navigator.serviceWorker?.addEventListener("message", () => refresh().then(follow));
}

wire();
await recognise((await queue.fact("me")) ?? null);
document.body.dataset.ready = "";
navigator.serviceWorker?.register(dataset.worker, { scope: dataset.scope, type: "module" }).catch(() => null);
const asked = new URLSearchParams(location.search);
if (asked.get("start") === "camera" && state.me) take();
await askWhoIsThere();
pump({ isForced: true });
