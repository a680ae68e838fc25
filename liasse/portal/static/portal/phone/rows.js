// The lines of the app's lists: what waits to be sent, what is on its way, what was received, each with its sentence and its proof.

const find = (selector, within = document) => within.querySelector(selector);

export function list({ words, fill, state, onRemove, onAgain }) {
  const rows = new Map();

  const forget = (start) => {
    for (const id of [...rows.keys()]) if (id.startsWith(start)) rows.delete(id);
  };

  function fillWith(place, items) {
    const ids = new Set(items.map((item) => item.id));
    for (const row of [...place.children]) if (!ids.has(row.dataset.id)) row.remove();
    for (const [at, item] of items.entries()) {
      const row = rowOf(item);
      if (place.children[at] !== row) place.insertBefore(row, place.children[at] ?? null);
      paint(row, item);
    }
  }

  function rowOf(item) {
    const known = rows.get(item.id);
    if (known) return known;
    const row = find("[data-row]").content.firstElementChild.cloneNode(true);
    row.dataset.id = item.id;
    rows.set(item.id, row);
    find("[data-remove]", row).addEventListener("click", () => onRemove(row.item));
    find("[data-again]", row).addEventListener("click", () => onAgain(row.item));
    thumbnail(find("canvas", row), item.pages?.[0] ?? item.blob);
    return row;
  }

  // Drawn on a canvas: no address of a picture is made, so the page's policy stays as strict as it is.
  async function thumbnail(canvas, blob) {
    if (!blob) return;
    try {
      const bitmap = await createImageBitmap(blob, { resizeHeight: 112, resizeQuality: "medium" });
      Object.assign(canvas, { width: 112, height: 112 });
      canvas.getContext("2d").drawImage(bitmap, (112 - bitmap.width) / 2, 0);
      bitmap.close();
    } catch {
      canvas.classList.add("is-blank");
    }
  }

  function sentenceOf(item) {
    if (item.state === "draft") return item.isShared ? words.shared : "";
    if (item.state === "received") return item.sentence || words.received;
    if (item.state === "refused") {
      const own = { "no-access": words.noAccess, 404: words.noAccess, differs: words.differs };
      return own[item.code] ?? (item.sentence || words.refused);
    }
    const sent = state.progress.get(item.id);
    if (sent !== undefined) return fill(words.sending, { n: `${Math.floor(sent * 100)}\u202f%` });
    if (state.isOffline || item.code === "offline") return words.offline;
    return item.code ? [item.sentence, words.later].filter(Boolean)[0] : words.waiting;
  }

  function paint(row, item) {
    row.item = item;
    const count = item.pages?.length || item.count;
    const name = count ? `${item.name.replace(/\.zip$/, "")} · ${count > 1 ? fill(words.pages, { n: count }) : words.page}` : item.name;
    row.dataset.state = item.state;
    row.dataset.tone = item.state === "refused" ? "danger" : item.state === "received" ? item.tone : item.code ? "warn" : "";
    find("[data-name]", row).textContent = name;
    const line = find("[data-sentence]", row);
    if (line.textContent !== sentenceOf(item)) line.textContent = sentenceOf(item);
    const hints = item.state === "draft" ? (item.hints ?? []) : [];
    find("[data-hints]", row).hidden = !hints.length;
    find("[data-hints]", row).replaceChildren(...hints.map((hint) => Object.assign(document.createElement("li"), { textContent: words[hint] })));
    find("[data-again]", row).hidden = !(item.state === "refused" || (item.state === "waiting" && item.code && !state.progress.has(item.id)));
    find("[data-remove]", row).setAttribute("aria-label", fill(words.remove, { name }));
    const proof = find("[data-proof]", row);
    proof.hidden = item.state !== "received";
    if (!proof.hidden) {
      const time = new Date(item.receivedAt).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "medium" });
      proof.textContent = fill(words.proof, { number: item.number, time, hash: item.sha256.slice(0, 16) });
    }
    const made = find("[data-made]", row);
    made.hidden = !item.documents?.length;
    made.replaceChildren(...(item.documents ?? []).map(({ title, url }) => {
      const entry = document.createElement("li");
      entry.append(Object.assign(document.createElement("a"), { href: url, textContent: title }));
      return entry;
    }));
  }

  return { fill: fillWith, forget, rowOf, sentenceOf };
}
