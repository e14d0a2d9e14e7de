/**
 * @file One preparation of a folder of pictures in a process of its own. Prints one line of JSON.
 *
 *     node bench/auricle-pictures.mjs --folder pictures --cache cache --threads 2 --side 96
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { preparePixels } from "../dist/data/images/pixels/prepare-pixels.js";

const { values: flags } = parseArgs({
  options: {
    folder: { type: "string", default: "" },
    cache: { type: "string", default: "" },
    threads: { type: "string", default: "2" },
    side: { type: "string", default: "96" },
  },
});
const pictures = readdirSync(flags.folder).map((name) => ({ id: name, path: join(flags.folder, name) }));
const side = Number(flags.side);

const before = process.cpuUsage();
const began = performance.now();
const store = await preparePixels(pictures, {
  width: side,
  height: side,
  channels: 3,
  threads: Number(flags.threads),
  cacheFolder: flags.cache,
});
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(before);
if (store.problems.length > 0) throw new Error(store.problems[0].problem);
let sum = 0;
for (const picture of store.pictures) for (const byte of store.read(picture)) sum += byte;
const mean = sum / (store.pictures.length * side * side * 3);
console.log(
  JSON.stringify({ files: pictures.length, seconds, processorSeconds: (user + system) / 1e6, mean }),
);
