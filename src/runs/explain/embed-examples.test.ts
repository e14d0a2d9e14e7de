import { expect, it } from "vitest";
import { layoutsOf } from "./embed-examples.ts";

it("two groups lie apart in both layouts, and the same seed gives the same places", async () => {
  const data = Float32Array.from(
    { length: 20 * 3 },
    (_, i) => (Math.floor(i / 30) === 0 ? 0 : 10) + (i % 7) / 10,
  );
  const { layouts, share } = await layoutsOf({ shape: [20, 3], data }, 1);
  expect(layouts.map(({ key }) => key)).toEqual(["pca", "umap"]);
  expect(share).toBeGreaterThan(0.99);
  for (const { places } of layouts) {
    const along = (from: number, to: number) => Array.from(places.subarray(2 * from, 2 * to));
    const middle = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [one, other] = [along(0, 10), along(10, 20)];
    const axis = (values: number[], which: number) => values.filter((_, i) => i % 2 === which);
    const apart = [0, 1].map((which) => Math.abs(middle(axis(one, which)) - middle(axis(other, which))));
    expect(Math.max(...apart)).toBeGreaterThan(1);
  }
  expect((await layoutsOf({ shape: [20, 3], data }, 1)).layouts).toEqual(layouts);
});

it("examples that are all the same to the model have finite places or none", async () => {
  const { layouts } = await layoutsOf({ shape: [6, 4], data: new Float32Array(24).fill(1) }, 0);
  for (const { places } of layouts) expect(places.every(Number.isFinite)).toBe(true);
});
