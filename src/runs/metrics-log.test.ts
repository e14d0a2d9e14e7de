import { appendFile, readFile, writeFile } from "node:fs/promises";
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

/** For what nothing is to be said of. */
function refuse(text: string): void {
  throw new Error(text);
}

const HEADER =
  "epoch,loss,accuracy,validationLoss,validationAccuracy,validationMacroF1,learningRate,seconds\n";

it("appends one line for each epoch to both files", async () => {
  const folder = await temporaryFolder();
  const log = await MetricsLog.open(folder, 0, [], refuse);
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
  const log = await MetricsLog.open(folder, 0, [], refuse);
  for (const epoch of [1, 2, 3]) await log.append(metricsOf(epoch));
  // What a process leaves that was killed, or whose disk was full, while it wrote.
  await appendFile(join(folder, "metrics.jsonl"), '{"epoch":4,"lo');
  await appendFile(join(folder, "metrics.csv"), "4,0.2");
  const resumed = await MetricsLog.open(folder, 2, [1, 2].map(storedOf), refuse);
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

/** As a checkpoint has them. */
function storedOf(epoch: number): EpochMetrics {
  return { ...metricsOf(epoch), seconds: null };
}

it("makes lines again that are damaged, gone or another training's, and keeps the times of the others", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "metrics.jsonl");
  const lines = [1, 2, 3, 4].map((epoch) => JSON.stringify(metricsOf(epoch)));
  // A damaged one, none, one with another loss, a right one, and one twice.
  const other = JSON.stringify({ ...metricsOf(3), loss: 7 });
  await writeFile(path, [lines[0].slice(5), other, lines[3], lines[3], ""].join("\n"));
  const said: string[] = [];
  const stored = [1, 2, 3, 4].map(storedOf);
  const log = await MetricsLog.open(folder, 4, stored, (text) => void said.push(text));
  expect(log.metrics).toEqual([storedOf(1), storedOf(2), storedOf(3), metricsOf(4)]);
  expect(await readMetrics(folder)).toEqual(log.metrics);
  expect((await readFile(join(folder, "metrics.csv"), "utf8")).split("\n")[1]).toBe("1,1,0.5,,,,0.001,");
  expect(said).toEqual([
    "metrics.jsonl: the metrics of 3 epochs, the first 1, were damaged or missing and were restored from the " +
      "checkpoint, without their durations",
  ]);
});

it("says which line is lost that no checkpoint has", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "metrics.jsonl"), `${JSON.stringify(metricsOf(1))}\n`);
  await expect(MetricsLog.open(folder, 2, [], refuse)).rejects.toThrow(
    "the line of epoch 2 is damaged or missing",
  );
});

it("has no epochs where there is no log", async () => {
  expect(await readMetrics(await temporaryFolder())).toEqual([]);
});
