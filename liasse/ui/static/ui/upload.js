// Sends files piece by piece by the tus protocol, and goes on by itself after a cut line. It draws nothing.
//
//   const send = sender({ url, token, who });
//   const receipt = await send(file, words, { signal, onProgress, onWait });
//
// `words` go into the upload's metadata (filename, side, cutting, owner, note). What was begun is remembered in this browser
// for its person (`who`): the same file chosen again, even after a reload, goes on where it stopped. A refusal is an `UploadError`.

const PIECE = 5 * 1024 * 1024;
const LONGEST_PAUSE = 30_000;
const MOST_TRIES = 8;
const TUS = { "Tus-Resumable": "1.0.0" };

export class UploadError extends Error {
  constructor(code, { sentence = "", status = 0 } = {}) {
    super(sentence || code);
    this.code = code;
    this.sentence = sentence;
    this.status = status;
  }
}

const encoded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const fingerprint = (file) => [file.webkitRelativePath || file.name, file.size, file.lastModified].join("|");

// What this browser began and did not finish. Without storage (a private window) nothing is remembered, and all else works.
export function memory(who) {
  const name = `liasse-uploads:${who}`;
  const all = () => {
    try {
      return JSON.parse(localStorage.getItem(name) ?? "{}");
    } catch {
      return {};
    }
  };
  const write = (entries) => {
    try {
      localStorage.setItem(name, JSON.stringify(entries));
    } catch {
      // Full or forbidden.
    }
  };
  return {
    all,
    get: (print) => all()[print],
    set: (print, entry) => write({ ...all(), [print]: entry }),
    delete: (print) => {
      const { [print]: _gone, ...rest } = all();
      write(rest);
    },
  };
}

// Waits, but no longer than until the line is back.
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener("online", end);
    signal?.addEventListener("abort", end);
  });
}

function ask(method, url, { headers, body, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    xhr.open(method, url);
    // A page that is signed out is told so, instead of being led to a form.
    for (const [name, value] of Object.entries({ ...TUS, "HX-Request": "true", ...headers })) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => onProgress?.(event.loaded);
    xhr.onload = () => resolve(xhr);
    xhr.onerror = () => reject(new UploadError("cut"));
    xhr.onabort = () => reject(new UploadError("cancelled"));
    xhr.onloadend = () => signal?.removeEventListener("abort", abort);
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    xhr.send(body);
  });
}

const number = (xhr, name) => Number(xhr.getResponseHeader(name) ?? Number.NaN);
const sentenceOf = (xhr) => {
  const isPlain = (xhr.getResponseHeader("Content-Type") ?? "").startsWith("text/plain");
  return isPlain && xhr.responseText.length < 400 ? xhr.responseText.trim() : "";
};

// Says what an answer means: nothing, "again" after a pause, or an error that ends it.
function judge(xhr) {
  if (xhr.status >= 200 && xhr.status < 300) return "";
  if ([409, 423, 460].includes(xhr.status)) return "again";
  if (xhr.status === 401) throw new UploadError("signed-out", { status: 401 });
  if (xhr.status === 429 || xhr.status >= 500) return "later";
  throw new UploadError("refused", { sentence: sentenceOf(xhr), status: xhr.status });
}

export function sender({ url, token, who }) {
  const known = memory(who);
  const headers = { "X-CSRFToken": token };

  async function begin(file, words, entry, signal) {
    const named = { filename: file.name, key: entry.key, ...words };
    const metadata = Object.entries(named).filter(([, value]) => value !== "");
    const told = metadata.map(([name, value]) => `${name} ${encoded(value)}`).join(",");
    const more = { "Upload-Length": String(file.size), "Upload-Metadata": told };
    return ask("POST", url, { headers: { ...headers, ...more }, signal });
  }

  // One step: begin it, ask where it stands, or send the next piece. Gives the offset, and the receipt at the end.
  async function step(file, words, state, { signal, onProgress }) {
    const { entry } = state;
    if (!entry.url) {
      const begun = await begin(file, words, entry, signal);
      const verdict = judge(begun);
      if (verdict) return { verdict, xhr: begun };
      entry.url = begun.getResponseHeader("Location");
      known.set(state.print, entry);
      return { offset: number(begun, "Upload-Offset") || 0, receipt: begun.getResponseHeader("Liasse-Receipt") };
    }
    if (state.offset === null) {
      const stands = await ask("HEAD", entry.url, { signal });
      if (stands.status === 404 || stands.status === 410) {
        if (state.isRenewed) throw new UploadError("refused", { status: 404 });
        // It expired, or was given up elsewhere: it is begun anew, once.
        Object.assign(state, { isRenewed: true, entry: { ...entry, url: "", key: newKey() } });
        known.set(state.print, state.entry);
        return { offset: null };
      }
      const verdict = judge(stands);
      if (verdict) return { verdict, xhr: stands };
      return { offset: number(stands, "Upload-Offset"), receipt: stands.getResponseHeader("Liasse-Receipt") };
    }
    const from = state.offset;
    const body = file.slice(from, from + PIECE);
    const more = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(from) };
    const grown = await ask("PATCH", entry.url, {
      headers: { ...headers, ...more },
      body,
      signal,
      onProgress: (loaded) => onProgress?.(Math.min(from + loaded, file.size)),
    });
    if (grown.status === 404 || grown.status === 410) return { offset: null };
    const verdict = judge(grown);
    if (verdict) return { verdict, xhr: grown };
    return { offset: number(grown, "Upload-Offset"), receipt: grown.getResponseHeader("Liasse-Receipt") };
  }

  async function send(file, words, { signal, onProgress, onWait } = {}) {
    const print = fingerprint(file);
    const there = known.get(print);
    const entry = there ?? { key: newKey(), url: "", name: file.name, size: file.size, at: Date.now() };
    known.set(print, entry);
    const state = { print, entry, offset: null, isRenewed: false };
    let tries = 0;
    let refused = 0;
    for (;;) {
      if (signal?.aborted) throw new UploadError("cancelled");
      try {
        const { offset = null, receipt, verdict, xhr } = await step(file, words, state, { signal, onProgress });
        if (receipt) {
          known.delete(print);
          return receipt;
        }
        if (verdict) {
          state.offset = null;
          if (verdict === "later") refused += 1;
          if (refused > MOST_TRIES) throw new UploadError("refused", { sentence: sentenceOf(xhr), status: xhr.status });
          const wished = Number(xhr.getResponseHeader("Retry-After")) * 1000 || 0;
          if (verdict === "later") onWait?.(sentenceOf(xhr));
          await pause(Math.min(wished || 1000, LONGEST_PAUSE), signal);
          continue;
        }
        state.offset = offset;
        if (offset !== null) onProgress?.(offset);
        onWait?.(null);
        tries = refused = 0;
      } catch (error) {
        if (error.code !== "cut") {
          if (error.code === "refused") known.delete(print);
          throw error;
        }
        // The line is cut: nobody knows how much of the piece came through, the server will say.
        state.offset = null;
        onWait?.("");
        await pause(Math.min(1000 * 2 ** tries, LONGEST_PAUSE), signal);
        tries += 1;
      }
    }
  }

  // Gives up what was begun, here and at the server; what is out of reach there expires by itself.
  async function forget(print) {
    const entry = known.get(print);
    known.delete(print);
    if (entry?.url) await ask("DELETE", entry.url, { headers }).catch(() => null);
  }

  return Object.assign(send, { forget, unfinished: () => known.all() });
}
