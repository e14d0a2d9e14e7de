/** @file floor, ceil and round, and functions with a bound of their error: erf, expm1, log1p. */
import { describe, expect, it } from "vitest";
import { deriveKey, Generator } from "../random/generator.ts";
import { erf } from "./error-function.ts";
import { expm1, log1p } from "./exponential.ts";
import { ceil, floor, round } from "./rounding.ts";
import { expectWithin, onEveryTarget } from "./testing/check-fixture.ts";

const NUMBERS = Float32Array.of(
  ...[0.5, 1.5, 2.5, 3.5, 0.49999997, 0.50000006, 2, 2.7, 8388607.5, 16777216, 3e9, 3.4e38],
  ...[-0.5, -1.5, -2.5, -0.3, -2, -2.7, -8388607.5, -3e9, 0, -0, Infinity, -Infinity, NaN],
);

describe("whole numbers on every target", () => {
  it.each([
    ["floor", floor, Math.floor],
    ["ceil", ceil, Math.ceil],
  ] as const)("%s", (_, apply, exact) => {
    for (const { target, data } of onEveryTarget(apply, NUMBERS)) {
      expect(Array.from(data), target).toEqual([...NUMBERS].map((x) => exact(x)));
    }
  });

  it("round, of two the even one", () => {
    const expected = [0, 2, 2, 4, 0, 1, 2, 3, 8388608, 16777216, 3e9, Math.fround(3.4e38)];
    const below = [-0, -2, -2, -0, -2, -3, -8388608, -3e9, 0, -0, Infinity, -Infinity, NaN];
    for (const { target, data } of onEveryTarget(round, NUMBERS)) {
      expect(Array.from(data), target).toEqual([...expected, ...below]);
    }
  });
});

/** erf of some numbers (M. Abramowitz and I. Stegun, table 7.1). */
const ERF: readonly [number, number][] = [
  [0.1, 0.112462916018284892],
  [0.5, 0.520499877813046538],
  [1, 0.842700792949714869],
  [2, 0.995322265018952734],
  [3, 0.99997790950300141456],
];

describe("functions over the whole range", () => {
  const generator = new Generator(deriveKey(4, "ranges"));
  const random = Float32Array.from({ length: 40000 }, () => {
    const size = 2 ** (generator.uniform() * 40 - 30);
    return generator.integer(2) === 0 ? size : -size;
  });

  it("erf has a relative error below 2e-7", () => {
    const x = Float32Array.from(ERF, ([argument]) => argument);
    for (const { target, data } of onEveryTarget(erf, x)) {
      // The argument's rounding counts too: at most 6e-8 of it, times a slope that is at most as steep as erf itself.
      expectWithin(data, ERF.map(([, value]) => value), { relative: 2.6e-7, absolute: 0 }, target); // prettier-ignore
    }
    const special = Float32Array.of(0, -0, Infinity, -Infinity, NaN, 5, -5);
    for (const { data } of onEveryTarget(erf, special))
      expect(Array.from(data)).toEqual([0, -0, 1, -1, NaN, 1, -1]);
    const exact = Float64Array.from(random, erfBySeries);
    for (const { target, data } of onEveryTarget(erf, random)) {
      expectWithin(data, exact, { relative: 2e-7, absolute: 1e-38 }, target);
    }
  });

  it.each([
    ["expm1", expm1, Math.expm1, 3e-7],
    ["log1p", log1p, Math.log1p, 4e-7],
  ] as const)("%s has a relative error below %f", (_, apply, exact, relative) => {
    const bends = Float32Array.from({ length: 20001 }, (_, i) => (i - 10000) / 100);
    const special = Float32Array.of(
      0,
      Infinity,
      -Infinity,
      NaN,
      -1,
      88.7,
      88.72,
      89,
      3e38,
      1e-38,
      -1e-38,
      -0.99999994,
    );
    const x = Float32Array.from([...random, ...bends, ...special]);
    const expected = Float64Array.from(x, (value) => Math.fround(exact(value)));
    for (const { target, data } of onEveryTarget(apply, x)) {
      expectWithin(data, expected, { relative, absolute: 1e-38 }, target);
    }
  });
});

/** The series of alternating signs up to 2, and beyond it the continued fraction of erfc. */
function erfBySeries(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 2) {
    let power = x;
    let total = x;
    for (let n = 1; n < 60; n++) {
      power *= (-x * x) / n;
      total += power / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * total;
  }
  let tail = magnitude;
  for (let n = 80; n >= 1; n--) tail = magnitude + n / 2 / tail;
  const complement = Math.exp(-magnitude * magnitude) / (tail * Math.sqrt(Math.PI));
  return Math.sign(x) * (1 - complement);
}
