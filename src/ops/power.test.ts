import { describe, expect, it } from "vitest";
import { power, square } from "./index.ts";
import { expectWithin, onEveryTarget, slopeOnEveryTarget } from "./testing/check-fixture.ts";

const X = Float32Array.from({ length: 201 }, (_, i) => (i - 100) / 16).filter((x) => x !== 0);

describe("power with a whole exponent", () => {
  it.each([-16, -5, -1, 1, 2, 3, 4, 7, 11, 16])(
    "%d: value and gradient within relative 1.2e-6 for numbers of both signs",
    (exponent) => {
      const tolerance = { relative: 1.2e-6, absolute: 1e-30 };
      for (const { data, target } of onEveryTarget((x) => power(x, exponent), X)) {
        const expected = Float64Array.from(X, (x) => x ** exponent);
        expectWithin(data, expected, tolerance, `x^${exponent} on ${target}`);
      }
      for (const { data, target } of slopeOnEveryTarget((x) => power(x, exponent), X)) {
        const expected = Float64Array.from(X, (x) => exponent * x ** (exponent - 1));
        expectWithin(data, expected, tolerance, `gradient of x^${exponent} on ${target}`);
      }
    },
  );

  it("0 gives ones; 2 is square, with gradient 0 at 0", () => {
    const x = Float32Array.of(0, -3, NaN);
    for (const { data } of onEveryTarget((t) => power(t, 0), x)) expect(Array.from(data)).toEqual([1, 1, 1]);
    for (const { data } of onEveryTarget(square, x)) expect(Array.from(data)).toEqual([0, 9, NaN]);
    for (const { data } of slopeOnEveryTarget(square, x)) expect(Array.from(data)).toEqual([0, -6, NaN]);
  });
});

describe("power with any exponent", () => {
  const positive = X.filter((x) => x > 0);

  it.each([-2.5, -0.3, 0.5, 1.7, 20.5])("%d: relative error below (|y·ln x| + 2)·2e-7", (exponent) => {
    for (const { data, target } of onEveryTarget((x) => power(x, exponent), positive)) {
      positive.forEach((x, i) => {
        const relative = (Math.abs(exponent * Math.log(x)) + 2) * 2e-7;
        const what = `${x}^${exponent} on ${target}`;
        expectWithin([data[i]], [x ** exponent], { relative, absolute: 0 }, what);
      });
    }
  });

  it("is 0 at 0 with a positive exponent, infinity with a negative one, and NaN below 0", () => {
    for (const { data } of onEveryTarget((x) => power(x, 1.5), Float32Array.of(0, -1))) {
      expect(Array.from(data)).toEqual([0, NaN]);
    }
    for (const { data } of onEveryTarget((x) => power(x, -1.5), Float32Array.of(0, -1))) {
      expect(Array.from(data)).toEqual([Infinity, NaN]);
    }
  });
});
