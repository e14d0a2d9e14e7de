/** @file Trainings that are stopped while they validate or test: the epoch is kept, and they go on with what was not done. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeToneFolder } from "../runs/testing/recordings.ts";
import type { TrainingEvent } from "./events.ts";
import { openSession } from "./open-session.ts";
import type { TrainRequest } from "./session.ts";

const session = openSession();
const EPOCHS = 2;

let folder: string;
let request: TrainRequest;
let options: { readonly threads: number; readonly featureFolder: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auricle-test-"));
  const data = join(folder, "tones");
  await writeToneFolder(data, { clips: 12 });
  const split = [0.4, 0.4, 0.2] as const;
  request = { data, model: "notebook", window: 0.1, epochs: EPOCHS, split, target: "wasm" };
  options = { threads: 1, featureFolder: join(folder, "features") };
  await session.train(request, { ...options, out: join(folder, "whole") }).result();
  return () => rm(folder, { recursive: true, force: true });
});

/** Trains or goes on, and stops where an event says so. */
async function run(
  out: string,
  stopsAt: (event: TrainingEvent) => boolean,
  begin: "train" | "resume" = "resume",
) {
  const training =
    begin === "train"
      ? session.train(request, { ...options, out: join(folder, out) })
      : session.resume(join(folder, out), {}, options);
  const events: TrainingEvent[] = [];
  const outcome = await training.listen((event) => {
    events.push(event);
    if (stopsAt(event)) training.stop();
  });
  const batches = events.flatMap((event) => (event.kind === "batch" ? [event.progress.epoch] : []));
  const epochs = events.flatMap((event) => (event.kind === "epoch" ? [event.metrics.epoch] : []));
  return { outcome, batches: [...new Set(batches)], epochs };
}

const never = () => false;
const afterLastBatch = (epoch: number) => (event: TrainingEvent) =>
  event.kind === "batch" && event.progress.epoch === epoch && event.progress.batch === event.progress.batches;

/** The contents that must be the same in a run that was stopped: weights and figures, without times. */
async function contents(out: string) {
  const [last, best, previous] = await Promise.all(
    ["last", "best", "previous"].map(async (name) =>
      createHash("sha256")
        .update(await readFile(join(folder, out, `${name}.safetensors`)))
        .digest("hex"),
    ),
  );
  const metrics = (await readFile(join(folder, out, "metrics.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => ({ ...(JSON.parse(line) as object), seconds: null }));
  const result = await readFile(join(folder, out, "result.json"), "utf8");
  return { last, best, previous, metrics, result };
}

describe.each([1, EPOCHS])("stopped in the validation of epoch %i", (epoch) => {
  it("keeps the epoch, goes on with its validation, and gives the same bits", async () => {
    const out = `stopped-${epoch}`;
    const stopped = await run(out, afterLastBatch(epoch), "train");
    expect(stopped.outcome).toMatchObject({
      status: "interrupted",
      epochsDone: epoch - 1,
      epochs: EPOCHS,
    });
    // Stopped again before anything else is done.
    const again = await run(out, ({ kind }) => kind === "started");
    expect(again).toMatchObject({
      outcome: { status: "interrupted", epochsDone: epoch - 1 },
      batches: [],
      epochs: [],
    });
    const rest = await run(out, never);
    expect(rest.outcome).toMatchObject({ status: "finished" });
    const left = Array.from({ length: EPOCHS - epoch + 1 }, (_, i) => epoch + i);
    expect(rest).toMatchObject({ batches: left.slice(1), epochs: left });
    expect(await contents(out)).toEqual(await contents("whole"));
  });
});

it("stopped when it is trained, before it is tested, is tested when it goes on", async () => {
  const lastEpoch = (event: TrainingEvent) => event.kind === "epoch" && event.metrics.epoch === EPOCHS;
  const stopped = await run("untested", lastEpoch, "train");
  expect(stopped.outcome).toMatchObject({ status: "interrupted", epochsDone: EPOCHS });
  const rest = await run("untested", never);
  expect(rest).toMatchObject({ outcome: { status: "finished" }, batches: [], epochs: [] });
  expect(await contents("untested")).toEqual(await contents("whole"));
});
