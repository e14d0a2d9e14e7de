import { describe, expect, it } from "vitest";
import type { Model } from "../../nn/model.ts";
import { Model as NewModel } from "../../nn/model.ts";
import { networkFromConfig } from "../../nn/network-from-config.ts";
import type { FloatArray } from "../../tensor/array.ts";
import type { ImportedNetwork } from "./imported.ts";
import { readKeras, readKerasH5 } from "./read-keras.ts";
import { KERAS_2, KERAS_3 } from "./testing/keras-cases.ts";

function modelOf({ config, weights }: ImportedNetwork): Model<FloatArray | FloatArray[]> {
  return new NewModel(networkFromConfig(config, weights), { threads: 1 });
}

async function expectOutputs(imported: ImportedNetwork, one: (typeof KERAS_3)[number]) {
  const model = modelOf(imported);
  const found = await model.predict(one.inputs.length === 1 ? one.inputs[0] : one.inputs);
  const arrays = Array.isArray(found) ? found : [found];
  expect(arrays.map(({ shape }) => shape)).toEqual(one.outputs.map(({ shape }) => shape));
  arrays.forEach(({ data }, i) => {
    const expected = one.outputs[i].data;
    const largest = Math.max(...expected.map(Math.abs));
    const difference = Math.max(...data.map((value, j) => Math.abs(value - expected[j])));
    expect(difference, `output ${i}`).toBeLessThan(1e-5 * Math.max(1, largest));
  });
}

describe("models that Keras saved give Keras' outputs, to 1e-5", () => {
  for (const one of KERAS_3) {
    it(`Keras 3, .keras: ${one.name}`, () =>
      expectOutputs(readKeras(one.files[".keras"], "model.keras"), one));
    it(`Keras 3, .h5: ${one.name}`, () => expectOutputs(readKerasH5(one.files[".h5"], "model.h5"), one));
  }
  for (const one of KERAS_2) {
    it(`Keras 2, .h5: ${one.name}`, () => expectOutputs(readKerasH5(one.files[".h5"], "model.h5"), one));
  }
});

it("a file of weights alone says what to save in its place", () => {
  const [{ files }] = KERAS_3;
  expect(() => readKerasH5(files[".weights.h5"], "model.weights.h5")).toThrow(
    'model.weights.h5: holds weights without the layers that they belong to: name the network by --model, or save the whole model in Keras: model.save("model.keras")',
  );
});
