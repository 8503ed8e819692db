// Loads the screens without a network. The server puts one line above this one: const RELEASE = { version, paths }, so that
// any change of any file is another worker. Pages and modules come from the network while it answers; the kept ones serve
// where it does not. Nothing of the API is kept: the screens keep their board themselves.

const CACHE = `comanda-${RELEASE.version}`;
// Longer than this nobody waits for a page that is kept here, in ms: a screen must be back within two seconds.
const PATIENCE = 1200;
const OURS = new Set(RELEASE.paths);

self.addEventListener('install', (event) => {
  const fresh = RELEASE.paths.map((path) => new Request(path, { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const old = (name) => name.startsWith('comanda-') && name !== CACHE;
  const forget = (names) => Promise.all(names.filter(old).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(forget).then(() => self.clients.claim()));
});

// A page that was on its way while the worker claimed the others asks for itself.
self.addEventListener('message', (event) => {
  if (event.data === 'claim') event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin || !OURS.has(url.pathname)) return;
  event.respondWith(answer(event.request, url.pathname));
});

async function answer(request, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  const asked = fetch(request, kept && { signal: AbortSignal.timeout(PATIENCE) });
  try {
    const response = await asked;
    if (response.status < 500 || !kept) return response;
  } catch (error) {
    if (!kept) throw error;
  }
  return kept;
}
