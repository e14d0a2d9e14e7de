import { describe, expect, it } from "vitest";
import { floatArray, intArray } from "../tensor/array.ts";
import { arrayDataset } from "./array-dataset.ts";
import { labelsOf, type Dataset } from "./dataset.ts";
import { splitDataset } from "./split.ts";

/** A data set whose example i has the input i and the given label. */
function labelled(labels: readonly number[]): Dataset {
  return arrayDataset({
    name: "labelled",
    inputs: floatArray(
      labels.map((_, i) => i),
      [labels.length, 1],
    ),
    targets: intArray(labels, [labels.length]),
  });
}

/** The original index of each example of a part. */
async function originalIndices(part: Dataset): Promise<number[]> {
  const inputs = new Float32Array(part.length);
  await part.read(
    inputs.map((_, i) => i),
    inputs,
    new Int32Array(part.length),
  );
  return [...inputs];
}

async function countByClass(part: Dataset, classes: number): Promise<number[]> {
  const counts = new Array<number>(classes).fill(0);
  for (const label of await labelsOf(part)) counts[label]++;
  return counts;
}

describe("splitDataset", () => {
  const hundred = labelled(Array.from({ length: 100 }, (_, i) => (i < 70 ? 0 : i < 90 ? 1 : 2)));

  it.each([true, false])("puts every example in exactly one part (stratify: %s)", async (stratify) => {
    const parts = await splitDataset(hundred, [0.6, 0.3, 0.1], { seed: 3, stratify });
    expect(parts.map((part) => part.length)).toEqual([60, 30, 10]);
    const all = (await Promise.all(parts.map(originalIndices))).flat();
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it("gives each part the same share of each class", async () => {
    const [train, test] = await splitDataset(hundred, [0.8, 0.2]);
    // 70, 20 and 10 examples: 80 % of each are 56, 16 and 8.
    expect(await countByClass(train, 3)).toEqual([56, 16, 8]);
    expect(await countByClass(test, 3)).toEqual([14, 4, 2]);
  });

  it("gives a small part its share of the whole though each class alone is too small for it", async () => {
    // 20 classes of 5: a tenth of a class is half an example, a tenth of all is 10.
    const dataset = labelled(Array.from({ length: 100 }, (_, i) => i % 20));
    const [train, test] = await splitDataset(dataset, [0.9, 0.1]);
    expect(test.length).toBe(10);
    expect(Math.max(...(await countByClass(test, 20)))).toBe(1);
    expect(Math.min(...(await countByClass(train, 20)))).toBe(4);
  });

  it("is the same for the same seed and another for another", async () => {
    const order = async (seed?: number) =>
      originalIndices((await splitDataset(hundred, [0.5, 0.5], seed === undefined ? {} : { seed }))[0]);
    expect(await order(1)).toEqual(await order(1));
    expect(await order()).toEqual(await order(0));
    expect(await order(1)).not.toEqual(await order(2));
  });

  it("mixes the classes within a part", async () => {
    const [train] = await splitDataset(hundred, [0.8, 0.2]);
    const labels = [...(await labelsOf(train))];
    expect(labels).not.toEqual([...labels].sort());
  });

  it("is exact where the product of fraction and count is rounded", async () => {
    // 0.29 × 100 is 28.999999999999996 in binary arithmetic.
    const parts = await splitDataset(hundred, [0.29, 0.71], { stratify: false });
    expect(parts.map((part) => part.length)).toEqual([29, 71]);
  });

  it("splits a large data set", async () => {
    const large = labelled(new Array<number>(400_000).fill(0));
    const parts = await splitDataset(large, [0.75, 0.25]);
    expect(parts.map((part) => part.length)).toEqual([300_000, 100_000]);
  });

  it.each([[[0.5, 0.6]], [[1.5, -0.5]], [[0, 1]], [[NaN, 1]], [[]]])(
    "refuses the fractions %j",
    async (fractions) => {
      await expect(splitDataset(hundred, fractions)).rejects.toThrow(/"labelled": fractions must/);
    },
  );

  it("refuses a part without examples", async () => {
    await expect(splitDataset(labelled([0, 0, 1]), [0.99, 0.01])).rejects.toThrow(
      /part 1 with fraction 0.01 of 3/,
    );
  });

  it("splits float targets without strata, and refuses to stratify by them", async () => {
    const regression = arrayDataset({
      name: "regression",
      inputs: floatArray([1, 2, 3, 4], [4, 1]),
      targets: floatArray([1, 2, 3, 4], [4]),
    });
    expect((await splitDataset(regression, [0.5, 0.5])).map((part) => part.length)).toEqual([2, 2]);
    await expect(splitDataset(regression, [0.5, 0.5], { stratify: true })).rejects.toThrow(/class index/);
  });
});
