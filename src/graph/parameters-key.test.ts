import { describe, expect, it } from "vitest";
import { FilterBank, filterBank, spectrogram } from "../ops/index.ts";
import { add } from "../ops/arithmetic.ts";
import { WASM_TRAITS } from "../machine/wasm.ts";
import { floatArray } from "../tensor/array.ts";
import { fuse } from "./fusion.ts";
import { lowerGraph } from "./lower.ts";
import { parametersKey } from "./parameters-key.ts";
import { constantTensor, inputTensor } from "./sources.ts";
import type { Tensor } from "./tensor.ts";

describe("parametersKey", () => {
  it("is equal for equal data, in whatever memory it lies", () => {
    const one = { axes: [0, 1], window: Float64Array.of(1, 2, 3), name: "a" };
    const padded = new Float64Array([9, 1, 2, 3]).subarray(1);
    expect(parametersKey({ ...one, window: padded })).toBe(parametersKey(one));
    const bytes = Uint8Array.of(7, 1, 2, 3, 4, 5);
    expect(parametersKey({ bytes: bytes.subarray(1) })).toBe(parametersKey({ bytes: bytes.slice(1) }));
  });

  it("differs for data that differ in a number, its sign, a type or a length", () => {
    const different = [
      [0],
      [-0],
      [NaN],
      [Infinity],
      [null],
      ["0"],
      [0, 0],
      Float32Array.of(0),
      Float32Array.of(-0),
      Int32Array.of(0),
      Float32Array.of(0, 0),
      Uint8Array.of(0, 0, 0, 0, 0),
      Uint8Array.of(0, 0, 0, 0, 1),
      Uint8Array.of(0, 0, 0, 1, 0),
    ];
    expect(new Set(different.map((value) => parametersKey({ value }))).size).toBe(different.length);
  });

  it("differs for a thousand long arrays that differ in one element", () => {
    const keys = Array.from({ length: 1000 }, (_, i) => {
      const value = new Float32Array(1000);
      value[i] = 1;
      return parametersKey({ value });
    });
    expect(new Set(keys).size).toBe(1000);
  });
});

describe("equal operations on equal inputs", () => {
  const x = inputTensor([2, 512], "float32");
  const bank = (weight: number) =>
    new FilterBank(512, [{ firstBin: 3, weights: Float32Array.of(1, weight) }]);
  const window = () => Float64Array.from({ length: 64 }, (_, i) => i);

  /** How many tensors are left of two. */
  const merged = (one: Tensor, other: Tensor) => new Set([one, other].map(fuse([one, other]).nodeOf)).size;

  it("are done once, though their windows and filters are other objects", () => {
    const transform = () => spectrogram(x, { fftSize: 64, window: window() });
    expect(merged(transform(), transform())).toBe(1);
    expect(merged(filterBank(x, bank(2)), filterBank(x, bank(2)))).toBe(1);
    expect(merged(filterBank(x, bank(2)), filterBank(x, bank(3)))).toBe(2);
    const constant = (last: number) => constantTensor(floatArray([1, 2, last], [3]));
    expect(merged(constant(3), constant(3))).toBe(1);
    expect(merged(constant(3), constant(4))).toBe(2);
  });

  it("share their kernel and its tables", () => {
    const transform = () => spectrogram(x, { fftSize: 64, window: window() });
    const { calls } = lowerGraph(
      { inputs: [x], outputs: [add(transform(), transform())], assignments: [] },
      WASM_TRAITS,
    );
    expect(calls.filter(({ label }) => label.startsWith("spectrogram"))).toHaveLength(1);
  });

  it("do not include inputs of the graph, which have arguments of their own", () => {
    expect(merged(inputTensor([3], "float32"), inputTensor([3], "float32"))).toBe(2);
  });
});
