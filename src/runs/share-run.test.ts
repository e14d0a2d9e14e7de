import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import { localJob, onRanks } from "../distributed/testing/local-transport.ts";
import type { Ranks } from "../distributed/ranks.ts";
import { openSession, type RunOutcome, type TrainRequest } from "../session/index.ts";
import { prepareShare } from "./share-run.ts";
import { writeToneFolder } from "./testing/recordings.ts";

async function tones() {
  const folder = await temporaryFolder();
  const data = join(folder, "tones");
  await writeToneFolder(data, { clips: 6 });
  const request: TrainRequest = {
    data,
    model: "notebook",
    window: 0.1,
    epochs: 2,
    target: "wasm",
    batchSize: 6,
  };
  const train = async (name: string, values: Partial<TrainRequest>, ranks?: Ranks) => {
    const out = join(folder, "runs", name);
    const options = { threads: 1, featureFolder: join(folder, "features"), out, ...(ranks && { ranks }) };
    const outcome = await openSession()
      .train({ ...request, ...values }, options)
      .result();
    return { out, outcome };
  };
  return { folder, request, train };
}

function accuraciesOf(outcome: RunOutcome): unknown[] {
  if (outcome.status !== "finished") return [];
  return outcome.result.evaluations.map((one) => [one.name, one.task === "classification" && one.accuracy]);
}

it("2 ranks with a batch of 3 make the run of one process with a batch of 6: losses to 1e-5, every answer to 1e-4", async () => {
  const { train } = await tones();
  const alone = await train("alone", {});
  const all = await onRanks(localJob(2), (ranks) => train(`rank-${ranks.rank}`, { batchSize: 3 }, ranks));
  for (const { out, outcome } of all) {
    expect(JSON.parse(await readFile(join(out, "config.json"), "utf8"))).toMatchObject({ batchSize: 6 });
    if (outcome.status !== "finished" || alone.outcome.status !== "finished") throw new Error("interrupted");
    outcome.metrics.forEach(({ loss, validationLoss }, i) => {
      const wanted = alone.outcome.status === "finished" ? alone.outcome.metrics[i] : undefined;
      expect(Math.abs(loss - (wanted?.loss ?? NaN))).toBeLessThan(1e-5);
      expect(Math.abs((validationLoss ?? NaN) - (wanted?.validationLoss ?? NaN))).toBeLessThan(1e-4);
    });
    expect(accuraciesOf(outcome)).toEqual(accuraciesOf(alone.outcome));
  }
  // Rank 0 alone makes a report.
  await expect(readFile(join(all[0].out, "report.html"))).resolves.toBeDefined();
  await expect(readFile(join(all[1].out, "report.html"))).rejects.toThrow("ENOENT");
});

it("a learning rate is scaled by the number of ranks, which the run keeps, or by a factor; one process has none", async () => {
  const { train } = await tones();
  const scaled = { scaleLearningRate: true, schedule: "constant", learningRate: 0.001 } as const;
  const all = await onRanks(localJob(2), (ranks) =>
    train(`rank-${ranks.rank}`, { ...scaled, batchSize: 3 }, ranks),
  );
  const alone = await train("alone", { ...scaled, scaleLearningRate: 2 });
  for (const { out, outcome } of all) {
    expect(JSON.parse(await readFile(join(out, "config.json"), "utf8"))).toMatchObject({
      learningRate: 0.001,
      scaleLearningRate: 2,
    });
    if (outcome.status !== "finished" || alone.outcome.status !== "finished") throw new Error("interrupted");
    expect(outcome.metrics.map(({ learningRate }) => learningRate)).toEqual(
      alone.outcome.metrics.map(({ learningRate }) => learningRate),
    );
  }
  await expect(train("nowhere", scaled)).rejects.toThrow(
    "this process is alone; start it by mpirun, or give a factor",
  );
});

it("ranks with other options are refused before a run begins", async () => {
  const { train } = await tones();
  const errors = await onRanks(localJob(2), async (ranks) =>
    String(await train(`rank-${ranks.rank}`, { seed: ranks.rank }, ranks).catch((error: unknown) => error)),
  );
  for (const error of errors)
    expect(error).toMatch(/rank 1 differs from rank 0 in (the data|the options of the run)/);
});

it("2 ranks leave the cache that one process leaves", async () => {
  const { folder, request } = await tones();
  const prepared = async (name: string, ranks?: Ranks) => {
    const featureFolder = join(folder, name);
    const result = await openSession()
      .prepare(request, { threads: 1, featureFolder, ...(ranks && { ranks }) })
      .result();
    expect(result).toEqual({ kind: "sound", examples: 12, unusable: 0 });
    // Those of the features, and of what duplicates are found by.
    const names = (await readdir(featureFolder)).filter((file) => file.endsWith(".features")).sort();
    return Promise.all(names.map(async (file) => [file, await readFile(join(featureFolder, file))] as const));
  };
  const alone = await prepared("alone");
  expect(alone.length).toBe(24);
  for (const files of await onRanks(localJob(2), (ranks) => prepared("shared", ranks))) {
    expect(files).toEqual(alone);
  }
}, 240_000);

it("each rank prepares its share, and all wait for the last", async () => {
  const prepared: string[] = [];
  await onRanks(localJob(3), (ranks) =>
    prepareShare(ranks, [..."abcdefg"], (share) => {
      prepared.push(share.join(""));
      return Promise.resolve();
    }),
  );
  expect(prepared.sort()).toEqual(["adg", "be", "cf"]);
});
