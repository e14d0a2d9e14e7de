/** @file The costs of the first view: the scripts that it loads, compressed, and how soon it answers. Times are told, not demanded. */
import { gzipSync } from "node:zlib";

/** Bytes of scripts, compressed by gzip, those of workers included. */
const MOST_SCRIPT = 250_000;

export async function checkSpeed({ studio, check }) {
  const context = await studio.browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  /** @type {Set<string>} */
  const scripts = new Set();
  page.on("worker", (worker) => scripts.add(worker.url()));
  page.on("response", (response) => {
    if (/javascript/.test(response.headers()["content-type"] ?? "")) scripts.add(response.url());
  });
  await page.goto(studio.address);
  await page.locator("main h1").waitFor();
  const shown = await page.evaluate(() => performance.now());
  await page.getByText("This network was trained while you read").waitFor({ timeout: 60_000 });
  const trained = await page.evaluate(() => performance.now());
  await context.close();

  const sizes = await Promise.all([...scripts].filter((url) => url.startsWith(studio.address)).map(sizeOf));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  const [shownAfter, trainedAfter] = [shown, trained].map((ms) => (ms / 1000).toFixed(2));
  console.log(`first view: shown after ${shownAfter} s, its network trained after ${trainedAfter} s`);
  console.log(`first view: ${sizes.length} scripts, ${(bytes / 1000).toFixed(1)} kB compressed`);
  const fits = bytes > 0 && bytes < MOST_SCRIPT;
  const known = sizes.map(({ path, size }) => `${path} ${size}`).join(", ");
  check("first view: scripts below 250 kB compressed", fits ? undefined : `${bytes} bytes: ${known}`);
}

/** @param {string} url */
async function sizeOf(url) {
  const body = new Uint8Array(await (await fetch(url)).arrayBuffer());
  return { path: new URL(url).pathname, size: gzipSync(body).length };
}
