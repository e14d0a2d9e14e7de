import { expect, it } from "vitest";
import { floatArray, Generator, Model } from "auricle";
import { activations } from "auricle/explain";
import { lenet5, lenet5Of1998 } from "auricle/models";
import { layersOf } from "./layers.ts";
import { unitSum } from "./unit-sum.ts";
import { PARAMETERS } from "./view.ts";

const ACTIVATIONS: Readonly<Record<string, (x: number) => number>> = {
  linear: (x) => x,
  tanh: Math.tanh,
  scaledTanh: (x) => 1.7159 * Math.tanh((2 * x) / 3),
};

it.each([
  ["lenet5", () => new Model(lenet5({ seed: 1 }), { threads: 1 }), 7],
  ["lenet5-1998", () => new Model(lenet5Of1998({ seed: 1 }), { threads: 1 }), 6],
] as const)(
  "%s: the parts of a unit's sum add up to what the engine computed, within 1e-5",
  async (_, make, sums) => {
    const model = make();
    const generator = new Generator(2);
    const image = floatArray(
      Float32Array.from({ length: 784 }, () => generator.uniform()),
      [1, 28, 28, 1],
    );
    const layers = layersOf(model);
    const outputs = await activations(
      model,
      image,
      layers.map(({ name }) => name),
    );
    const weights = model.getWeights();
    let checked = 0;
    for (const [i, layer] of layers.entries()) {
      const before = layers[i - 1];
      const [rows = 1, columns = 1] = layer.shape.length === 3 ? layer.shape : [1, 1];
      const channels = layer.shape.at(-1) ?? 1;
      for (const [row, column, channel] of [
        [0, 0, 0],
        [rows - 1, columns - 1, channels - 1],
        [rows >> 1, columns >> 2, channels >> 1],
      ]) {
        const value = outputs[layer.name].data[(row * columns + column) * channels + channel];
        const sum = unitSum(
          layer,
          { row, column, channel },
          {
            input: before ? outputs[before.name].data : image.data,
            weight: (name) => weights.get(`${layer.name}/${name}`)?.data ?? [],
            value,
          },
        );
        if (!sum) continue;
        expect(ACTIVATIONS[layer.activation](sum.total)).toBeCloseTo(value, 5);
        checked++;
      }
    }
    expect(checked).toBe(3 * sums);
  },
);

it("describes both networks as the paper does", () => {
  const usual = layersOf(new Model(lenet5(), { threads: 1 }));
  expect(usual.filter(({ kind }) => kind !== "other").map(({ title }) => title)).toEqual([
    "C1",
    "S2",
    "C3",
    "S4",
    "F5",
    "F6",
    "Output",
  ]);
  const published = layersOf(new Model(lenet5Of1998(), { threads: 1 }));
  expect(published.filter(({ kind }) => kind !== "other").map(({ title }) => title)).toEqual([
    "C1",
    "S2",
    "C3",
    "S4",
    "C5",
    "F6",
    "Output",
  ]);
  // A unit of C3 sees 5 + 1 · 1 pixels of S2's windows, 2 apart, each 5 + 1 wide: 4 · 2 + 6 = 14.
  expect(usual.find(({ title }) => title === "C3")?.field).toEqual({ size: 14, step: 2, start: -2 });
  expect(published.find(({ title }) => title === "C3")?.connections?.[15]).toHaveLength(6);
  // Trained: 156 + 12 + 1,516 + 32 + 48,120 + 10,164.
  expect(published.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(PARAMETERS[1998]);
  expect(usual.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(PARAMETERS.usual);
});
