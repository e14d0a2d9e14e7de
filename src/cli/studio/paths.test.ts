/**
 * @file No address leads out of the folders of the app and the runs, or to a file that the studio does not show: made-up ways
 * that are known to work elsewhere, and thousands that a seeded generator makes of their parts.
 */

import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { platform } from "node:process";
import { expect, it } from "vitest";
import { deriveKey, Generator } from "../../random/generator.ts";
import { namesOf } from "./listed-path.ts";
import { APP, startStudio, type TestStudio } from "./testing/studio-server.ts";

const SECRET = "the secret of another folder";
/** The content of files that lie in a run's folder and are not shown. */
const HIDDEN = "hidden in a run";

const RUNS = {
  "one/config.json": '{"shown":1}',
  "one/report.html": "<p>shown",
  "one/notes.txt": HIDDEN,
  "one/.auricle-run": HIDDEN,
  "one/config.json.1234": HIDDEN,
  "one/lock-5": HIDDEN,
  "one/explanations/config.json": HIDDEN,
  "one/checkpoints/best.safetensors": HIDDEN,
  "seeds/a b#?%25/config.json": '{"shown":2}',
  "no-run/report.html": HIDDEN,
  "notes.txt": HIDDEN,
  "result.json": HIDDEN,
};

/** All that may come as an answer with 200. */
const SHOWN = new Set([...Object.values(APP).map(String), '{"shown":1}', "<p>shown", '{"shown":2}']);

/** A studio with secrets around its folders, and links out of them under names that are shown. */
async function studioWithSecrets(): Promise<TestStudio> {
  const studio = await startStudio(RUNS);
  const { folder, runs, app } = studio;
  const outside = join(folder, "outside");
  await mkdir(join(outside, "run"), { recursive: true });
  for (const name of ["secret.txt", "index.html", "config.json", "result.json"]) {
    for (const place of [folder, outside, join(outside, "run")]) await writeFile(join(place, name), SECRET);
  }
  const links: readonly (readonly [target: string, name: string])[] = [
    [join(outside, "config.json"), join(runs, "one", "result.json")],
    [join("..", "..", "outside", "config.json"), join(runs, "one", "metrics.csv")],
    [join(outside, "run"), join(runs, "linked")],
    [outside, join(runs, "all")],
    [runs, join(runs, "loop")],
    [join(runs, "one", "split.json"), join(runs, "one", "split.json")],
    [join(outside, "secret.txt"), join(app, "secret.txt")],
    [outside, join(app, "assets", "outside")],
    ["/", join(app, "root")],
  ];
  for (const [target, name] of links) await symlink(target, name);
  return studio;
}

// Windows makes links only for those who may.
const links = it.runIf(platform !== "win32");

async function requireSafe(studio: TestStudio, target: string): Promise<number> {
  const { status, body } = await studio.ask(target);
  const text = body.toString();
  expect([200, 400, 403, 404, 431], target).toContain(status);
  expect(text.includes(SECRET), target).toBe(false);
  if (status === 200 && !target.startsWith("/runs/index.json")) {
    // Nothing beside what is shown.
    expect(SHOWN.has(text) || SHOWN.has([...body].join(",")), `${target}: ${text.slice(0, 80)}`).toBe(true);
  }
  return status;
}

links("known ways out lead nowhere", { timeout: 60_000 }, async () => {
  const studio = await studioWithSecrets();
  const up = [
    "..",
    "%2e%2e",
    "%2E.",
    ".%2e",
    "..%2f..",
    "..%5c..",
    "..\\..",
    "%252e%252e",
    "..;",
    "....//",
    "..",
  ];
  const roots = ["", "/runs", "/runs/one", "/assets", "/runs/one/examples", "//", "/./", "/runs//one"];
  const ends = ["secret.txt", "outside/secret.txt", "index.html", "result.json", "config.json"];
  for (const root of roots) {
    for (const part of up) {
      for (const end of ends) {
        for (const times of [1, 2, 5]) {
          const status = await requireSafe(studio, `${root}/${`${part}/`.repeat(times)}${end}`);
          expect([400, 404], `${root} ${part} ${end}`).toContain(status);
        }
      }
    }
  }
  const absolute = join(studio.folder, "secret.txt");
  const others = [
    absolute,
    `/${absolute}`,
    encodeURIComponent(absolute),
    `/${encodeURIComponent(absolute)}`,
    `/runs/${encodeURIComponent(absolute)}`,
    `/runs/one/${encodeURIComponent(absolute)}`,
    `/runs/one/examples/${encodeURIComponent(absolute)}`,
    `/file:%2F%2F${encodeURIComponent(absolute)}`,
    "/C:/Windows/win.ini",
    "/C%3A%5CWindows%5Cwin.ini",
    "/runs/C:/secret.txt",
    "/%5C%5Cserver%5Cshare%5Csecret.txt",
    "/runs/one/config.json%00.html",
    "/runs/one/notes.txt%00config.json",
    "/secret.txt%00",
    "/index.html::$DATA",
    "/runs/one/config.json::$DATA",
    "/runs/one/config.json.",
    "/runs/one/CONFIG.JSON",
    "/runs/one/config.json/",
    "/runs/one/config.json/..",
    "/runs/one/notes.txt",
    "/runs/one/.auricle-run",
    "/runs/one/config.json.1234",
    "/runs/one/lock-5",
    "/runs/one/explanations/config.json/x",
    "/runs/no-run/report.html",
    "/runs/notes.txt",
    "/runs/result.json",
    // Links out of the folders.
    "/runs/one/result.json",
    "/runs/one/metrics.csv",
    "/runs/one/split.json",
    "/runs/linked/config.json",
    "/runs/all/config.json",
    "/runs/all/run/config.json",
    "/secret.txt",
    "/assets/outside/secret.txt",
    "/root/etc/hostname",
    `/root${absolute}`,
    // Examples are numbers.
    "/runs/one/examples/",
    "/runs/one/examples/-1",
    "/runs/one/examples/1e3",
    "/runs/one/examples/0x0",
    "/runs/one/examples/00",
    "/runs/one/examples/99999999999999999999",
    "/runs/one/examples/config.json",
  ];
  for (const target of others) {
    if (target.startsWith("%")) continue;
    expect([400, 404], target).toContain(await requireSafe(studio, target));
  }
  expect(studio.errors).toEqual([]);
});

