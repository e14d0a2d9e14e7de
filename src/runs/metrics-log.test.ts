import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import { MetricsLog, readMetrics, type EpochMetrics } from "./metrics-log.ts";

function metricsOf(epoch: number): EpochMetrics {
  return {
    epoch,
    loss: 1 / epoch,
    accuracy: 0.5,
    validationLoss: null,
    validationAccuracy: null,
    validationMacroF1: null,
    learningRate: 0.001,
    seconds: 2,
  };
}

const HEADER =
  "epoch,loss,accuracy,validationLoss,validationAccuracy,validationMacroF1,learningRate,seconds\n";

it("appends one line for each epoch to both files", async () => {
  const folder = await temporaryFolder();
  const log = await MetricsLog.open(folder, 0);
  expect(await readFile(join(folder, "metrics.csv"), "utf8")).toBe(HEADER);
  await log.append(metricsOf(1));
  await log.append({ ...metricsOf(2), validationLoss: 0.25, validationAccuracy: 0.75 });
  expect(await readFile(join(folder, "metrics.csv"), "utf8")).toBe(
    `${HEADER}1,1,0.5,,,,0.001,2\n2,0.5,0.5,0.25,0.75,,0.001,2\n`,
  );
  const lines = (await readFile(join(folder, "metrics.jsonl"), "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    metricsOf(1),
    { ...metricsOf(2), validationLoss: 0.25, validationAccuracy: 0.75 },
  ]);
  expect(await readMetrics(folder)).toHaveLength(2);
});

it("drops, when opened again, epochs beyond the checkpoint and half a line", async () => {
  const folder = await temporaryFolder();
  const log = await MetricsLog.open(folder, 0);
  for (const epoch of [1, 2, 3]) await log.append(metricsOf(epoch));
  // What a process leaves that was killed, or whose disk was full, while it wrote.
  await appendFile(join(folder, "metrics.jsonl"), '{"epoch":4,"lo');
  await appendFile(join(folder, "metrics.csv"), "4,0.2");
  const resumed = await MetricsLog.open(folder, 2);
  await resumed.append(metricsOf(3));
  expect((await readMetrics(folder)).map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  expect((await readFile(join(folder, "metrics.csv"), "utf8")).split("\n").map((line) => line[0])).toEqual([
    "e",
    "1",
    "2",
    "3",
    undefined,
  ]);
});

it("has no epochs where there is no log", async () => {
  expect(await readMetrics(await temporaryFolder())).toEqual([]);
});
