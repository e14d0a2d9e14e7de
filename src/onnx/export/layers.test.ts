/** @file Every layer of the library in ONNX Runtime, for batches of any length. */
import { describe, expect, it } from "vitest";
import { graphNetwork } from "../../nn/network-builders.ts";
import { input, Model } from "../../nn/index.ts";
import { LAYER_CLASS_NAMES } from "../../nn/layers/index.ts";
import { LAYER_CASES } from "../../nn/testing/layer-cases.ts";
import { expectClose } from "../../testing/compare.ts";
import { testValues } from "../../testing/values.ts";
import { exportOnnx } from "../index.ts";
import { livelyWeights } from "./testing/built-in-models.ts";
import { openOnnx } from "./testing/run-onnx.ts";

const BATCHES = [1, 4];

describe.each(LAYER_CLASS_NAMES)("%s gives its numbers within 1e-4 of the largest", (className) => {
  LAYER_CASES[className].forEach(({ make, input: shapes }, i) => {
    it(`in case ${i + 1}`, async () => {
      const inputs = shapes.map((shape) => input({ shape }));
      const network = graphNetwork({ inputs, outputs: make().apply(inputs) }, { seed: 1 });
      livelyWeights(network);
      const model = new Model(network, { threads: 1 });
      const file = exportOnnx(model);
      const run = await openOnnx(file.bytes);
      const isEach = network.layers.some(({ layer }) => layer.config.each === true);
      expect(file.fixedBatch === undefined).toBe(!isEach);
      for (const batch of isEach ? [1] : BATCHES) {
        const x = shapes.map((shape, k) => testValues("normal", [batch, ...shape], 10 * batch + k));
        const expected = await model.predict(x);
        const [actual] = await run(Object.fromEntries(file.inputs.map(({ name }, k) => [name, x[k]])));
        expect(actual.shape).toEqual(expected.shape);
        expectClose(actual.data, expected.data, 1e-4, `${className}, batch of ${batch}`);
      }
    });
  });
});
