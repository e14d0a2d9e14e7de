/**
 * @file The headers that answers carry: what a browser may do with them. The studio's own development server and its tests take
 * them from here; docs/studio.md tells other hosts. Imports nothing.
 */

/** Header names and their values. */
export type Headers = Readonly<Record<string, string>>;

/** Sources by directive. */
type Policy = Readonly<Record<string, string>>;

function policyText(policy: Policy): string {
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`.trim())
    .join("; ");
}

/** Nothing is loaded, embedded, sent or framed. */
const NOTHING: Policy = {
  "default-src": "'none'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

/** Makes a page cross-origin isolated: only then do browsers share memory between threads. */
export const ISOLATION_HEADERS: Headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** All answers: taken for what they say they are, by pages of this address alone, which tell nobody where they are. */
const COMMON: Headers = {
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
};

/**
 * The app's files. Scripts and styles are files of this address, and no text is ever run; WebAssembly is compiled, and the
 * engine's threads start from a script in memory (`blob:`). Sounds and pictures made in the page are `blob:` and `data:`.
 */
export const APP_HEADERS: Headers = {
  ...COMMON,
  ...ISOLATION_HEADERS,
  "Content-Security-Policy": policyText({
    ...NOTHING,
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "worker-src": "'self' blob:",
    "connect-src": "'self'",
    "img-src": "'self' blob: data:",
    "media-src": "'self' blob: data:",
    "font-src": "'self'",
  }),
  "Permissions-Policy": "microphone=(self), camera=(), display-capture=(), geolocation=()",
};

/** Data that the app reads, no page of their own: files of runs, lists, refusals. */
export const DATA_HEADERS: Headers = {
  ...COMMON,
  "Content-Security-Policy": policyText({ ...NOTHING, sandbox: "" }),
};

/**
 * A run's report, opened beside the app. The page has a policy of its own, which names its script by its hash; this one holds
 * for whatever a folder has under that name: it runs apart from this address and can load nothing. HTML forbids `sandbox`
 * together with an opener policy.
 */
export const REPORT_HEADERS: Headers = {
  ...COMMON,
  "Content-Security-Policy": policyText({
    ...NOTHING,
    "script-src": "'unsafe-inline'",
    "style-src": "'unsafe-inline'",
    "img-src": "data:",
    "media-src": "data:",
    sandbox: "allow-scripts",
  }),
};
