import { expect, it } from "vitest";
import { Generator } from "auricle";
import { openedProducts } from "./opened-products.ts";

const generator = new Generator(6);
const samples = Float32Array.from({ length: 200 }, () => generator.normal());

it.each([3, 9, 10, 64])("of %i products, those that are written out and the rest add up", (count) => {
  const taps = Array.from({ length: count }, () => generator.normal());
  const { inputs, weights, rest, total } = openedProducts(samples, taps, 50);
  expect(total).toBeCloseTo(
    taps.reduce((sum, tap, k) => sum + tap * samples[50 + k], 0),
    9,
  );
  const shown = inputs.map((input, i) => input * weights[i]);
  const all = [...shown, ...rest.map(({ value }) => value)];
  expect(all.reduce((a, b) => a + b, 0)).toBeCloseTo(total, 9);
  expect(shown).toHaveLength(count <= 9 ? count : 5);
  const smallest = Math.min(...shown.map(Math.abs));
  const larger = taps.filter((tap, k) => Math.abs(tap * samples[50 + k]) > smallest + 1e-12);
  expect(larger.length).toBeLessThan(shown.length);
});
