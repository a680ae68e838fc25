// The files out of what was dropped, folders and all that is in them.

const MOST = 5000;
// What systems leave in folders by themselves; nobody means to hand it in.
const IS_LITTER = /^(\.DS_Store|\._.*|thumbs\.db|desktop\.ini)$/i;

const fileOf = (entry) => new Promise((resolve) => entry.file(resolve, () => resolve(null)));
const someOf = (reader) => new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));

async function walk(entry, found) {
  if (found.length >= MOST || IS_LITTER.test(entry.name)) return;
  if (entry.isFile) {
    const file = await fileOf(entry);
    if (file) found.push(file);
    return;
  }
  const reader = entry.createReader();
  // A browser gives a hundred entries at a time.
  for (let some = await someOf(reader); some.length; some = await someOf(reader)) {
    for (const one of some) await walk(one, found);
  }
}

export async function filesOf(transfer) {
  // The entries must be asked for before anything is waited for: the drop is over after that.
  const items = [...(transfer.items ?? [])].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.());
  if (!entries.length || entries.some((entry) => !entry)) return [...transfer.files];
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

export const withoutLitter = (files) => [...files].filter((file) => !IS_LITTER.test(file.name));
