import { describe, expect, it } from "vitest";
import { Generator } from "../../random/generator.ts";
import { orthogonal } from "./orthogonal.ts";

/**
 * The largest deviation of the Gram matrix from gain² · identity, over the rows or the columns of a matrix.
 */
function deviation(values: Float32Array, rows: number, columns: number, over: "rows" | "columns", gain = 1) {
  const [count, length] = over === "rows" ? [rows, columns] : [columns, rows];
  const at = (vector: number, i: number) =>
    over === "rows" ? values[vector * columns + i] : values[i * columns + vector];
  let worst = 0;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      let product = 0;
      for (let i = 0; i < length; i++) product += at(a, i) * at(b, i);
      worst = Math.max(worst, Math.abs(product - (a === b ? gain ** 2 : 0)));
    }
  }
  return worst;
}

describe("orthogonal", () => {
  it("gives a high weight orthonormal columns: QᵀQ = I within 1e-5", () => {
    const values = orthogonal().initialize([150, 40], new Generator(3));
    expect(deviation(values, 150, 40, "columns")).toBeLessThan(1e-5);
  });

  it("gives a wide weight orthonormal rows: QQᵀ = I within 1e-5", () => {
    const values = orthogonal().initialize([40, 150], new Generator(3));
    expect(deviation(values, 40, 150, "rows")).toBeLessThan(1e-5);
  });

  it("gives a square weight both, even where the last columns are nearly determined", () => {
    const values = orthogonal().initialize([120, 120], new Generator(4));
    expect(deviation(values, 120, 120, "columns")).toBeLessThan(1e-5);
    expect(deviation(values, 120, 120, "rows")).toBeLessThan(1e-5);
  });

  it("takes filters [3,3,8,16] as a matrix of 3·3·8 = 72 rows and 16 columns, and multiplies by gain", () => {
    const values = orthogonal({ gain: 2 }).initialize([3, 3, 8, 16], new Generator(5));
    expect(deviation(values, 72, 16, "columns", 2)).toBeLessThan(4e-5);
  });

  it("draws both signs: the determinant of 2 x 2 matrices is 1 or -1 with probability one half", () => {
    const generator = new Generator(6);
    let positive = 0;
    for (let i = 0; i < 1000; i++) {
      const [a, b, c, d] = orthogonal().initialize([2, 2], generator);
      const determinant = a * d - b * c;
      expect(Math.abs(Math.abs(determinant) - 1)).toBeLessThan(1e-5);
      if (determinant > 0) positive++;
    }
    // Standard error √(1000/4) = 15.8; five of them.
    expect(Math.abs(positive - 500)).toBeLessThan(79);
  });

  it("is uniform: the first column of 4 x 4 matrices has mean 0 and variance 1/4 in each place", () => {
    const generator = new Generator(7);
    const [sums, squares] = [new Float64Array(4), new Float64Array(4)];
    for (let draw = 0; draw < 4000; draw++) {
      const values = orthogonal().initialize([4, 4], generator);
      for (let row = 0; row < 4; row++) {
        sums[row] += values[row * 4];
        squares[row] += values[row * 4] ** 2;
      }
    }
    for (let row = 0; row < 4; row++) {
      // On the 3-sphere E x² = 1/4, E x⁴ = 3/(4·6) = 1/8, so Var x² = 1/16; standard errors √(1/4/4000),
      // √(1/16/4000).
      expect(Math.abs(sums[row] / 4000)).toBeLessThan(5 * 0.0079);
      expect(Math.abs(squares[row] / 4000 - 0.25)).toBeLessThan(5 * 0.00395);
    }
  });

  it("gives the same bits for the same key", () => {
    const first = orthogonal().initialize([10, 6], new Generator(8));
    expect(orthogonal().initialize([10, 6], new Generator(8))).toEqual(first);
    expect(orthogonal().initialize([10, 6], new Generator(9))).not.toEqual(first);
  });

  it("draws a vector again when it is zero", () => {
    // The stream of this generator starts with a zero: Box and Muller's radius is 0 when the uniform is 0.
    class ZeroFirst extends Generator {
      override normal(): number {
        return this.counter++ === 0 ? 0 : -0.3;
      }
    }
    expect(orthogonal().initialize([1, 1], new ZeroFirst(1))).toEqual(new Float32Array([-1]));
  });

  it("refuses a weight with fewer than two axes", () => {
    expect(() => orthogonal().initialize([12], new Generator(1))).toThrow(
      /orthogonal: .*two axes; got \[12\]/,
    );
  });
});
