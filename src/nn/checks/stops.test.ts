import { expect, it } from "vitest";
import { floatArray } from "../../tensor/array.ts";
import { dense, sequential } from "../index.ts";
import { findLearningRate, overfitOneBatch } from "./index.ts";

const learner = sequential([dense({ units: 2, inputShape: [3] })], { threads: 1 });
learner.compile({ optimizer: "adam", loss: "meanSquaredError" });
const inputs = floatArray([1, 2, 3, 4, 5, 6], [2, 3]);
const targets = floatArray([1, 0, 0, 1], [2, 2]);

it.each<readonly [string, (signal: AbortSignal) => Promise<unknown>]>([
  [
    "findLearningRate",
    (signal) => findLearningRate(learner, [inputs, targets], { steps: 5_000_000, batchSize: 2, signal }),
  ],
  ["overfitOneBatch", (signal) => overfitOneBatch(learner, inputs, targets, { steps: 5_000_000, signal })],
])(
  "%s gives the event loop its turns, ends with the signal's reason, and puts the weights back",
  async (_name, check) => {
    const before = learner.getWeights();
    const stopping = new AbortController();
    setImmediate(() => stopping.abort(new Error("stopped")));
    await expect(check(stopping.signal)).rejects.toThrow("stopped");
    expect(learner.getWeights()).toEqual(before);
  },
);

it("findLearningRate tells each step's rate and loss", async () => {
  const told: (readonly [number, number])[] = [];
  const curve = await findLearningRate(learner, [inputs, targets], {
    steps: 20,
    batchSize: 2,
    onStep: (learningRate, loss) => told.push([learningRate, loss]),
  });
  expect(told).toEqual(curve.learningRates.map((rate, step) => [rate, curve.losses[step]]));
});
