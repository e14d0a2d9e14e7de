/**
 * @file The costs of the first view, its scripts compressed and how soon it is there, and the longest tasks of all views. Times on the clock
 * are told, not demanded.
 */
import { gzipSync } from "node:zlib";
import { longestTasks } from "./view-tasks.mjs";

/** Bytes of scripts, compressed by gzip, those of workers included. */
const MOST_SCRIPT = 250_000;

/** Milliseconds of the processor's time that a task may take. */
const LONGEST_TASK = 100;

export async function checkSpeed({ studio, check }) {
  const { shown, trained, scripts } = await firstViewCosts(studio);
  const bytes = totalSize(scripts);
  console.log(
    `first view: shown after ${shown.toFixed(2)} s, its network trained after ${trained.toFixed(2)} s`,
  );
  console.log(`first view: ${scripts.length} scripts, ${(bytes / 1000).toFixed(1)} kB compressed`);
  const fits = bytes > 0 && bytes < MOST_SCRIPT;
  const known = scripts.map(({ path, size }) => `${path} ${size}`).join(", ");
  check("first view: scripts below 250 kB compressed", fits ? undefined : `${bytes} bytes: ${known}`);
  for (const { view, ...all } of await longestTasks(studio, LONGEST_TASK)) {
    const told = Object.entries(all).map(([when, milliseconds]) => `${when} ${Math.round(milliseconds)} ms`);
    check(
      `${view}: no task takes the processor more than ${LONGEST_TASK} ms (${told.join(", ")})`,
      Math.max(...Object.values(all)) <= LONGEST_TASK ? undefined : "longer than that",
    );
  }
}

/**
 * Opens the first view as one who has never been there.
 * @returns {Promise<{ shown: number, trained: number, scripts: readonly { path: string, size: number }[] }>} seconds until the view is
 *   there and until its network is trained; its scripts, those of workers included, with their compressed bytes
 */
export async function firstViewCosts(studio) {
  const context = await studio.browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  /** @type {Set<string>} */
  const urls = new Set();
  page.on("worker", (worker) => urls.add(worker.url()));
  page.on("response", (response) => {
    if (/javascript/.test(response.headers()["content-type"] ?? "")) urls.add(response.url());
  });
  await page.goto(studio.address);
  await page.locator("main h1").waitFor();
  const shown = await page.evaluate(() => performance.now() / 1000);
  await page.getByText("This network was trained while you read").waitFor({ timeout: 60_000 });
  const trained = await page.evaluate(() => performance.now() / 1000);
  await context.close();
  const own = [...urls].filter((url) => url.startsWith(studio.address));
  return { shown, trained, scripts: await Promise.all(own.map(sizeOf)) };
}

/** @param {readonly { size: number }[]} scripts */
export function totalSize(scripts) {
  return scripts.reduce((total, { size }) => total + size, 0);
}

/** @param {string} url */
async function sizeOf(url) {
  const body = new Uint8Array(await (await fetch(url)).arrayBuffer());
  return { path: new URL(url).pathname, size: gzipSync(body).length };
}
