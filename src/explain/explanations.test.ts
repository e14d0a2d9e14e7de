/** @file Explanations of two networks against PyTorch's autograd (tools/oracle/make_explanations.py). */
import * as z from "zod/mini";
import { describe, expect, it } from "vitest";
import {
  batchNormalization,
  conv1d,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePooling1d,
  maxPooling2d,
  reLU,
  sequential,
  softmax,
  type Model,
} from "../nn/index.ts";
import type { FloatArray, NumericArray } from "../tensor/array.ts";
import { expectClose } from "../testing/compare.ts";
import { fixtureCases } from "../testing/fixtures.ts";
import { gradCam, inputGradient, integratedGradients, occlusion, saliency } from "./index.ts";

const MODELS: Readonly<Record<string, () => Model>> = {
  image: () =>
    sequential(
      [
        conv2d({ name: "first", filters: 3, kernelSize: 3, padding: "same", inputShape: [8, 10, 2] }),
        batchNormalization({ name: "norm" }),
        reLU(),
        maxPooling2d(),
        conv2d({ name: "second", filters: 4, kernelSize: 3, activation: "relu" }),
        flatten(),
        dropout({ rate: 0.5 }),
        dense({ name: "answer", units: 3 }),
      ],
      { threads: 1 },
    ),
  wave: () =>
    sequential(
      [
        conv1d({
          name: "first",
          filters: 4,
          kernelSize: 5,
          strides: 2,
          activation: "relu",
          inputShape: [33, 1],
        }),
        conv1d({ name: "second", filters: 3, kernelSize: 3, padding: "same", activation: "relu" }),
        globalAveragePooling1d(),
        dense({ name: "answer", units: 2 }),
        softmax(),
      ],
      { threads: 1 },
    ),
};

const paramsSchema = z.object({
  classes: z.array(z.number()),
  steps: z.number(),
  paths: z.array(z.string()),
  window: z.array(z.number()),
  stride: z.array(z.number()),
  fill: z.number(),
});

const floats = ({ shape, data }: NumericArray): FloatArray => ({ shape, data: Float32Array.from(data) });

describe.each(fixtureCases("explanations", "explanations"))("$name", (golden) => {
  const { classes, steps, paths, window, stride, fill } = paramsSchema.parse(golden.params);
  const [x, ...weights] = golden.inputs.map(floats);
  const model = MODELS[golden.name]();
  model.setWeights(new Map(paths.map((path, i) => [path, weights[i]])));
  const expectGolden = ({ shape, data }: NumericArray, name: string, tolerance = 1e-5) => {
    const expected = golden.auxiliaryOutputs?.[name];
    expect(expected, name).toBeDefined();
    if (!expected) return;
    expect(shape).toEqual(expected.shape);
    expectClose(data, expected.data, tolerance, name);
  };

  it("the scores and the gradient by the input agree within 1e-5", async () => {
    const { values, scores } = await inputGradient(model, x, { class: classes });
    expectClose(scores, golden.output.data, 1e-5, "scores");
    expectGolden(values, "gradient");
  });

  it("gradient and gradient times input are what saliency gives", async () => {
    const { data: gradient } = golden.auxiliaryOutputs?.gradient ?? x;
    const magnitude = await saliency(model, x, { class: classes });
    expectClose(magnitude.values.data, gradient.map(Math.abs), 1e-5, "gradient's magnitude");
    const product = await saliency(model, x, { class: classes, method: "gradientTimesInput" });
    expectClose(
      product.values.data,
      gradient.map((value, i) => value * x.data[i]),
      1e-5,
      "product",
    );
  });

  it("integrated gradients agree within 1e-5", async () => {
    const { values, completeness } = await integratedGradients(model, x, {
      class: classes,
      steps,
      tolerance: Infinity,
    });
    expectGolden(values, "integrated");
    expect(completeness.every(({ steps: taken }) => taken === steps)).toBe(true);
  });

  it.each(["first", "second"])("Grad-CAM of layer %s agrees within 1e-5", async (layer) => {
    const found = await gradCam(model, x, { class: classes, layer });
    expectGolden(found.coarse, `${layer}/coarse`);
    expectGolden(found.map, `${layer}/map`);
    expect([found.layer, found.over]).toEqual([layer, model.network.inputNames[0]]);
  });

  it("occlusion agrees within 1e-5", async () => {
    const { falls } = await occlusion(model, x, { class: classes, window, stride, fill });
    expectGolden(falls, "occlusion");
  });
});
