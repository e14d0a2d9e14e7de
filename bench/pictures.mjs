/**
 * @file Decoding and resizing of many jpegs to 96 × 96, side by side with Pillow in as many processes: for the first time, and from
 * the cache. The share of the processors says whether they all work, or wait for one.
 *
 *     npm run bench -- pictures --count 10000 --threads 2 --no-peers --json
 *
 * Pillow of .venv makes the pictures (`npm run peers` installs it).
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measure } from "./process.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const python = fileURLToPath(new URL("../.venv/bin/python", import.meta.url));

const { values: flags } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    threads: { type: "string", default: "2" },
    "no-peers": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
if (!existsSync(python)) throw new Error(`${python} is missing: npm run peers installs it`);

const folder = mkdtempSync(join(tmpdir(), "auricle-pictures-"));
const pictures = join(folder, "pictures");
const script = join(here, "peers", "pictures.py");

/** @param {string} cache */
const ours = (cache) =>
  measure(
    [process.execPath, "auricle-pictures.mjs"],
    ["--folder", pictures, "--cache", join(folder, cache), "--threads", flags.threads],
    here,
  );

/** @param {string} library @param {{ files: number, seconds: number, processorSeconds: number, error?: string }} result */
function print(library, { files, seconds, processorSeconds, error }) {
  if (error) return console.log(`${library.padEnd(28)}${error}`);
  const share = processorSeconds / (seconds * Number(flags.threads));
  const cells = [`${Math.round(files / seconds)}`, seconds.toFixed(1), `${Math.round(100 * share)} %`];
  console.log(library.padEnd(28) + cells.map((cell) => cell.padEnd(12)).join(""));
}

try {
  mkdirSync(pictures);
  const made = spawnSync(python, [script, "make", "--folder", pictures, "--count", flags.count], {
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(made.stderr);
  const read = ["read", "--folder", pictures, "--processes", flags.threads];
  const rows = [
    ["Auricle", ours("first")],
    ...(flags["no-peers"] ? [] : [["Pillow", measure([python, "pictures.py"], read, `${here}peers/`)]]),
    ["Auricle again", ours("second")],
    ["Auricle from the cache", ours("second")],
  ];
  if (flags.json) for (const [library, result] of rows) console.log(JSON.stringify({ library, ...result }));
  else {
    console.log(`${flags.count} jpegs of 320 × 240 to 96 × 96, ${flags.threads} threads or processes.`);
    console.log(
      "library".padEnd(28) + ["files/s", "seconds", "busy"].map((cell) => cell.padEnd(12)).join(""),
    );
    for (const [library, result] of rows) print(library, result);
  }
} finally {
  rmSync(folder, { recursive: true });
}
