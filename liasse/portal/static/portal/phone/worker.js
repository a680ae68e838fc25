// The service worker of the phone app: the page without a line, what other apps share, and sending while the app is closed.
// It keeps the app's own page and its files, and nothing that belongs to a person.

export function start({ version, pages, assets, meUrl, sharePath }, queue) {
  const CACHE = `liasse-phone-${version}`;

  async function fill() {
    const cache = await caches.open(CACHE);
    // Without cookies: the page that is kept is nobody's.
    const fresh = (url) => new Request(url, { cache: "reload", credentials: "omit" });
    await cache.addAll([...Object.values(pages).map(fresh), ...assets.map((url) => new Request(url, { credentials: "omit" }))]);
  }

  async function page(request) {
    const language = (await queue.fact("language").catch(() => "")) || (navigator.language ?? "").slice(0, 2);
    const kept = await caches.match(pages[language] ?? pages.fr);
    return kept ?? fetch(request);
  }

  // What another app shares is put beside the drafts of whoever was signed in last; sent only once that person says so.
  async function shared(request) {
    const form = await request.formData();
    const files = form.getAll("files").filter((one) => one instanceof File && one.size);
    const me = await queue.fact("me");
    for (const [number, file] of files.entries()) {
      await queue.put({
        id: queue.newId(), who: me?.id ?? "", file: "", state: "draft", name: file.name || "document", blob: file, size: file.size,
        at: Date.now() + number, isShared: true,
      });
    }
    return Response.redirect(`${sharePath}?shared=${files.length}`, 303);
  }

  async function say() {
    for (const client of await self.clients.matchAll()) client.postMessage("changed");
  }

  self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
  self.addEventListener("activate", (event) => {
    const old = (name) => name.startsWith("liasse-phone-") && name !== CACHE;
    const clean = async () => {
      await Promise.all((await caches.keys()).filter(old).map((name) => caches.delete(name)));
      await self.clients.claim();
    };
    event.waitUntil(clean());
  });
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (url.pathname === sharePath && request.method === "POST") event.respondWith(shared(request));
    else if (request.method !== "GET") return;
    else if (url.pathname === sharePath && request.mode === "navigate") event.respondWith(page(request));
    else if (assets.includes(url.pathname + url.search)) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  });
  self.addEventListener("sync", (event) => {
    if (event.tag !== "liasse-phone") return;
    const sent = async () => {
      const left = await queue.sendAll({ meUrl });
      await say();
      // The browser comes again by itself when this fails.
      if (left === "offline") throw new Error(left);
    };
    event.waitUntil(sent());
  });
}
