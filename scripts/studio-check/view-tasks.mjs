/** @file The longest task of each view: while it opens, while its sliders and choices are worked, and while it trains. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup.mjs";
import { tasksDuring } from "./tasks.mjs";

/** Milliseconds of a training that are looked at. */
const TRAINING = 5000;

/** Tries of what took long, the shortest of which counts: a processor's speed varies with what runs beside it. */
const TRIES = 3;

/** The part of a lesson that has its training, where that is not what is shown first. */
const TRAINING_PARTS = {
  answer: ["?part=train", "Train four networks"],
  adam: ["?part=network", /^Train with all four/],
  waveform: ["?part=learned", "Train the first layer"],
  regularisation: ["", /^Train all four on/],
  assignment: ["", "Train it"],
};

/**
 * @typedef {{ view: string, open: number, work: number, train?: number }} ViewTasks
 *   the longest tasks of the page's thread in milliseconds of the processor's time
 */

/**
 * @param {number} [limit] milliseconds; what takes longer is tried again
 * @returns {Promise<ViewTasks[]>} in the order of the lessons' names, the first view and the inspector before them
 */
export async function longestTasks(studio, limit = Infinity) {
  const lessons = readdirSync(join(root, "scripts", "studio-check", "lessons"))
    .map((file) => file.replace(/\.mjs$/, ""))
    .sort();
  const found = [];
  for (const [view, hash, ready] of [
    ["first view", "#/", "This network was trained while you read"],
    ["inspector", "#/inspect", "The sum behind it"],
  ])
    found.push({ view, ...(await shortest(limit, () => openAndWork(studio, hash, ready))) });
  for (const slug of lessons) {
    const own = await shortest(limit, () => openAndWork(studio, `#/learn/${slug}`));
    found.push({ view: slug, ...own, ...(await shortest(limit, () => train(studio, slug))) });
  }
  return found;
}

/** The least of each time over as many tries as it takes to keep to the limit. */
async function shortest(limit, measure) {
  const least = await measure();
  for (let tries = 1; tries < TRIES && Object.values(least).some((time) => time > limit); tries++)
    for (const [when, time] of Object.entries(await measure())) least[when] = Math.min(least[when], time);
  return least;
}

/** @param {string} [ready] the words that stand there when the view has its network */
async function openAndWork(studio, hash, ready) {
  const page = await studio.open("#/nowhere");
  const longestOf = async (run) => (await tasksDuring(studio.browser, page, run))[0] ?? 0;
  const open = await longestOf(async () => {
    await page.goto(`${studio.address}${hash}`);
    await page.reload();
    await page.locator("main h1").first().waitFor();
    if (ready) await page.getByText(ready).waitFor({ timeout: 60_000 });
    await page.waitForTimeout(2500);
  });
  const work = await longestOf(() => page.evaluate(workControls));
  await page.close();
  return { open, work };
}

/** Runs in the page: works every slider and every choice of the view. */
async function workControls() {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 60));
  const set = async (input, value) => {
    input.value = String(value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await pause();
  };
  for (const input of document.querySelectorAll("input[type=range]")) {
    const [low, high, before] = [Number(input.min), Number(input.max), input.value];
    for (const part of [0.1, 0.9, 0.5]) await set(input, low + part * (high - low));
    await set(input, before);
  }
  for (const input of document.querySelectorAll("input[type=radio], input[type=checkbox]")) {
    if (!input.isConnected) continue;
    input.click();
    await pause();
  }
}

async function train(studio, slug) {
  const [query, name] = TRAINING_PARTS[slug] ?? ["", /^Train/];
  const page = await studio.open(`#/learn/${slug}${query}`);
  try {
    await page.waitForTimeout(1500);
    const button = page.getByRole("button", { name }).first();
    if ((await button.count()) === 0) return {};
    const tasks = await tasksDuring(studio.browser, page, async () => {
      await button.click();
      await page.waitForTimeout(TRAINING);
    });
    return { train: tasks[0] ?? 0 };
  } finally {
    await page.close();
  }
}
