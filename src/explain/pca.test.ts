/** @file Principal components against closed forms and their defining properties. */
import { describe, expect, it } from "vitest";
import { floatArray } from "../tensor/array.ts";
import { expectClose } from "../testing/compare.ts";
import { pca } from "./index.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";
import { normal } from "./testing/models.ts";

describe("eigenvalues", () => {
  it("of [[2, 1], [1, 2]] are 3 and 1, along the diagonals", () => {
    const { values, vectors } = symmetricEigen([Float64Array.of(2, 0), Float64Array.of(1, 2)]);
    expectClose(values, [3, 1], 1e-15, "values");
    vectors.forEach((vector) =>
      expectClose(vector.map(Math.abs), [Math.SQRT1_2, Math.SQRT1_2], 1e-15, "vectors"),
    );
  });

  it("of the second difference of 20 points are 2 - 2 cos(kπ / 21)", () => {
    const rows = Array.from({ length: 20 }, (_, i) =>
      Float64Array.from({ length: 20 }, (_, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
    );
    const expected = Array.from({ length: 20 }, (_, i) => 2 - 2 * Math.cos(((20 - i) * Math.PI) / 21));
    expectClose(symmetricEigen(rows).values, expected, 1e-14, "values");
  });
});

it("of points on a line is the line, with all of the variance", () => {
  // (0, 0), (3, 4), (6, 8): along (0.6, 0.8) at -5, 0, 5
  const found = pca(floatArray([0, 0, 3, 4, 6, 8], [3, 2]), { components: 1 });
  expectClose(found.components.data, [0.6, 0.8], 1e-6, "component");
  expectClose(found.projected.data, [-5, 0, 5], 1e-6, "projected");
  expectClose(found.variances, [25], 1e-12, "variance");
  expectClose(found.shares, [1], 1e-12, "share");
  expectClose(found.mean, [3, 4], 1e-12, "mean");
});

it.each([
  ["more examples than numbers", [40, 6]],
  ["fewer examples than numbers", [6, 40]],
])(
  "with %s components are orthonormal, uncorrelated, and all of them restore the data",
  (_, [length, width]) => {
    const values = normal([length, width]);
    const count = Math.min(length - 1, width);
    const { projected, components, mean, variances, shares } = pca(values, { components: count });
    const row = (data: Float32Array, size: number, i: number) => data.subarray(i * size, (i + 1) * size);
    const product = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, x, i) => sum + x * b[i], 0);
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        const [u, v] = [row(components.data, width, a), row(components.data, width, b)];
        expect(product(u, v)).toBeCloseTo(a === b ? 1 : 0, 6);
        const along = (k: number) => Array.from({ length }, (_, i) => projected.data[i * count + k]);
        expect(product(along(a), along(b)) / (length - 1)).toBeCloseTo(a === b ? variances[a] : 0, 4);
      }
    }
    const restored = Array.from({ length: length * width }, (_, i) => {
      const [example, at] = [Math.floor(i / width), i % width];
      return (
        mean[at] +
        product(
          row(projected.data, count, example),
          components.data.filter((_, k) => k % width === at),
        )
      );
    });
    expectClose(restored, values.data, 1e-5, "restored");
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  },
);

it("signs do not depend on those of the data", () => {
  const values = normal([12, 4]);
  const turned = { shape: values.shape, data: values.data.map((value) => -value) };
  expectClose(pca(turned).components.data, pca(values).components.data, 1e-6, "components");
  for (const axis of [0, 1]) {
    const own = [...pca(values).components.data.subarray(4 * axis, 4 * axis + 4)];
    expect(Math.max(...own)).toBe(Math.max(...own.map(Math.abs)));
  }
});

it("of equal examples has no variance, and refuses what has no components", () => {
  expect(pca(floatArray([1, 2, 1, 2, 1, 2], [3, 2])).shares).toEqual([0, 0]);
  expect(() => pca(floatArray([1, 2], [1, 2]))).toThrow("takes [N, D] of at least two examples; got [1,2]");
  expect(() => pca(normal([3, 5]), { components: 3 })).toThrow(
    "components must be in 1 … 2 for [3,5]; got 3",
  );
  expect(() => pca(floatArray([1, NaN, 1, 1], [2, 2]), { components: 1 })).toThrow("example 0 has a NaN");
});
