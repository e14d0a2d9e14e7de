/** @file Trainings side by side with several numbers of threads; `scripts/interleaved-fits.mjs` does thousands. */
import { expect, it } from "vitest";
import { Model } from "../nn/model.ts";
import { adam } from "../nn/optimizers/index.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { testValues } from "../testing/values.ts";
import { intArray } from "../tensor/array.ts";
import { lenet5 } from "./index.ts";

const EXAMPLES = 128;
/** Rounds in which each number of threads has its turn. */
const ROUNDS = 5;

it.each(KERNEL_TARGETS)(
  "LeNet-5 trained with 1, 2 and 5 threads in turn has the same bits on %s",
  async (target) => {
    const x = testValues("normal", [EXAMPLES, 28, 28, 1], 1);
    const labels = Int32Array.from({ length: EXAMPLES }, (_, i) => (i * 7) % 10);
    const y = intArray(labels, [EXAMPLES]);
    const fit = async (threads: number) => {
      const model = new Model(lenet5(), { threads, target });
      model.compile({ optimizer: adam(), loss: "softmaxCrossEntropy" });
      const { loss } = await model.fit(x, y, { epochs: 2, batchSize: 64 });
      return { loss, weights: model.getWeights() };
    };
    const expected = await fit(1);
    for (let round = 0; round < ROUNDS; round++) {
      for (const threads of [1, 2, 5]) {
        expect(await fit(threads), `round ${round} with ${threads} threads`).toEqual(expected);
      }
    }
  },
);
