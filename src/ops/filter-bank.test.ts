import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import { floatArray } from "../tensor/array.ts";
import { FilterBank, filterBank } from "./filter-bank.ts";

const MATRIX = floatArray(
  [
    [0, 2, 0, 3, 0],
    [0, 0, 0, 0, 0],
    [1, 0, 0, 0, 0],
    [0, 0, 0, 4, 5],
  ].flat(),
  [4, 5],
);

const rows = ({ filters }: FilterBank) =>
  filters.map(({ firstBin, weights }) => [firstBin, ...weights] as const);

describe("FilterBank", () => {
  it("keeps of a matrix what lies between each row's outermost weights", () => {
    const bank = FilterBank.fromMatrix(MATRIX);
    expect([bank.bands, bank.bins]).toEqual([4, 5]);
    expect(rows(bank)).toEqual([[1, 2, 0, 3], [0], [0, 1], [3, 4, 5]]);
  });

  it("can be transposed", () => {
    // Columns: [0,0,1,0], [2,0,0,0], [0,0,0,0], [3,0,0,4], [0,0,0,5].
    const bank = FilterBank.fromMatrix(MATRIX);
    const transposed = bank.transposed();
    expect([transposed.bands, transposed.bins]).toEqual([5, 4]);
    expect(rows(transposed)).toEqual([[2, 1], [0, 2], [0], [0, 3, 0, 0, 4], [3, 5]]);
    expect(rows(transposed.transposed())).toEqual(rows(bank));
  });

  it("refuses filters outside the bins and what is no matrix", () => {
    const weights = Float32Array.of(1, 2);
    expect(() => new FilterBank(5, [{ firstBin: 4, weights }])).toThrow(
      "filter 0 must lie in bins 0 to 4; got 2 weights from bin 4",
    );
    expect(() => new FilterBank(5, [{ firstBin: -1, weights }])).toThrow("from bin -1");
    expect(() => FilterBank.fromMatrix(floatArray([1, 2], [2]))).toThrow("must be [bands, bins]; got [2]");
  });
});

describe("filterBank", () => {
  it("multiplies rows of any rank by the matrix", () => {
    const fn = compile((x) => filterBank(x, MATRIX), [[2, 1, 5]], { threads: 1 });
    const { shape, data } = fn(floatArray([1, 2, 3, 4, 5, 10, 20, 30, 40, 50], [2, 1, 5]));
    expect(shape).toEqual([2, 1, 4]);
    // 2·2 + 3·4, 0, 1, 4·4 + 5·5
    expect([...data]).toEqual([16, 0, 1, 41, 160, 0, 10, 410]);
  });

  it("keeps what is not finite to the bands that hold its bin", () => {
    const fn = compile((x) => filterBank(x, MATRIX), [[1, 5]], { threads: 1 });
    expect([...fn(floatArray([Infinity, 1, 1, 1, NaN], [1, 5])).data]).toEqual([5, 0, Infinity, NaN]);
  });

  it("refuses another number of bins", () => {
    expect(() => filterBank(inputTensor([2, 6], "float32"), MATRIX)).toThrow(
      "its last axis must have the bank's 5 bins for 4 bands (at least 1); got [2,6]",
    );
    expect(() => filterBank(inputTensor([0, 5], "float32"), MATRIX)).toThrow("got [0,5]");
  });
});