links("what may be seen is seen, under its one name", async () => {
  const studio = await studioWithSecrets();
  for (const target of [
    "/runs/one/config.json",
    "/runs/%6fne/config.json",
    "/runs/seeds/a%20b%23%3F%2525/config.json",
    "/runs/loop/one/config.json",
    "/clip.wav",
    "/",
  ]) {
    expect(await requireSafe(studio, target), target).toBe(200);
  }
  // Decoded once: this is another name.
  expect(await requireSafe(studio, "/runs/seeds/a%2520b%23%3F%2525/config.json")).toBe(404);
});

const PIECES = [
  ..."/ . .. // /. /.. ; : ~ * ? | \\ % & = $ @ ! ' + ,".split(" "),
  ..."%2e %2E %2f %2F %5c %5C %00 %0a %0d %20 %23 %25 %252e %252f %c0%ae %c0%af %e0%80%ae %ff %u002e %".split(
    " ",
  ),
  ..."runs one seeds linked all loop outside secret.txt index.html config.json result.json report.html".split(
    " ",
  ),
  ..."examples 0 1 -1 index.json notes.txt .auricle-run assets root etc passwd proc self environ".split(" "),
  ..."C: c%3a file: http: CON NUL aux ::$DATA node_modules package.json .git".split(" "),
  "\u00e9",
  "\u00ff",
  "a".repeat(300),
];

/** Mostly ways that begin well, as those get furthest. */
function madeUpTarget(random: Generator): string {
  const starts = [
    "/",
    "/runs/",
    "/runs/one/",
    "/runs/one/examples/",
    "/assets/",
    "/runs/seeds/",
    "/runs/linked/",
  ];
  const count = 1 + random.integer(8);
  const pieces = Array.from({ length: count }, () => {
    const piece = PIECES[random.integer(PIECES.length)];
    return random.integer(2) === 0 ? piece : `${piece}/`;
  });
  const target = starts[random.integer(starts.length)] + pieces.join("");
  // Some have a letter exchanged for its code, once or twice.
  if (random.integer(3) > 0) return target;
  const at = random.integer(target.length - 1) + 1;
  const code = target.charCodeAt(at).toString(16).padStart(2, "0");
  return `${target.slice(0, at)}${random.integer(2) === 0 ? "%" : "%25"}${code}${target.slice(at + 1)}`;
}

links("3,000 made-up addresses lead nowhere", { timeout: 120_000 }, async () => {
  const studio = await studioWithSecrets();
  const random = new Generator(deriveKey(13, "addresses"));
  const seen = new Map<number, number>();
  for (let i = 0; i < 3000; i++) {
    const status = await requireSafe(studio, madeUpTarget(random));
    seen.set(status, (seen.get(status) ?? 0) + 1);
  }
  // The generator reaches what is shown, and is refused for several reasons.
  expect(seen.get(200)).toBeGreaterThan(0);
  expect(seen.get(400)).toBeGreaterThan(50);
  expect(seen.get(404)).toBeGreaterThan(1000);
  expect(studio.errors).toEqual([]);
});

it("names are decoded once, and by part", () => {
  expect(namesOf("/")).toEqual([""]);
  expect(namesOf("/a/b%2Fc/%252e?x=/../y")).toEqual(["a", "b/c", "%2e"]);
  expect(namesOf("/%ff")).toBeUndefined();
  expect(namesOf("/%")).toBeUndefined();
  expect(namesOf("a")).toBeUndefined();
  expect(namesOf("")).toBeUndefined();
});
