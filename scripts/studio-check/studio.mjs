/** @file The studio in a browser that a script drives. */
import { setTimeout } from "node:timers/promises";
import { chromium } from "playwright-core";
import { startStudio } from "./serve.mjs";

/** The messages on the console with which a page is not at fault. */
const HARMLESS = [/^Failed to load resource: .*favicon/];

/**
 * @typedef {import("playwright-core").Page & { problems: (expected?: RegExp) => string | undefined }} StudioPage
 *   `problems`: errors on the console, uncaught ones and violations of the content security policy, joined, without those that are
 *   expected; undefined if there are none
 */

/**
 * Starts the server and the browser.
 * @param {string} program the browser's program, by name or path
 * @param {readonly string[]} [flags] more of the browser's options
 */
export async function openStudio(program, flags = []) {
  const server = await startStudio();
  const browser = await chromium.launch({
    executablePath: program.includes("/") ? program : await pathOf(program),
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", ...flags],
  });
  return {
    address: server.address,
    browser,
    /**
     * Opens a view and waits until it is there.
     * @param {string} hash "#/learn/convolution?stride=2"
     * @param {import("playwright-core").BrowserContextOptions & { initScript?: () => void, fontDelay?: number }} [options] Default: 1,440 ×
     *   900, light; `initScript` runs in the page before its own scripts; `fontDelay` holds fonts back for so many milliseconds
     * @param {string} [address] of another server. Default: the studio's own
     * @returns {Promise<StudioPage>}
     */
    async open(hash, { initScript, fontDelay, ...options } = {}, address = server.address) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        reducedMotion: "reduce",
        permissions: ["clipboard-read", "clipboard-write"],
        ...options,
      });
      if (initScript) await context.addInitScript(initScript);
      if (fontDelay)
        await context.route("**/*.woff2", async (route) => {
          await setTimeout(fontDelay);
          await route.continue();
        });
      const page = await context.newPage();
      const problems = [];
      page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
      page.on("console", (message) => {
        const text = message.text();
        if (message.type() === "error" && !HARMLESS.some((pattern) => pattern.test(text)))
          problems.push(text);
      });
      await page.goto(`${address}${hash}`);
      await page.locator("main h1").first().waitFor();
      const close = () => context.close();
      return Object.assign(page, {
        problems: (expected) => {
          const others = problems.filter((problem) => !expected?.test(problem));
          return others.length === 0 ? undefined : others.join("; ");
        },
        close,
      });
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** The path of a program that is found by its name. */
async function pathOf(name) {
  const { spawnSync } = await import("node:child_process");
  const finder = process.platform === "win32" ? "where" : "which";
  return spawnSync(finder, [name], { encoding: "utf8" }).stdout.split("\n")[0].trim();
}

/** @param {unknown} got @param {unknown} wanted @returns what differs, undefined if nothing does */
export function difference(got, wanted) {
  const [one, other] = [got, wanted].map((value) => JSON.stringify(value));
  return one === other ? undefined : `got ${one}, wanted ${other}`;
}

/** Compares numbers up to a tolerance. @param {number} got @param {number} wanted @param {number} tolerance */
export function distance(got, wanted, tolerance) {
  return Math.abs(got - wanted) <= tolerance ? undefined : `got ${got}, wanted ${wanted} ± ${tolerance}`;
}

/** A number as the studio writes it: "−1,234.5" */
export function numberIn(text) {
  return Number(text.replaceAll(",", "").replace("−", "-"));
}
