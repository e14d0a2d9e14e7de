/**
 * @file Keeps an exported model for visits without a network. The files are those of one export: its version is the name of their cache,
 * and that of another export takes its place as a whole. All of them are given the headers that isolate a page, without which
 * browsers share no memory between threads.
 */

/** Written before this script by the export. */
declare const AURICLE_EXPORT: { readonly version: string; readonly files: readonly string[] };

/** The parts of service workers that are used; the types are those of pages. */
interface WaitingEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface FetchEvent extends WaitingEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface ServiceWorkerScope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}

const scope = globalThis as Partial<ServiceWorkerScope>;

/** The folder of the export. */
const FOLDER = new URL("./", self.location.href).href;
const PREFIX = `auricle ${FOLDER} `;
const CACHE = PREFIX + AURICLE_EXPORT.version;

const ISOLATION: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

function isWaiting(event: Event): event is WaitingEvent {
  return "waitUntil" in event;
}

function isFetch(event: Event): event is FetchEvent {
  return "respondWith" in event;
}

async function keepFiles(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Not those that the browser has from an earlier export.
  const requests = AURICLE_EXPORT.files.map(
    (file) => new Request(new URL(file, FOLDER), { cache: "reload" }),
  );
  await cache.addAll(requests);
  await scope.skipWaiting?.();
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await scope.clients?.claim();
}

async function keptOrFetched(request: Request, file: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(new URL(file, FOLDER));
  if (!kept) return fetch(request);
  const headers = new Headers(kept.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  const { status, statusText } = kept;
  return new Response(kept.body, { status, statusText, headers });
}

/** The file of the export that is asked for; undefined for anything else, which is none of this script's business. */
function fileOf({ method, url }: Request): string | undefined {
  const { origin, pathname } = new URL(url);
  const address = origin + pathname;
  if (method !== "GET" || !address.startsWith(FOLDER)) return undefined;
  const name = address.slice(FOLDER.length) || "index.html";
  return AURICLE_EXPORT.files.includes(name) ? name : undefined;
}

self.addEventListener("install", (event: Event) => {
  if (isWaiting(event)) event.waitUntil(keepFiles());
});
self.addEventListener("activate", (event: Event) => {
  if (isWaiting(event)) event.waitUntil(dropOthers());
});
self.addEventListener("fetch", (event: Event) => {
  const file = isFetch(event) ? fileOf(event.request) : undefined;
  if (isFetch(event) && file !== undefined) event.respondWith(keptOrFetched(event.request, file));
});

export {};
