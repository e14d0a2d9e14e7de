import { expect, it } from "vitest";
import type { Dataset } from "../data/index.ts";
import { dense, sequential } from "../nn/index.ts";
import { floatArray } from "../tensor/array.ts";
import { evaluateBatches } from "./evaluate-batches.ts";

/** Very many small examples, which nothing is read for. */
const MANY: Dataset = {
  name: "many",
  length: 10_000_000,
  inputShape: [2],
  targetShape: [1],
  targetDtype: "float32",
  read: () => undefined,
};

it("gives the event loop its turns between batches, however short they are, and ends with the signal's reason", async () => {
  const model = sequential([dense({ units: 1, inputShape: [2] })], { threads: 1 });
  const stopping = new AbortController();
  // An event, as a message that says "stop" is one.
  setImmediate(() => stopping.abort(new Error("stopped")));
  let taken = 0;
  const evaluated = {
    model,
    config: {},
    task: "regression",
    targetScale: undefined,
    signal: stopping.signal,
  } as const;
  const use = { batchSize: 8, targetOf: () => new Float32Array(1), take: () => taken++ };
  await expect(evaluateBatches(evaluated, MANY, use)).rejects.toThrow("stopped");
  expect(taken).toBeGreaterThan(0);
});

it.each([
  ["classification", [NaN]],
  ["tagging", [NaN]],
  ["regression", [Infinity]],
] as const)("refuses answers that are not finite, of %s", async (task, [answer]) => {
  const model = sequential([dense({ units: 1, inputShape: [2], name: "sum" })], { threads: 1 });
  model.setWeights({ "sum/kernel": floatArray([1, 1], [2, 1]), "sum/bias": floatArray([answer], [1]) });
  const evaluated = { model, config: {}, task, targetScale: undefined } as const;
  const use = { batchSize: 8, targetOf: () => new Float32Array(1), take: () => expect.unreachable() };
  const two = { ...MANY, length: 2 };
  await expect(evaluateBatches(evaluated, two, use)).rejects.toThrow(
    `the model answers ${answer} to input 0 of 2`,
  );
});
