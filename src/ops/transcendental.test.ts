import { describe, expect, it } from "vitest";
import type { Tensor } from "../graph/tensor.ts";
import { elu, exp, gelu, log, mish, sigmoid, silu, softplus, tanh } from "./index.ts";
import { expectWithin, onEveryTarget } from "./testing/check-fixture.ts";

const SMALLEST_NORMAL = 1.1754943508222875e-38;
const SMALLEST_SUBNORMAL = 1.401298464324817e-45;
const SPECIAL = [0, -0, Infinity, -Infinity, NaN, SMALLEST_NORMAL, -SMALLEST_NORMAL, SMALLEST_SUBNORMAL];

/** Bit patterns 65,521 apart, a prime, so every exponent of both signs many times; and where the functions bend. */
function wholeRange(): Float32Array {
  const patterns = Int32Array.from({ length: 65536 }, (_, i) => Math.imul(i, 65521));
  const steps = Float32Array.from({ length: 60001 }, (_, i) => (i - 30000) / 300);
  const near = Float32Array.from({ length: 4001 }, (_, i) => 1 + (i - 2000) * 2 ** -22);
  return Float32Array.from(
    [SPECIAL, new Float32Array(patterns.buffer), steps, near].flatMap((part) => [...part]),
  );
}

const RANGE = wholeRange();

/** In double precision, by other formulas than the kernels'. */
const logistic = (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));

interface Row {
  readonly name: string;
  readonly apply: (x: Tensor) => Tensor;
  readonly exact: (x: number) => number;
  readonly relative: number;
  /** Allowed where the result is subnormal, or made from one. */
  readonly absolute: number;
}

const FUNCTIONS: readonly Row[] = [
  { name: "exp", apply: exp, exact: Math.exp, relative: 2e-7, absolute: 1.2e-38 },
  { name: "log", apply: log, exact: Math.log, relative: 2e-7, absolute: 1.2e-38 },
  { name: "tanh", apply: tanh, exact: Math.tanh, relative: 4e-7, absolute: 1.2e-38 },
  { name: "sigmoid", apply: sigmoid, exact: logistic, relative: 4e-7, absolute: 1.2e-38 },
  {
    name: "softplus",
    apply: softplus,
    exact: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    relative: 4e-7,
    absolute: 1.2e-38,
  },
  {
    name: "elu",
    apply: (x) => elu(x),
    exact: (x) => (x < 0 ? Math.expm1(x) : x),
    relative: 4e-7,
    absolute: 1.2e-38,
  },
  { name: "silu", apply: silu, exact: (x) => x * logistic(x), relative: 5e-7, absolute: 3e-37 },
  // tanh(ln(1 + w)) = w·(w + 2) / (w·(w + 2) + 2), which is 1 beyond 40. Where eˣ becomes subnormal, x·eˣ is 87.3 times that.
  {
    name: "mish",
    apply: mish,
    exact: (x) => {
      const w = Math.exp(Math.min(x, 40));
      return (x * (w * (w + 2))) / (w * (w + 2) + 2);
    },
    relative: 6e-7,
    absolute: 1.1e-36,
  },
];

describe.each(FUNCTIONS)("$name", ({ name, apply, exact, relative, absolute }) => {
  it(`has a relative error below ${relative} over all float32, tiny results an absolute one below ${absolute}`, () => {
    const inputs = name === "log" ? RANGE.filter((x) => !(Math.abs(x) < SMALLEST_NORMAL)) : RANGE;
    const expected = Float64Array.from(inputs, (x) => {
      const value = exact(x);
      return Math.abs(value) > 3.4028235677973366e38 ? Math.sign(value) * Infinity : value;
    });
    for (const { target, data } of onEveryTarget(apply, inputs)) {
      expectWithin(data, expected, { relative, absolute }, `${name} on ${target}`);
    }
  });
});

