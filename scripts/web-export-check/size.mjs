/** @file The size of the code that an exported page loads: all of the project's own, with its decoders, and what comes before any of them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** Decoders that are other projects', which are loaded when a file needs them. */
const FOREIGN = /mpg123|vorbis|opus|jpeg-source|webp-source/;
/** Decoders of this project's. */
const DECODERS = /decode-/;

/** Compressed kilobytes that the project's own code may take: in a visit, and before a file is decoded. */
const LIMITS = { sound: { all: 60, first: 32 }, pictures: { all: 45, first: 27 } };

export async function checkSize({ folder, check }) {
  for (const [name, limits] of Object.entries(LIMITS)) {
    const site = join(folder, `${name}-web`);
    const scripts = readdirSync(site, { recursive: true }).filter((file) => file.endsWith(".js"));
    const kilobytes = (files) =>
      files.reduce((sum, file) => sum + gzipSync(readFileSync(join(site, file)), { level: 9 }).length, 0) /
      1000;
    const own = scripts.filter((file) => !FOREIGN.test(file));
    const sizes = { all: kilobytes(own), first: kilobytes(own.filter((file) => !DECODERS.test(file))) };
    for (const [what, size] of Object.entries(sizes)) {
      const scope = what === "all" ? "all of our code" : "before a file is decoded";
      const problem = size < limits[what] ? undefined : `more than ${limits[what]} kB`;
      check(`${name}, ${scope}: ${size.toFixed(1)} kB compressed`, problem);
    }
  }
}
