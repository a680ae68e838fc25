// What waits on the phone to be sent, and the sending. The same code runs in the page and in its service worker: it draws nothing
// and needs neither `document` nor `window`.
//
// An item is bound to a person (`who`) and a client file. Its id is the upload's key: however often it is sent, it is received once.
// Its bytes leave the phone's store only when the server named the SHA-256 that the phone computed itself.

const NAME = "liasse-phone";
const PIECE = 5 * 1024 * 1024;
const LARGEST_HASHED = 200 * 1024 * 1024;
const LONGEST_PAUSE = 3_600_000;
const MOST_KEPT = 50;
export const MOST_PAGES = 50;

export const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// ------------------------------------------------------------------------------------------------------ the store

let opening = null;

function database() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("items", { keyPath: "id" }).createIndex("who", "who");
      asked.result.createObjectStore("facts");
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  opening.catch(() => (opening = null));
  return opening;
}

async function work(store, mode, act) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(store, mode, { durability: "strict" });
    const asked = act(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export const fact = (name) => work("facts", "readonly", (store) => store.get(name));
export const keepFact = (name, value) => work("facts", "readwrite", (store) => store.put(value, name));
export const put = (item) => work("items", "readwrite", (store) => store.put(item));
export const get = (id) => work("items", "readonly", (store) => store.get(id));
export const remove = (id) => work("items", "readwrite", (store) => store.delete(id));

export async function itemsOf(who) {
  const found = await work("items", "readonly", (store) => store.index("who").getAll(who));
  return found.sort((one, other) => one.at - other.at);
}

// How many of other people wait on this phone: a number and nothing else of them.
export async function countOfOthers(who) {
  const found = await work("items", "readonly", (store) => store.getAll());
  return found.filter((item) => item.who !== who && item.state !== "received").length;
}

// Changes an item that may be gone meanwhile, in one transaction.
export async function change(id, by) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction("items", "readwrite", { durability: "strict" });
    const store = transaction.objectStore("items");
    let changed = null;
    const asked = store.get(id);
    asked.onsuccess = () => {
      if (!asked.result) return;
      changed = { ...asked.result, ...(typeof by === "function" ? by(asked.result) : by) };
      store.put(changed);
    };
    transaction.oncomplete = () => resolve(changed);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

// --------------------------------------------------------------------------------- several pictures as one delivery

const CRC = Uint32Array.from({ length: 256 }, (_none, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function checksum(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ CRC[(value ^ byte) & 0xff];
  return (value ^ 0xffffffff) >>> 0;
}

const numbers = (...pairs) => {
  const view = new DataView(new ArrayBuffer(pairs.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of pairs) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return view;
};

// A ZIP of pictures as they are: nothing is packed, and the same pictures give the same bytes (the day is always the same).
export async function bundled(pages) {
  const parts = [];
  const listed = [];
  let at = 0;
  for (const [number, page] of pages.entries()) {
    const bytes = new Uint8Array(await page.arrayBuffer());
    const suffix = /\.[a-z0-9]{2,5}$/i.exec(page.name ?? "")?.[0].toLowerCase() ?? ".jpg";
    const name = new TextEncoder().encode(`page-${String(number + 1).padStart(2, "0")}${suffix}`);
    const common = [[2, 0x0800], [2, 0], [2, 0], [2, 0x21], [4, checksum(bytes)], [4, bytes.length], [4, bytes.length]];
    const head = numbers([4, 0x04034b50], [2, 20], ...common, [2, name.length], [2, 0]);
    parts.push(head, name, page);
    const more = [[2, name.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, at]];
    listed.push(numbers([4, 0x02014b50], [2, 20], [2, 20], ...common, ...more), name);
    at += head.byteLength + name.length + bytes.length;
  }
  const size = listed.reduce((sum, part) => sum + part.byteLength, 0);
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, pages.length], [2, pages.length], [4, size], [4, at], [2, 0]);
  return new Blob([...parts, ...listed, end], { type: "application/zip" });
}

async function hashOf(blob) {
  if (blob.size > LARGEST_HASHED) return "";
  const found = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(found)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// -------------------------------------------------------------------------------------------------------- sending

class Later extends Error {
  constructor(sentence, { seconds = 0, code = "" } = {}) {
    super(sentence);
    Object.assign(this, { sentence, seconds, code });
  }
}

class Refused extends Error {
  constructor(sentence, code) {
    super(sentence || code);
    Object.assign(this, { sentence, code });
  }
}

class SignedOut extends Error {}

const encoded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

async function asked(url, options) {
  let answer;
  try {
    // A page that is signed out is told so, instead of being led to a form.
    answer = await fetch(url, { ...options, headers: { "HX-Request": "true", ...options.headers }, credentials: "same-origin" });
  } catch {
    throw new Later("", { code: "offline" });
  }
  if (answer.status === 401) throw new SignedOut();
  return answer;
}

async function sentenceOf(answer) {
  const isPlain = (answer.headers.get("Content-Type") ?? "").startsWith("text/plain");
  const text = isPlain ? (await answer.text()).trim() : "";
  return text.length < 400 ? text : "";
}

async function judge(answer) {
  if (answer.ok) return true;
  // Something moved meanwhile: where it stands is asked anew.
  if ([409, 423, 460].includes(answer.status)) return false;
  const code = answer.headers.get("Liasse-Error") ?? "";
  const sentence = await sentenceOf(answer);
  const isFull = code === "quota" || (answer.status === 413 && !code);
  if (code === "other-person") throw new SignedOut();
  // A refusal without a reason of ours is a token that is too old.
  if (isFull || answer.status === 429 || answer.status >= 500 || (answer.status === 403 && !code)) {
    throw new Later(sentence, { seconds: Number(answer.headers.get("Retry-After")) || 0, code: isFull ? "full" : "later" });
  }
  throw new Refused(sentence, code || String(answer.status));
}

// Who is signed in, and what may be sent where; null when nobody is. Throws when the line is cut.
export async function whoAmI(url) {
  const answer = await asked(url, { method: "GET" }).catch((error) => {
    if (error instanceof SignedOut) return null;
    throw error;
  });
  if (answer !== null && !answer.ok) throw new Later("", { code: "later" });
  const me = answer === null ? null : await answer.json();
  await keepFact("me", me);
  return me;
}

async function deliver(item, { me, told }) {
  const file = me.files.find((one) => one.id === item.file);
  if (!file) throw new Refused("", "no-access");
  const body = item.pages ? await bundled(item.pages) : item.blob;
  const words = { filename: item.name, key: item.id, side: item.side ?? "", cutting: item.pages ? "joined" : "", note: item.note ?? "" };
  const metadata = Object.entries(words).filter(([, value]) => value).map(([name, value]) => `${name} ${encoded(value)}`).join(",");
  const common = { "Tus-Resumable": "1.0.0", "X-CSRFToken": me.token };
  for (let tries = 0; tries < 8; tries += 1) {
    const begun = await asked(`${file.uploads}?door=phone&as=${me.id}`, {
      method: "POST",
      headers: { ...common, "Upload-Length": String(body.size), "Upload-Metadata": metadata },
    });
    if (!(await judge(begun))) {
      if (begun.headers.get("Liasse-Error") === "key-mismatch") throw new Refused(await sentenceOf(begun), "key-mismatch");
      continue;
    }
    const receipt = await pieces(body, begun, { common, told });
    if (receipt) return { receipt, hash: await hashOf(body), file };
  }
  throw new Later("", { code: "later" });
}

async function pieces(body, begun, { common, told }) {
  const url = begun.headers.get("Location");
  let receipt = begun.headers.get("Liasse-Receipt");
  let offset = Number(begun.headers.get("Upload-Offset")) || 0;
  while (!receipt) {
    await told(offset, body.size);
    const grown = await asked(url, {
      method: "PATCH",
      headers: { ...common, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
      body: body.slice(offset, offset + PIECE),
    });
    if (!(await judge(grown))) return "";
    offset = Number(grown.headers.get("Upload-Offset"));
    receipt = grown.headers.get("Liasse-Receipt");
  }
  return receipt;
}

// What the server says of receipts: number, time, SHA-256, and what came of each.
export async function outcomes(file, receipts) {
  const query = new URLSearchParams(receipts.map((id) => ["receipt", id]));
  const answer = await asked(`${file.outcomes}?${query}`, { method: "GET" });
  return answer.ok ? (await answer.json()).receipts : [];
}

export const outcomeOf = (told) => ({
  number: told.number,
  receivedAt: told.received_at,
  sha256: told.sha256,
  sentence: told.sentence,
  tone: told.tone,
  settled: told.settled,
  documents: told.documents.map(({ title, url }) => ({ title, url })),
});

async function sendOne(item, { me, onChange }) {
  const told = (sent, size) => onChange({ ...item, state: "sending", sent, size });
  try {
    const { receipt, hash, file } = await deliver(item, { me, told });
    const [proof] = await outcomes(file, [receipt]);
    if (!proof) throw new Later("", { code: "later" });
    if (hash && proof.sha256 !== hash) throw new Refused("", "differs");
    const kept = { state: "received", receipt, isProven: Boolean(hash), blob: null, pages: null, count: item.pages?.length ?? 0 };
    onChange(await change(item.id, { ...kept, ...outcomeOf(proof) }));
    return true;
  } catch (error) {
    if (error instanceof SignedOut) throw error;
    if (error instanceof Refused) {
      onChange(await change(item.id, { state: "refused", sentence: error.sentence, code: error.code }));
      return true;
    }
    if (!(error instanceof Later)) throw error;
    const tries = (item.tries ?? 0) + 1;
    const pause = error.seconds * 1000 || Math.min(5000 * 2 ** Math.min(tries, 10), LONGEST_PAUSE);
    const next = error.code === "offline" ? 0 : Date.now() + pause;
    onChange(await change(item.id, { sentence: error.sentence, code: error.code, tries, next }));
    // Without a line the rest need not be tried.
    return error.code !== "offline";
  }
}

// Sends what waits of the person who is signed in; one at a time on the whole phone, page and worker together.
// Gives when to come again (milliseconds from now, 0 for never by itself), or "signed-out" or "offline".
export async function sendAll({ meUrl, onChange = () => {}, isForced = false }) {
  const run = async () => {
    let me;
    try {
      me = await whoAmI(meUrl);
    } catch {
      return "offline";
    }
    if (me === null) return "signed-out";
    for (const item of await itemsOf(me.id)) {
      if (item.state !== "waiting" || (!isForced && (item.next ?? 0) > Date.now())) continue;
      try {
        if (!(await sendOne(item, { me, onChange }))) return "offline";
      } catch (error) {
        if (error instanceof SignedOut) return "signed-out";
        throw error;
      }
    }
    await tidy(me.id);
    const left = (await itemsOf(me.id)).filter((item) => item.state === "waiting");
    return left.length ? Math.max(Math.min(...left.map((item) => item.next ?? 0)) - Date.now(), 1000) : 0;
  };
  return navigator.locks ? navigator.locks.request("liasse-phone-send", run) : run();
}

// The proofs of the last fifty are kept.
async function tidy(who) {
  const received = (await itemsOf(who)).filter((item) => item.state === "received");
  for (const item of received.slice(0, -MOST_KEPT)) await remove(item.id);
}

export async function keepReceiptsFresh(me) {
  const open = (await itemsOf(me.id)).filter((item) => item.state === "received" && !item.settled);
  for (const file of me.files) {
    const asked = open.filter((item) => item.file === file.id).map((item) => item.receipt).slice(0, 50);
    if (!asked.length) continue;
    for (const told of await outcomes(file, asked)) {
      const item = open.find((one) => one.receipt === told.id);
      if (item) await change(item.id, outcomeOf(told));
    }
  }
  return open.length;
}