describe("special values", () => {
  const values = (apply: (x: Tensor) => Tensor, x: readonly number[]) =>
    onEveryTarget(apply, Float32Array.from(x)).map(({ data }) => Array.from(data));

  it("exp: 1 at ±0, infinity and 0 at ±∞, NaN at NaN", () => {
    for (const data of values(exp, [0, -0, Infinity, -Infinity, NaN, 89, -88])) {
      expect(data).toEqual([1, 1, Infinity, 0, NaN, Infinity, 0]);
    }
  });

  it("log: -∞ at ±0 and at subnormal numbers, NaN below 0 and at NaN, 0 at 1", () => {
    const x = [0, -0, 1e-40, -1e-40, -1, -Infinity, NaN, Infinity, 1];
    for (const data of values(log, x)) {
      expect(data).toEqual([-Infinity, -Infinity, -Infinity, -Infinity, NaN, NaN, NaN, Infinity, 0]);
    }
  });

  it("tanh: ±1 at ±∞, the sign of ±0 stays, a subnormal number is itself", () => {
    const tiny = SMALLEST_SUBNORMAL;
    for (const data of values(tanh, [Infinity, -Infinity, 0, -0, tiny, -tiny, NaN])) {
      expect(data).toEqual([1, -1, 0, -0, tiny, -tiny, NaN]);
    }
  });

  it("sigmoid: 0 and 1 at ∓∞, ½ at ±0", () => {
    for (const data of values(sigmoid, [-Infinity, Infinity, 0, -0, SMALLEST_SUBNORMAL, NaN])) {
      expect(data).toEqual([0, 1, 0.5, 0.5, 0.5, NaN]);
    }
  });
});

describe("gelu", () => {
  // Φ by the midpoint rule on φ over 0 … x, 20,000 steps: error below x³·max|φ″|/(24·20000²), 4e-9 for x = 8.
  const cumulative = (x: number) => {
    const steps = 20000;
    let total = 0;
    for (let i = 0; i < steps; i++) total += Math.exp(-0.5 * (((i + 0.5) / steps) * x) ** 2);
    return 0.5 + (total * x) / steps / Math.sqrt(2 * Math.PI);
  };
  const x = Float32Array.from({ length: 65 }, (_, i) => (i - 32) / 4);

  it("is x·Φ(x) with an absolute error below 3e-7·max(1, |x|) against numeric integration of the density", () => {
    for (const { target, data } of onEveryTarget((t) => gelu(t), x)) {
      const scaled = Array.from(data, (value, i) => value / Math.max(1, Math.abs(x[i])));
      const expected = Array.from(x, (v) => (v * cumulative(v)) / Math.max(1, Math.abs(v)));
      expectWithin(scaled, expected, { relative: 0, absolute: 3e-7 }, `gelu on ${target}`);
    }
  });

  it("keeps its digits in the tail: Φ(-8) = 6.22096057427178e-16 within relative 5e-6", () => {
    // Mpmath: ncdf(-5), ncdf(-8), ncdf(-12).
    const tails = [2.866515718791939e-7, 6.220960574271785e-16, 1.776482112077679e-33];
    const at = [-5, -8, -12];
    for (const { target, data } of onEveryTarget((t) => gelu(t), Float32Array.from(at))) {
      const expected = tails.map((tail, i) => at[i] * tail);
      expectWithin(data, expected, { relative: 5e-6, absolute: 0 }, `gelu on ${target}`);
    }
  });

  it("in its tanh form has a relative error below 7e-7 + 6e-8·x²", () => {
    const form = (v: number) => v / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));
    for (const { target, data } of onEveryTarget((t) => gelu(t, { approximate: true }), x)) {
      x.forEach((v, i) => {
        const relative = 7e-7 + 6e-8 * v * v;
        const what = `gelu(${v}) on ${target}`;
        expectWithin([data[i]], [form(v)], { relative, absolute: 1.2e-38 }, what);
      });
    }
  });
});
