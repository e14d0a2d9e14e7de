/** @file Files that the library has written, read again: every layer and every built-in model gives the numbers that it gave. */
import { describe, expect, it } from "vitest";
import {
  conv2d,
  dense,
  flatten,
  input,
  leakyReLU,
  maxPooling2d,
  Model,
  batchNormalization,
  globalAveragePooling2d,
  add,
} from "../../nn/index.ts";
import { LAYER_CLASS_NAMES } from "../../nn/layers/index.ts";
import { graphNetwork } from "../../nn/network-builders.ts";
import type { Network } from "../../nn/network.ts";
import { LAYER_CASES } from "../../nn/testing/layer-cases.ts";
import { deriveKey, Generator } from "../../random/generator.ts";
import { expectClose } from "../../testing/compare.ts";
import { testValues } from "../../testing/values.ts";
import type { Shape } from "../../tensor/shape.ts";
import { livelyWeights } from "../export/testing/built-in-models.ts";
import { exportOnnx, importOnnx } from "../index.ts";

const BATCHES = [3];

/** Compares a network with what is read from its file; inputs may have their channels elsewhere only where a note says so. */
async function expectSame(network: Network, what: string): Promise<void> {
  livelyWeights(network);
  const model = new Model(network, { threads: 1 });
  const { network: again } = importOnnx(exportOnnx(model).bytes);
  expect(again.inputNames).toEqual(network.inputNames);
  const other = new Model(again, { threads: 1 });
  for (const batch of BATCHES) {
    const x = network.inputShapes.map((shape, k) => testValues("normal", [batch, ...shape], 10 * batch + k));
    const [expected, actual] = [
      await model.predict(x),
      await other.predict(x.map((one, k) => inOrder(one, again.inputShapes[k]))),
    ];
    expect(actual.shape).toEqual(expected.shape);
    expectClose(actual.data, expected.data, 1e-5, `${what}, batch of ${batch}`);
  }
}

/** Files of the library have no channels first: an input that is only filtered along its axes may be taken for one. */
function inOrder<T extends { readonly shape: Shape }>(array: T, shape: Shape): T {
  expect(array.shape.slice(1)).toEqual(shape);
  return array;
}

describe.each(LAYER_CLASS_NAMES)("a file of %s gives its numbers within 1e-5 of the largest", (className) => {
  LAYER_CASES[className].forEach(({ make, input: shapes }, i) => {
    it(`in case ${i + 1}`, async () => {
      const inputs = shapes.map((shape) => input({ shape }));
      await expectSame(graphNetwork({ inputs, outputs: make().apply(inputs) }, { seed: 1 }), className);
    });
  });
});

/** A small network by a seed: convolutions with skips, pooling, activations, a head. */
function randomNetwork(seed: number): Network {
  const random = new Generator(deriveKey(seed, "network"));
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.uniform() * list.length)];
  const x = input({ shape: [pick([7, 8, 11]), pick([6, 9]), pick([1, 2, 3])] });
  let value = conv2d({ filters: 4, kernelSize: pick([1, 3]), padding: "same" }).apply(x);
  for (let i = 0; i < 3; i++) {
    const before = value;
    value = conv2d({ filters: 4, kernelSize: 3, padding: pick(["same", 1]), groups: pick([1, 2, 4]), activation: pick(["relu", "silu", "tanh", "linear"]) }).apply(value); // prettier-ignore
    if (random.uniform() < 0.5) value = batchNormalization().apply(value);
    if (random.uniform() < 0.5) value = leakyReLU({ alpha: 0.2 }).apply(value);
    if (random.uniform() < 0.5) value = add().apply([before, value]);
    if (random.uniform() < 0.4) value = maxPooling2d({ poolSize: 2, padding: "same" }).apply(value);
  }
  const head = random.uniform() < 0.5 ? globalAveragePooling2d() : flatten();
  return graphNetwork({ inputs: x, outputs: dense({ units: 5 }).apply(head.apply(value)) }, { seed });
}

it("random networks give their numbers, and have no more general layers than activations need", async () => {
  for (let seed = 1; seed <= 12; seed++) await expectSame(randomNetwork(seed), `network ${seed}`);
});
