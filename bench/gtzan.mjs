/**
 * @file The table of the literature on GTZAN's fault-filtered split: what published networks of music are worth as they are and
 * fine-tuned, a network from scratch, and the published accuracies. Each row is an `auricle train` per seed, whose run stays in `--out`.
 *
 *     npm run bench -- gtzan --data-folder ./music --seeds 3
 *     npm run bench -- gtzan --data ./my-genres --seeds 5
 *
 * `./music` holds `genres.tar.gz`, or the genres' folders: as such or in `genres/`, `genres_original/` or `Data/genres_original/`
 * (docs/data.md says where copies are). The lists of the split (20 kB) and the networks (29 MB) are downloaded, or put into `./music` by
 * hand: `train_filtered.txt`, `valid_filtered.txt` and `test_filtered.txt` of github.com/coreyker/dnn-mgr, and the wheel that
 * docs/pretrained.md names.
 *
 * `--data` takes other data with classes, with the split of its own. `--networks`, `--tuned` and `--scratch` choose the rows; "" is none.
 * Runs that are finished are not trained again, and others are resumed.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { FAULT_FILTERED, gtzanTable } from "./gtzan-table.mjs";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: "gtzan" },
    "data-folder": { type: "string" },
    "split-name": { type: "string" },
    seeds: { type: "string", default: "3" },
    out: { type: "string", default: "runs/gtzan-table" },
    threads: { type: "string" },
    networks: { type: "string", default: "musicnn-mtt,musicnn-msd,musicnn,vgg-mtt,vgg-msd" },
    tuned: { type: "string", default: "musicnn" },
    scratch: { type: "string", default: "mel-cnn" },
  },
});
const listed = (text) => text.split(",").filter((one) => one !== "");
const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const lines = await gtzanTable(
  {
    data: flags.data,
    splitName: flags["split-name"] ?? (flags.data === "gtzan" ? FAULT_FILTERED : ""),
    seeds: Number(flags.seeds),
    out: flags.out,
    networks: listed(flags.networks),
    tuned: listed(flags.tuned),
    scratch: listed(flags.scratch),
    options: ["data-folder", "threads"].flatMap((name) => (flags[name] ? [`--${name}`, flags[name]] : [])),
  },
  (args) => spawnSync(process.execPath, [command, ...args], { stdio: ["ignore", 2, 2] }).status ?? 1,
);
for (const line of lines) console.log(line);
