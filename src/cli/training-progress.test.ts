import { expect, it } from "vitest";
import type { EpochMetrics, RunInfo } from "../runs/index.ts";
import { imageConfigOf } from "../runs/testing/image-config.ts";
import { soundConfigOf } from "../runs/testing/sound-config.ts";
import { FakeStream } from "./testing/fake-stream.ts";
import { TrainingProgress } from "./training-progress.ts";

const INFO: RunInfo = {
  path: "/home/me/runs/one",
  dataName: "fashion-mnist",
  config: imageConfigOf(),
  threads: 2,
  parameters: 61_706,
  examples: { train: 54_000, validation: 6_000 },
  axisNames: ["height", "width", "channel"],
  epochsDone: 0,
};

const METRICS: EpochMetrics = {
  epoch: 3,
  loss: 0.41234,
  accuracy: 0.85123,
  validationLoss: 0.39,
  validationAccuracy: 0.8612,
  validationMacroF1: null,
  learningRate: 0.001,
  seconds: 4.21,
};

const BATCH = {
  epoch: 3,
  batch: 422,
  batches: 844,
  loss: 0.41234,
  accuracy: 0.85123,
  examples: 27_008,
  totalExamples: 540_000,
};

it("writes one plain line for each epoch where there is no terminal", () => {
  const stream = new FakeStream();
  const progress = new TrainingProgress(stream);
  progress.started(INFO);
  progress.batch(BATCH);
  progress.epoch(METRICS, true);
  progress.epoch({ ...METRICS, epoch: 4, validationLoss: null, validationAccuracy: null }, false);
  progress.end();
  expect(stream.lines).toEqual([
    "lenet5 on fashion-mnist: 54,000 training images, 6,000 validation images",
    "61,706 parameters, adam, learning rate 0.001, batches of 64, seed 0",
    "wasm, 2 threads; run: /home/me/runs/one",
    "  epoch    loss  accuracy  validation loss  accuracy  macro F1       time",
    "   3/10  0.4123    0.8512           0.3900    0.8612         -      4.2 s  best",
    "   4/10  0.4123    0.8512                -         -         -      4.2 s",
  ]);
});

it("draws one line in a terminal, no wider than it, and gives the cursor back", () => {
  const stream = new FakeStream(undefined, { isTTY: true, columns: 80 });
  const progress = new TrainingProgress(stream);
  progress.started(INFO);
  stream.text = "";
  progress.batch(BATCH);
  // Hide the cursor, to the line's start, erase it.
  const [, drawn] = stream.text.split("\u001B[?25l\r\u001B[2K");
  expect(drawn).toMatch(
    /^Epoch 3\/10 [█▏▎▍▌▋▊▉ ]+ {2}50 % {2}loss 0\.412 {2}accuracy 0\.851 {2}0 images\/s {2}-:-- left$/,
  );
  expect([...drawn].length).toBeLessThanOrEqual(77);
  progress.end();
  expect(stream.text.endsWith("\r\u001B[2K\u001B[?25h")).toBe(true);
  const length = stream.text.length;
  progress.end();
  expect(stream.text).toHaveLength(length);
});

it("fits a narrow terminal too", () => {
  const stream = new FakeStream(undefined, { isTTY: true, columns: 50 });
  new TrainingProgress(stream).batch(BATCH);
  const [, drawn] = stream.text.split("\u001B[2K");
  expect([...drawn]).toHaveLength(47);
  expect(drawn.endsWith("…")).toBe(true);
});

const SOUND: RunInfo = {
  ...INFO,
  config: soundConfigOf(),
  dataName: "genres",
  examples: { train: 3_400, validation: 1 },
  axisNames: ["time", "frequency", "channel"],
  epochsDone: 2,
};

it("counts windows and clips of sound", () => {
  const stream = new FakeStream();
  const progress = new TrainingProgress(stream);
  progress.started(SOUND);
  progress.epoch({ ...METRICS, accuracy: null, validationMacroF1: 0.81 }, true);
  expect(stream.lines).toEqual([
    "mel-cnn on genres: 3,400 training windows, 1 validation clip",
    "61,706 parameters, adamw, learning rate 0.001, batches of 32, seed 0",
    "wasm, 2 threads; run: /home/me/runs/one",
    "Resuming after epoch 2 of 40",
    "  epoch    loss  accuracy  validation loss  accuracy  macro F1       time",
    "   3/40  0.4123         -           0.3900    0.8612    0.8100      4.2 s  best",
  ]);
});

it("wraps notes, but for lines that name files", () => {
  const stream = new FakeStream();
  const path = `  /music/${"long name ".repeat(10)}.wav: empty file`;
  new TrainingProgress(stream).note(`${"word ".repeat(30).trimEnd()}\n${path}`);
  expect(stream.lines).toEqual(["word ".repeat(16).trimEnd(), "word ".repeat(14).trimEnd(), path]);
});

it("shows how far the listening is, and how fast", () => {
  const stream = new FakeStream(undefined, { isTTY: true, columns: 80 });
  const progress = new TrainingProgress(stream);
  progress.preparing({ done: 250, examples: 1000, unit: "clips", audioSeconds: 4500, rate: 151.6 });
  expect(stream.text).toMatch(/Decoding [█▏▎▍▌▋▊▉ ]+ 250 of 1,000 clips {2}1:15:00 h, 152× real time/);
  progress.end();
});
