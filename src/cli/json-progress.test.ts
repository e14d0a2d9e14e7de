import { expect, it } from "vitest";
import { soundConfigOf } from "../runs/testing/sound-config.ts";
import { JsonProgress } from "./json-progress.ts";
import { Terminal } from "./terminal.ts";
import { jsonLines } from "./testing/command-line.ts";
import { FakeStream } from "./testing/fake-stream.ts";

it("writes events to stdout, and what goes on between them to stderr", () => {
  const [out, err] = [new FakeStream(), new FakeStream(undefined, { isTTY: true })];
  const progress = new JsonProgress(new Terminal(out, err));
  progress.preparing({ done: 3, examples: 8, unit: "clips", audioSeconds: 1, rate: 2 });
  progress.note("Left out, as it cannot be used:\n  a.wav: empty file");
  const config = soundConfigOf();
  progress.started({
    path: "/runs/a",
    config,
    dataName: "tones",
    threads: 2,
    parameters: 9,
    examples: { train: 260, validation: 2 },
    axisNames: undefined,
    epochsDone: 1,
  });
  progress.batch({
    epoch: 2,
    batch: 1,
    batches: 9,
    loss: 1,
    accuracy: undefined,
    examples: 1,
    totalExamples: 9,
  });
  const metrics = {
    epoch: 2,
    loss: 0.5,
    accuracy: null,
    validationLoss: null,
    validationAccuracy: null,
    validationMacroF1: null,
    learningRate: 0.1,
    seconds: 2,
  };
  progress.epoch(metrics, false);
  progress.end();
  expect(jsonLines(out.text)).toEqual([
    {
      event: "start",
      run: "/runs/a",
      epochsDone: 1,
      parameters: 9,
      examples: { train: 260, validation: 2 },
      threads: 2,
      config,
    },
    { event: "epoch", ...metrics, isBest: false },
  ]);
  for (const text of ["3 of 8 clips", "a.wav: empty file\n", "Epoch 2, batch 1 of 9"]) {
    expect(err.text).toContain(text);
  }
});
