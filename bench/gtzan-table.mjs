/** @file The table of bench/gtzan.mjs: what published networks are worth on data with classes, beside networks from scratch. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Accuracies on GTZAN's fault-filtered test part as published, in per cent: Pons and Serra, arXiv:1909.06654, a support vector machine
 * on features of MSD_musicnn, which is musicnn-msd here, and on MFCC.
 */
const PUBLISHED = /** @type {const} */ ([
  ["published: MFCC, SVM", 53.4],
  ["published: musicnn-msd, frozen, SVM", 77.2],
]);

/** The split of the literature. */
export const FAULT_FILTERED = "fault-filtered";

/**
 * Trains each method with each seed, unless its run is finished, and makes the table.
 * @param {{ data: string, splitName: string, seeds: number, out: string, networks: readonly string[], tuned: readonly string[],
 *   scratch: readonly string[], options: readonly string[] }} wanted networks that are taken as they are, and fine-tuned, and models that are
 *   trained from scratch; options of every training
 * @param {(args: readonly string[]) => Promise<number> | number} train runs `auricle train` with these arguments and gives its exit code
 * @returns {Promise<string[]>} its lines
 */
export async function gtzanTable({ data, splitName, seeds, out, networks, tuned, scratch, options }, train) {
  /** @type {readonly (readonly [name: string, options: readonly string[]])[]} */
  const methods = [
    ...networks.map((name) => /** @type {const} */ ([`${name}, frozen, linear`, ["--from", name]])),
    ...tuned.map(
      (name) => /** @type {const} */ ([`${name}, fine-tuned`, ["--from", name, "--transfer", "fine-tuned"]]),
    ),
    ...scratch.map((name) => /** @type {const} */ ([`${name} from scratch`, ["--model", name]])),
  ];
  /** @type {{ name: string, mean: string, each: string }[]} */
  const rows = [];
  let tested = 0;
  for (const [name, own] of methods) {
    const accuracies = [];
    for (let seed = 0; seed < seeds; seed++) {
      const run = join(out, name.replaceAll(/[^\w-]+/g, "-"), `seed-${seed}`);
      const result = join(run, "result.json");
      const place = existsSync(run) ? ["--resume", run] : ["--out", run];
      const split = splitName === "" ? [] : ["--split-name", splitName];
      const code = existsSync(result)
        ? 0
        : await train(["train", data, "--seed", String(seed), ...place, ...split, ...own, ...options]);
      // 3: no better than guessing, which is a result.
      if (code !== 0 && code !== 3)
        throw new Error(`${name}, seed ${seed}: the training ended with code ${code}`);
      const [first] = JSON.parse(readFileSync(result, "utf8")).evaluations;
      if (first.name !== "test") throw new Error(`${result}: there is no test part`);
      accuracies.push(first.accuracy);
      tested = first.examples;
    }
    const mean = accuracies.reduce((sum, one) => sum + one, 0) / accuracies.length;
    rows.push({ name, mean: percent(mean), each: accuracies.map(percent).join(" ") });
  }
  const published = data === "gtzan" && splitName === FAULT_FILTERED ? PUBLISHED : [];
  const width = Math.max(
    ...[...published.map(([name]) => name), ...rows.map(({ name }) => name)].map((name) => name.length),
  );
  return [
    `${data}${splitName && `, ${splitName}`}: accuracy in % on the ${tested} clips of the test part, the mean and each seed`,
    ...published.map(([name, accuracy]) => `${name.padEnd(width)}  ${accuracy.toFixed(1).padStart(5)}`),
    ...rows.map(({ name, mean, each }) => `${name.padEnd(width)}  ${mean.padStart(5)}  (${each})`),
  ];
}

/** @param {number} value */
const percent = (value) => (100 * value).toFixed(1);
