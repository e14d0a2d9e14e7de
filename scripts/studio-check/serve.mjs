/** @file The studio as `auricle studio` serves it. */
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { root } from "../setup.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wav": "audio/wav",
  ".jpg": "image/jpeg",
  ".woff2": "font/woff2",
};
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; " +
    "media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** @returns {Promise<{ address: string, close: () => Promise<void> }>} */
export async function startStudio() {
  const folder = join(root, "dist", "studio");
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url ?? "/", "http://localhost");
    const path = join(folder, pathname === "/" ? "index.html" : decodeURIComponent(pathname));
    try {
      if (!path.startsWith(folder + sep)) throw new Error("outside of the folder");
      const content = readFileSync(path);
      response
        .writeHead(200, { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream", ...HEADERS })
        .end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    address: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
