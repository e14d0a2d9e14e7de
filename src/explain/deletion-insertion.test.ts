/** @file Deletion and insertion of models whose evidence is known. */
import { describe, expect, it } from "vitest";
import { conv2d, dense, flatten, sequential, type Model } from "../nn/index.ts";
import { floatArray, type FloatArray } from "../tensor/array.ts";
import { expectClose } from "../testing/compare.ts";
import { deletionInsertion, gradCam, occlusion } from "./index.ts";
import { normal } from "./testing/models.ts";

/** The score of class 0 is the sum of the four elements at rows 1, 2 and columns 1, 2; that of class 1 minus it. */
function squareModel(): Model {
  const model = sequential([flatten({ inputShape: [6, 6, 1] }), dense({ units: 2, name: "sum" })], {
    threads: 1,
  });
  const kernel = Array.from({ length: 72 }, (_, i) => {
    const [row, column] = [Math.floor(i / 12), Math.floor(i / 2) % 6];
    const isInside = row >= 1 && row <= 2 && column >= 1 && column <= 2;
    return isInside ? (i % 2 === 0 ? 1 : -1) : 0;
  });
  model.setWeights({ "sum/kernel": floatArray(kernel, [36, 2]), "sum/bias": floatArray([0.5, 0], [2]) });
  return model;
}

const ones = (): FloatArray => floatArray(new Float32Array(36).fill(1), [1, 6, 6, 1]);

/** Greatest on the square. */
const rightMap = (): FloatArray =>
  floatArray(
    Array.from({ length: 36 }, (_, i) => {
      const [row, column] = [Math.floor(i / 6), i % 6];
      return row >= 1 && row <= 2 && column >= 1 && column <= 2 ? 4 - row : 0;
    }),
    [1, 6, 6],
  );

describe("of a model that adds four elements", () => {
  it("has the scores of what is kept and covered", async () => {
    // 2 of 36 positions, then 4, then 18: the map's best first
    const parts = [2 / 36, 4 / 36, 0.5];
    const found = await deletionInsertion(squareModel(), ones(), rightMap(), { class: 0, parts, fill: 0 });
    expect(found).toMatchObject({ parts, whole: 4.5, nothing: 0.5, beaten: 8 });
    expect(found.own.kept).toEqual([2.5, 4.5, 4.5]);
    expect(found.own.covered).toEqual([2.5, 0.5, 0.5]);
    // ∫ kept: (0.5+2.5)/2·2/36 + (2.5+4.5)/2·2/36 + 4.5·32/36
    expect(found.own.insertion).toBeCloseTo(1.5 / 18 + 3.5 / 18 + 4, 6);
    expect(found.own.deletion).toBeCloseTo(3.5 / 18 + 1.5 / 18 + (0.5 * 32) / 36, 6);
    expect(found.random).toHaveLength(8);
  });

  it("is told the other way round where evidence lowers the score", async () => {
    const found = await deletionInsertion(squareModel(), ones(), rightMap(), { class: 1, fill: 0 });
    expect(found.whole).toBeLessThan(found.nothing);
    expect(found.beaten).toBe(8);
  });

  it("a wrong map is not better than random ones", async () => {
    const wrong = rightMap();
    const { beaten, own } = await deletionInsertion(
      squareModel(),
      ones(),
      { shape: wrong.shape, data: wrong.data.map((value) => -value) },
      { class: 0, fill: 0 },
    );
    expect(beaten).toBe(0);
    expect(own.kept[2]).toBe(0.5);
  });

  it("a flat map says nothing: its order is random, and it is not better", async () => {
    const flat = floatArray(new Float32Array(36), [1, 6, 6]);
    expect((await deletionInsertion(squareModel(), ones(), flat, { fill: 0 })).beaten).toBeLessThan(8);
  });
});

/** All numbers of a result, in their order. */
function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

it("is the mean over examples, the same for every batch size", async () => {
  const model = sequential(
    [
      conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 2], activation: "relu" }),
      flatten(),
      dense({ units: 3 }),
    ],
    { threads: 1, seed: 4 },
  );
  const x = normal([3, 6, 6, 2]);
  const { map, classes } = await occlusion(model, x, { window: 2 });
  const all = await deletionInsertion(model, x, map, { class: classes, masks: 2, batchSize: 7 });
  const atOnce = await deletionInsertion(model, x, map, { class: classes, masks: 2 });
  // Which algorithm is the fastest depends on the batch, and the last bits on the algorithm.
  expectClose(numbersIn(atOnce), numbersIn(all), 1e-6, "all at once");
  const raw = await model.predict(x);
  const mean = classes.reduce((sum, label, i) => sum + raw.data[3 * i + label] / 3, 0);
  expect(all.whole).toBeCloseTo(mean, 5);
});

it("takes the map of any method", async () => {
  const model = sequential(
    [conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1] }), flatten(), dense({ units: 2 })],
    { threads: 1 },
  );
  const { map } = await gradCam(model, ones());
  expect((await deletionInsertion(model, ones(), map)).own.kept).toHaveLength(4);
});

it.each<readonly [FloatArray, object, string]>([
  [floatArray([1, 2], [1, 2]), {}, "map one value for each, [1,6,6]; got [1,2]"],
  [rightMap(), { parts: [0.5, 0.2] }, "parts must rise between 0 and 1; got [0.5,0.2]"],
  [rightMap(), { masks: -1 }, "masks must be a whole number from 0; got -1"],
  [rightMap(), { fill: NaN }, 'deletionInsertion: fill must be a number or "mean"'],
  [floatArray(new Float32Array(36).fill(NaN), [1, 6, 6]), {}, "map must be finite; value 0 is NaN"],
])("refuses what does not fit", async (map, options, message) => {
  await expect(deletionInsertion(squareModel(), ones(), map, options)).rejects.toThrow(message);
});
