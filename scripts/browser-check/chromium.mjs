/** @file Headless Chromium on pages that this process serves. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, sep } from "node:path";

export const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** With these headers browsers let the page's threads share memory. */
export const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
/** Milliseconds for one page. */
const PATIENCE = 120_000;

export function findBrowser() {
  const names = process.env.CHROMIUM ? [process.env.CHROMIUM] : BROWSERS;
  return names.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
}

/**
 * Opens the page of an address in the browser and returns what the page posts to /result.
 * @param serve (resolve, reject) starts a server whose POST requests are given to `resolve`, and returns { address, close }
 * @param flags for the browser, beside those that all pages need
 */
export async function openPage(browser, serve, flags = []) {
  let server;
  let chromium;
  let timer;
  const profile = mkdtempSync(join(tmpdir(), "auricle-browser-"));
  try {
    return await new Promise((resolve, reject) => {
      const late = `the page gave no result in ${PATIENCE / 1000} seconds`;
      timer = setTimeout(() => reject(new Error(late)), PATIENCE);
      const receive = (request, response) =>
        readJson(request)
          .then(resolve, reject)
          .finally(() => response.end());
      serve(receive).then((started) => {
        server = started;
        // A group of its own: ending it ends the browser's other processes too.
        const options = { stdio: "ignore", detached: true };
        const all = [...FLAGS, ...flags, `--user-data-dir=${profile}`, server.address];
        chromium = spawn(browser, all, options);
        chromium.on("error", reject);
        chromium.on("exit", (code) => reject(new Error(`the browser ended with exit code ${code}`)));
      }, reject);
    });
  } finally {
    clearTimeout(timer);
    if (chromium) await end(chromium);
    await server?.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Serves a folder and returns what its page, opened in the browser, posts to /result. */
export function runInBrowser(browser, folder, headers, flags) {
  return openPage(browser, (receive) => serveFolder(folder, headers, receive), flags);
}

/** Serves a folder with headers. @param receive takes POST requests @returns its address, and a function that ends it */
export function serveFolder(folder, headers, receive) {
  const server = createServer((request, response) => {
    if (request.method === "POST") receive(request, response);
    else serveFile(folder, headers, request, response);
  });
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve({ address: `http://127.0.0.1:${server.address().port}/`, close }),
    );
  });
}

/** Ends a process that leads a group, with its group. */
async function end(leader) {
  if (leader.pid === undefined || leader.exitCode !== null) return;
  const ended = new Promise((resolve) => leader.once("exit", resolve));
  if (process.platform === "win32") leader.kill();
  else process.kill(-leader.pid, "SIGKILL");
  await ended;
}

async function readJson(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

function serveFile(folder, headers, { url }, response) {
  const { pathname } = new URL(url, "http://localhost");
  const path = join(folder, pathname === "/" ? "index.html" : decodeURIComponent(pathname));
  let content;
  try {
    if (!path.startsWith(folder + sep)) throw new Error("outside of the folder");
    content = readFileSync(path);
  } catch {
    response.writeHead(404).end();
    return;
  }
  response
    .writeHead(200, { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream", ...headers })
    .end(content);
}
