/** @file Every view at two widths in both themes: axe, errors, overflow, and things that jump. */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup.mjs";

const WIDTHS = [390, 1440];
const THEMES = /** @type {const} */ (["light", "dark"]);
/** axe's impacts that are faults. */
const FAULTS = ["serious", "critical"];
/** Chromium's measure of layout shifts; below 0.1 is what web.dev calls good, we want next to none. */
const LARGEST_SHIFT = 0.02;
/** Milliseconds after which a view has what it computes at first. */
const SETTLED = 1000;

const axe = readFileSync(
  createRequire(join(root, "studio", "package.json")).resolve("axe-core/axe.min.js"),
  "utf8",
);

/** The addresses of all views: the fixed ones, and each lesson that the page lists. */
async function viewsOf(studio) {
  const page = await studio.open("#/learn");
  const lessons = await page
    .locator("main ol a")
    .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  await page.close();
  return ["#/", "#/learn", "#/inspect", ...lessons];
}

export async function checkViews({ studio, check, screenshots }) {
  for (const hash of await viewsOf(studio)) {
    // A view mostly waits, so its four forms are looked at together.
    const forms = WIDTHS.flatMap((width) => THEMES.map((theme) => ({ width, theme })));
    const found = await Promise.all(forms.map((form) => lookAt(studio, hash, form, screenshots)));
    for (const [what, problem] of found.flat()) check(what, problem);
  }
}

/** Looks for what is wrong with a view in one form. @returns pairs of a check and its problem, undefined where there is none */
async function lookAt(studio, hash, { width, theme }, screenshots) {
  const where = `${hash} at ${width} px, ${theme}`;
  const page = await studio.open(hash, {
    viewport: { width, height: width < 600 ? 844 : 900 },
    colorScheme: theme,
    // One form of each view gets its fonts after its text, as on a slow line.
    fontDelay: theme === "dark" ? SETTLED / 2 : undefined,
  });
  await page.evaluate(watchShifts);
  await page.waitForTimeout(SETTLED);
  const found = [
    [`${where}: axe`, await axeFaults(page)],
    [`${where}: nothing wider than the page`, await overflowOf(page)],
    [`${where}: nothing jumps`, await shiftsOf(page)],
    [`${where}: no errors`, page.problems()],
  ];
  if (screenshots) {
    const name = hash.replaceAll(/[^a-z0-9]+/gi, "-").replaceAll(/^-|-$/g, "") || "first";
    await page.screenshot({ path: join(screenshots, `${name}-${width}-${theme}.png`) });
  }
  await page.close();
  return found;
}

/** The serious faults that axe finds in a page as it is; undefined if there are none. */
export async function axeFaults(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const faults = found.violations.filter(({ impact }) => FAULTS.includes(impact));
  if (faults.length === 0) return undefined;
  return faults
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`)
    .join("; ");
}

/** The elements that make a page wider than its window; undefined if it is not. */
export async function overflowOf(page) {
  const { wide, by } = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth > limit;
    const by = [...document.querySelectorAll("main *")]
      .filter((element) => element.getBoundingClientRect().right > limit + 1)
      .slice(0, 3)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
    return { wide, by };
  });
  return wide ? `wider than the window: ${by.join(", ")}` : undefined;
}

/** Runs in the page: adds up what moves without having been asked to. */
function watchShifts() {
  globalThis.shifts = { sum: 0, of: [] };
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      globalThis.shifts.sum += value;
      globalThis.shifts.of.push(...sources.map(({ node }) => `${node?.nodeName}.${node?.className ?? ""}`));
    }
  }).observe({ type: "layout-shift", buffered: true });
}

async function shiftsOf(page) {
  const { sum, of } = await page.evaluate(() => globalThis.shifts);
  return sum <= LARGEST_SHIFT
    ? undefined
    : `shifts of ${sum.toFixed(3)}: ${[...new Set(of)].slice(0, 4).join(", ")}`;
}
