import { describe, expect, it } from "vitest";
import { floatArray, intArray } from "../tensor/array.ts";
import { arrayDataset, imageDataset } from "./array-dataset.ts";
import { labelsOf, subset, type Dataset } from "./dataset.ts";

/** Four examples of two numbers: example i is [10 i, 10 i + 1], its label 3 - i. */
function four(): Dataset {
  return arrayDataset({
    name: "four",
    inputs: floatArray([0, 1, 10, 11, 20, 21, 30, 31], [4, 2]),
    targets: intArray([3, 2, 1, 0], [4]),
    axisNames: ["feature"],
    classNames: ["a", "b", "c", "d"],
  });
}

async function readAll(dataset: Dataset): Promise<{ inputs: number[]; targets: number[] }> {
  const indices = Array.from({ length: dataset.length }, (_, i) => i);
  const inputs = new Float32Array(dataset.length * dataset.inputShape.reduce((a, b) => a * b, 1));
  const size = dataset.length * dataset.targetShape.reduce((a, b) => a * b, 1);
  const targets = dataset.targetDtype === "int32" ? new Int32Array(size) : new Float32Array(size);
  await dataset.read(indices, inputs, targets);
  return { inputs: [...inputs], targets: [...targets] };
}

describe("arrayDataset", () => {
  it("describes its examples", () => {
    const dataset = four();
    expect(dataset).toMatchObject({
      name: "four",
      length: 4,
      inputShape: [2],
      axisNames: ["feature"],
      targetShape: [],
      targetDtype: "int32",
      classNames: ["a", "b", "c", "d"],
    });
  });

  it("reads examples in the order asked for, with repeats, and leaves the rest of the arrays alone", () => {
    const inputs = new Float32Array(8).fill(-1);
    const targets = new Int32Array(4).fill(-1);
    four().read([2, 0, 2], inputs, targets);
    expect([...inputs]).toEqual([20, 21, 0, 1, 20, 21, -1, -1]);
    expect([...targets]).toEqual([1, 3, 1, -1]);
  });

  it("reads float targets of any shape", async () => {
    const dataset = arrayDataset({
      name: "regression",
      inputs: floatArray([1, 2], [2, 1]),
      targets: floatArray([0.5, 1.5, 2.5, 3.5], [2, 2]),
    });
    expect(dataset.targetShape).toEqual([2]);
    expect(dataset.targetDtype).toBe("float32");
    expect((await readAll(dataset)).targets).toEqual([0.5, 1.5, 2.5, 3.5]);
  });

  it("refuses different numbers of inputs and targets", () => {
    const options = { name: "odd", inputs: floatArray([1, 2, 3], [3, 1]), targets: intArray([0, 1], [2]) };
    expect(() => arrayDataset(options)).toThrow(/"odd".*inputs \[3,1\] and targets \[2\]/);
  });

  it("names the example and the place of a number that is not finite", () => {
    const inputs = floatArray([1, 2, 3, 4, 5, NaN], [3, 2]);
    const targets = intArray([0, 1, 0], [3]);
    expect(() => arrayDataset({ name: "hole", inputs, targets })).toThrow(
      /got NaN in the input of example 2 at position 1/,
    );
    const bad = floatArray([0, -Infinity], [2, 1]);
    const fine = floatArray([0, 0], [2, 1]);
    expect(() => arrayDataset({ name: "hole", inputs: fine, targets: bad })).toThrow(
      /got -Infinity in the target of example 1 at position 0/,
    );
  });

  it("refuses labels out of range, names which, and float labels under class names", () => {
    const inputs = floatArray([1, 2], [2, 1]);
    const classNames = ["a", "b"];
    const make = (labels: number[]) =>
      arrayDataset({ name: "l", inputs, targets: intArray(labels, [2]), classNames });
    expect(() => make([0, 2])).toThrow(/0 … 1.*got 2 for example 1/);
    expect(() => make([-1, 0])).toThrow(/got -1 for example 0/);
    expect(() => arrayDataset({ name: "l", inputs, targets: floatArray([0, 1], [2]), classNames })).toThrow(
      /one class index per example.*float32 targets of shape \[2\]/,
    );
    expect(() => arrayDataset({ name: "l", inputs, targets: intArray([0, -3], [2]) })).toThrow(
      /got -3 for example 1/,
    );
  });

  it("refuses axis names that do not fit the shape", () => {
    const inputs = floatArray([1, 2], [2, 1]);
    expect(() =>
      arrayDataset({ name: "x", inputs, targets: intArray([0, 0], [2]), axisNames: ["time", "frequency"] }),
    ).toThrow(/\[1\]; got 2: time, frequency/);
  });
});

