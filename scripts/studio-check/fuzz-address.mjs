/** @file Addresses that nobody would write: values that are none, out of range or for something else. Every view stands, and says nothing odd. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup.mjs";

/** Addresses for each view. */
const COUNT = 200;
/** Milliseconds that a view is given for each of them. */
const PAUSE = 25;

const VALUES = [
  ..."-1 0 1 2 3 5 7 64 100 1000 4095 99999999 1.5 0.001 -0 1e9 1e308 1e999 -1e999 NaN Infinity 0x10 ٣ __proto__ constructor".split(
    " ",
  ),
  ...[
    "",
    " ",
    " 3 ",
    "1,2",
    "1,2,3,4",
    ",,,",
    "1e308,-1e308",
    "NaN,NaN",
    "5,1",
    "0,0",
    "null",
    "undefined",
    "[]",
    "{}",
  ],
  ...["<img src=x onerror=alert(1)>", "%00", "%E0%A4%A", "💥", "..", "../../etc/passwd", "a".repeat(5000)],
  Array.from({ length: 300 }, (_, i) => i % 7).join(","),
];

export async function fuzzAddresses({ studio, check }) {
  const lessons = readdirSync(join(root, "studio", "src", "lessons"), { withFileTypes: true });
  const views = lessons
    .filter((entry) => entry.isDirectory() && entry.name !== "frame")
    .map(({ name }) => [`/learn/${name}`, join(root, "studio", "src", "lessons", name)]);
  for (const [path, folder] of [...views, ["/inspect", join(root, "studio", "src", "inspect")]])
    await fuzzView(studio, path, parametersIn(folder), check);
  await fuzzPaths(studio, check);
}

/** The names of a view's values in the address, with texts that its code has for them. */
function parametersIn(folder) {
  const found = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".svelte"))) {
    const source = readFileSync(join(folder, file), "utf8");
    for (const [, list] of source.matchAll(/addressed\(\{([\s\S]*?)\n {2}\}\)/g)) {
      for (const [, name, value] of list.matchAll(/^ {4}(\w+): (.*)$/gm))
        found.set(
          name,
          [...value.matchAll(/"([^"]*)"|\b(\d[\d.]*)\b/g)].map(([, text, digits]) => text ?? digits),
        );
    }
  }
  return found;
}

async function fuzzView(studio, path, parameters, check) {
  const random = randomFrom(17);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const queries = Array.from({ length: COUNT }, () => {
    const count = 1 + Math.floor(random() * 4);
    const parts = Array.from({ length: count }, () => {
      const name = pick([...parameters.keys()]);
      const value = random() < 0.4 ? pick(parameters.get(name)) : pick(VALUES);
      return `${name}=${random() < 0.8 ? encodeURIComponent(value ?? "") : (value ?? "")}`;
    });
    return parts.join(pick(["&", "&", "&", "&&", "?", "#"]));
  });
  const page = await studio.open(`#${path}`);
  const title = await page.locator("main h1").first().textContent();
  const problem = parameters.size === 0 ? "no values were found" : await visit(page, path, queries, title);
  check(`${path}: ${COUNT} odd addresses`, problem);
  await page.close();
}

async function visit(page, path, queries, title) {
  for (const query of queries) {
    const shown = await page.evaluate(
      async ([hash, pause]) => {
        location.hash = hash;
        await new Promise((resolve) => setTimeout(resolve, pause));
        // What stands in quotation marks is the address's own.
        const text = (document.querySelector("main")?.textContent ?? "").replaceAll(/“[^”]*”/g, "");
        return {
          title: document.querySelector("main h1")?.textContent,
          odd: /NaN|undefined|\[object/.exec(text)?.[0],
        };
      },
      [`${path}?${query}`, PAUSE],
    );
    const where = `at ?${query.slice(0, 200)}`;
    if (page.problems() !== undefined) return `${page.problems().slice(0, 300)} ${where}`;
    if (shown.title !== title) return `the view is gone ${where}`;
    if (shown.odd !== undefined) return `the page says “${shown.odd}” ${where}`;
  }
  return undefined;
}

async function fuzzPaths(studio, check) {
  const page = await studio.open("#/");
  const paths = [
    "/nothing",
    "/learn/nothing",
    "/learn/",
    "//",
    "/learn/__proto__",
    "/constructor",
    "/%",
    "/<b>",
    "/learn/tensors/x",
  ];
  const blank = [];
  for (const path of paths) {
    await page.evaluate((hash) => (location.hash = hash), path);
    await page.waitForTimeout(100);
    if ((await page.locator("main h1").count()) !== 1) blank.push(path);
  }
  check(
    "paths that lead nowhere say so",
    page.problems() ?? (blank.length === 0 ? undefined : `nothing is shown at ${blank.join(", ")}`),
  );
  await page.close();
}

/** Numbers from 0 to 1, the same each time (mulberry32). */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
