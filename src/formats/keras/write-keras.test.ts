/** @file The Python program that is written for Keras. tools/oracle/check_keras.py runs such programs. */
import { expect, it } from "vitest";
import * as layers from "../../nn/layers/index.ts";
import { model, sequential } from "../../nn/model.ts";
import { input } from "../../nn/symbolic.ts";
import { openNpz } from "../npy/index.ts";
import { writeKeras } from "./write-keras.ts";

it("builds the layers in order, with Python's words for constants and with what the model is about", () => {
  const made = sequential([
    layers.spatialDropout1d({ rate: 0.5, inputShape: [4, 3] }),
    layers.conv1d({ filters: 2, kernelSize: 3, useBias: false, name: "filters" }),
  ]);
  const { program } = writeKeras(made.network, { weightsFile: 'a "b".npz', about: ['Classes: "é".'] });
  expect(program).toContain(`"""The network sequential, written by Auricle.\n\nClasses: 'é'.\n"""`);
  expect(program).toContain("noise_shape=(None, 1, None)");
  expect(program).toContain(
    'layers.Conv1D(filters=2, kernel_size=(3,), strides=(1,), padding="valid", dilation_rate=(1,), use_bias=False, groups=1, activation="linear", name="filters")(y0)',
  );
  expect(program).toContain('.with_name("a \\"b\\".npz")');
  expect(program).toContain('    "filters": ["kernel"],');
});

it("calls a layer that is used twice by a name, and keeps its weights once", () => {
  const x = input({ shape: [4] });
  const shared = layers.dense({ units: 4, name: "twice" });
  const made = model({ inputs: x, outputs: shared.apply(shared.apply(x)) });
  const { program, weights } = writeKeras(made.network, { weightsFile: "m.npz" });
  expect(program.match(/layers\.Dense\(/g)).toHaveLength(1);
  expect(program).toMatch(/y0_0 = shared_0\(x\)\n {4}y0_1 = shared_0\(y0_0\)/);
  expect(openNpz(weights, "m.npz").names).toEqual(["twice/kernel", "twice/bias"]);
});