describe("read", () => {
  it.each([-1, 4, 0.5, NaN])("refuses the index %d", (index) => {
    expect(() => four().read([0, index], new Float32Array(4), new Int32Array(2))).toThrow(
      /"four".*0 … 3; got .* at position 1/,
    );
  });

  it("refuses arrays that are too short, and targets of the wrong type", () => {
    expect(() => four().read([0, 1], new Float32Array(3), new Int32Array(2))).toThrow(
      /4 numbers in inputs; got 3/,
    );
    expect(() => four().read([0, 1], new Float32Array(4), new Int32Array(1))).toThrow(
      /2 numbers in targets; got 1/,
    );
    expect(() => four().read([0], new Float32Array(2), new Float32Array(1))).toThrow(
      /int32 targets; got .* float32/,
    );
  });
});

describe("imageDataset", () => {
  it("scales bytes to 0 … 1, rounded to float32", async () => {
    const dataset = imageDataset({
      name: "pixels",
      images: Uint8Array.of(0, 255, 51, 102, 1, 128),
      imageShape: [1, 2, 1],
      labels: Uint8Array.of(0, 1, 1),
      classNames: ["dark", "light"],
    });
    expect(dataset).toMatchObject({
      inputShape: [1, 2, 1],
      axisNames: ["height", "width", "channel"],
      length: 3,
    });
    const { inputs, targets } = await readAll(dataset);
    // 51 / 255 = 0.2 and 102 / 255 = 0.4.
    expect(inputs).toEqual([0, 1, 0.2, 0.4, 1 / 255, 128 / 255].map(Math.fround));
    expect(targets).toEqual([0, 1, 1]);
  });

  it("refuses counts that do not fit and labels out of range", () => {
    const options = { name: "i", imageShape: [2, 2, 1] as const, classNames: ["a"] };
    expect(() => imageDataset({ ...options, images: new Uint8Array(7), labels: [0, 0] })).toThrow(
      /8 bytes; got 7/,
    );
    expect(() => imageDataset({ ...options, images: new Uint8Array(4), labels: [1] })).toThrow(
      /got 1 for example 0/,
    );
  });
});

describe("subset", () => {
  it("is the chosen examples in their order, and a subset of it likewise", async () => {
    const part = subset(four(), [3, 1, 1]);
    expect(part).toMatchObject({ length: 3, classNames: ["a", "b", "c", "d"], axisNames: ["feature"] });
    expect(await readAll(part)).toEqual({ inputs: [30, 31, 10, 11, 10, 11], targets: [0, 2, 2] });
    expect(await readAll(subset(part, [1, 0], "again"))).toEqual({
      inputs: [10, 11, 30, 31],
      targets: [2, 0],
    });
    expect(subset(part, [1, 0], "again").name).toBe("again");
  });

  it("refuses indices outside of the whole, and reading outside of itself", () => {
    expect(() => subset(four(), [0, 4])).toThrow(
      /subset takes example indices in 0 … 3; got 4 at position 1/,
    );
    const part = subset(four(), [0]);
    expect(() => part.read([1], new Float32Array(2), new Int32Array(1))).toThrow(/0 … 0; got 1/);
  });
});

describe("labelsOf", () => {
  it("gives the labels that the data set knows, also of a subset", async () => {
    expect([...(await labelsOf(four()))]).toEqual([3, 2, 1, 0]);
    expect([...(await labelsOf(subset(four(), [2, 0])))]).toEqual([1, 3]);
  });

  it("reads them where the data set does not know them", async () => {
    const length = 150; // more than two reads of 64
    const dataset: Dataset = {
      name: "lazy",
      length,
      inputShape: [3],
      targetShape: [],
      targetDtype: "int32",
      read: (indices, _inputs, targets) => {
        for (let i = 0; i < indices.length; i++) targets[i] = indices[i] % 7;
        return Promise.resolve();
      },
    };
    expect([...(await labelsOf(dataset))]).toEqual(Array.from({ length }, (_, i) => i % 7));
  });

  it("refuses targets that are no class indices", async () => {
    const dataset = arrayDataset({
      name: "r",
      inputs: floatArray([1], [1, 1]),
      targets: floatArray([1], [1]),
    });
    await expect(labelsOf(dataset)).rejects.toThrow(/"r".*float32 of shape \[\]/);
  });
});
