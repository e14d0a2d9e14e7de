import { describe, expect, it } from "vitest";
import { deriveKey, Generator } from "../random/generator.ts";
import { cos, sin } from "./trigonometric.ts";
import { onEveryTarget } from "./testing/check-fixture.ts";

/** The distance of neighbouring float32 at a number of that size; of subnormal ones it is one of 2^-149. */
function ulp(value: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(value), 2 ** -126)));
  return 2 ** (exponent - 23);
}

/** Every exponent of both signs, neighbours of multiples of π/2 of any size, and steps where the functions bend. */
function inputs(): Float32Array {
  const generator = new Generator(deriveKey(3, "trigonometric"));
  const patterns = Int32Array.from({ length: 65536 }, (_, i) => Math.imul(i, 65521));
  const finite = new Float32Array(patterns.buffer).filter(Number.isFinite);
  const near = Float32Array.from({ length: 60000 }, () => {
    const turns = Math.floor(2 ** (generator.uniform() * 50));
    return turns * (Math.PI / 2) * (generator.integer(2) === 0 ? 1 : -1);
  });
  const steps = Float32Array.from({ length: 40001 }, (_, i) => (i - 20000) / 1000);
  return Float32Array.from([...finite, ...near, ...steps]);
}

const INPUTS = inputs();

describe.each([
  { name: "sin", apply: sin, exact: Math.sin },
  { name: "cos", apply: cos, exact: Math.cos },
])("$name", ({ name, apply, exact }) => {
  it("is within 3 units in the last place for arguments of any size", () => {
    for (const { target, data } of onEveryTarget(apply, INPUTS)) {
      let worst = { error: 0, x: 0 };
      INPUTS.forEach((x, i) => {
        const expected = exact(x);
        const error = Math.abs(data[i] - expected) / ulp(expected);
        if (!(error <= worst.error)) worst = { error, x };
      });
      expect(worst.error, `${name}(${worst.x}) on ${target}`).toBeLessThan(3);
    }
  });

  it("is NaN of what is not finite, and right at 0 and of the largest numbers", () => {
    // The float32 nearest to a multiple of π/2, as far as is known: 16367173 · 2^72 (J.-M. Muller, Elementary Functions, 11.2).
    const x = Float32Array.of(Infinity, -Infinity, NaN, 0, 3.4028234663852886e38, 16367173 * 2 ** 72, 1e-45);
    for (const { data } of onEveryTarget(apply, x)) {
      expect([data[0], data[1], data[2]]).toEqual([NaN, NaN, NaN]);
      for (let i = 3; i < x.length; i++) {
        expect(Math.abs(data[i] - exact(x[i])) / ulp(exact(x[i]))).toBeLessThan(3);
      }
    }
  });
});
