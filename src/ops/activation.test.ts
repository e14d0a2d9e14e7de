import { describe, expect, it } from "vitest";
import { inputTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { fixtureCases, type FixtureCase } from "../testing/fixtures.ts";
import {
  clippedRelu,
  elu,
  gelu,
  hardSigmoid,
  hardSilu,
  hardTanh,
  leakyRelu,
  logSigmoid,
  mish,
  prelu,
  relu,
  relu6,
  scaledTanh,
  selu,
  sigmoid,
  silu,
  softplus,
  softsign,
  tanh,
} from "./index.ts";
import { checkFixture, describeTolerance, expectWithin } from "./testing/check-fixture.ts";
import { onEveryTarget, slopeOnEveryTarget } from "./testing/check-fixture.ts";

const ACTIVATIONS: { readonly [op: string]: (x: Tensor, params: FixtureCase["params"]) => Tensor } = {
  relu: (x) => relu(x),
  leakyRelu: (x, { alpha }) => leakyRelu(x, { alpha: Number(alpha) }),
  elu: (x, { alpha }) => elu(x, { alpha: Number(alpha) }),
  sigmoid: (x) => sigmoid(x),
  tanh: (x) => tanh(x),
  gelu: (x, { approximate }) => gelu(x, { approximate: approximate === true }),
  silu: (x) => silu(x),
  softplus: (x) => softplus(x),
  relu6: (x) => relu6(x),
  selu: (x) => selu(x),
  hardSigmoid: (x) => hardSigmoid(x),
  hardSilu: (x) => hardSilu(x),
  hardTanh: (x) => hardTanh(x),
  softsign,
  logSigmoid: (x) => logSigmoid(x),
  mish: (x) => mish(x),
};

/** The absolute part is for what cancels: 1 - y² near y = 1, and derivatives that pass through zero. */
const TOLERANCE = { relative: 1e-6, absolute: 3e-7 };

describe.each(Object.keys(ACTIVATIONS))("%s", (op) => {
  it.each(fixtureCases("activation", op).map((one) => [one.name, one] as const))(
    `equals PyTorch in value and gradient within ${describeTolerance(TOLERANCE)}: %s`,
    (_, one) => {
      checkFixture(one, ([x]) => ACTIVATIONS[op](x, one.params), TOLERANCE);
    },
  );
});

describe("relu", () => {
  it("keeps NaN and takes -infinity to 0", () => {
    for (const { data } of onEveryTarget(relu, Float32Array.of(NaN, -Infinity, Infinity, -1, 2))) {
      expect([...Array.from(data)]).toEqual([NaN, 0, Infinity, 0, 2]);
    }
  });

  it("has gradient 0 at 0 and at -0, and lets a gradient through a NaN, so that it is seen", () => {
    for (const { data } of slopeOnEveryTarget(relu, Float32Array.of(0, -0, 1e-38, -1e-38, NaN))) {
      expect(Array.from(data)).toEqual([0, 0, 1, 0, 1]);
    }
  });
});

describe("leakyRelu", () => {
  it("has slope 0.3 below 0 and at 0 unless told otherwise", () => {
    const x = Float32Array.of(-2, 0, 2);
    for (const { data, target } of onEveryTarget((t) => leakyRelu(t), x)) {
      expectWithin(data, [-0.6, 0, 2], { relative: 1e-7, absolute: 0 }, target);
    }
    for (const { data, target } of slopeOnEveryTarget((t) => leakyRelu(t), x)) {
      expectWithin(data, [0.3, 0.3, 1], { relative: 1e-7, absolute: 0 }, target);
    }
  });

  it("refuses a negative slope, from which the output's sign would not tell the input's", () => {
    const x = inputTensor([2], "float32");
    expect(() => leakyRelu(x, { alpha: -0.1 })).toThrow(/leakyRelu: alpha .* not negative; got -0.1/);
    expect(() => elu(x, { alpha: NaN })).toThrow(/elu: alpha .* got NaN/);
  });
});

describe("elu", () => {
  it("keeps its digits near 0: elu(-1e-6) = -1e-6 + 5e-13 within relative 3e-7", () => {
    for (const { data, target } of onEveryTarget((t) => elu(t), Float32Array.of(-1e-6, -1e-20, -Infinity))) {
      const x = Math.fround(-1e-6);
      const expected = [x + (x * x) / 2, Math.fround(-1e-20), -1];
      expectWithin(data, expected, { relative: 3e-7, absolute: 0 }, target);
    }
  });
});

describe("scaledTanh", () => {
  it("is 1.7159·tanh(2x/3), and its gradient 1.7159·2/3·(1 - tanh²(2x/3)), within relative 1e-6 + absolute 2e-7", () => {
    const x = Float32Array.of(-10, -1, -0.01, 0, 0.5, 1, 3);
    const tolerance = { relative: 1e-6, absolute: 2e-7 };
    for (const { data, target } of onEveryTarget(scaledTanh, x)) {
      const expected = Array.from(x, (v) => 1.7159 * Math.tanh((2 / 3) * v));
      expectWithin(data, expected, tolerance, target);
    }
    for (const { data, target } of slopeOnEveryTarget(scaledTanh, x)) {
      const expected = Array.from(x, (v) => ((1.7159 * 2) / 3) * (1 - Math.tanh((2 / 3) * v) ** 2));
      expectWithin(data, expected, tolerance, target);
    }
  });
});

describe("gelu", () => {
  it("at ±∞ and NaN: x·Φ(x) has no number at -∞, as in PyTorch", () => {
    for (const approximate of [false, true]) {
      const run = onEveryTarget(
        (t) => gelu(t, { approximate }),
        Float32Array.of(-Infinity, Infinity, NaN, 0),
      );
      for (const { data } of run) expect(Array.from(data)).toEqual([NaN, Infinity, NaN, 0]);
    }
  });
});

describe("prelu", () => {
  it.each(fixtureCases("activation", "prelu").map((one) => [one.name, one] as const))(
    `equals PyTorch in value and both gradients within ${describeTolerance(TOLERANCE)}: %s`,
    (_, one) => {
      checkFixture(one, ([x, alpha]) => prelu(x, alpha), TOLERANCE);
    },
  );
});

describe("relu6 and clippedRelu", () => {
  it("keep NaN, and have gradient 0 at both ends, so that what is exactly 0 or 6 gets none", () => {
    for (const { data } of onEveryTarget((x) => relu6(x), Float32Array.of(NaN, -Infinity, Infinity, 5, 7))) {
      expect(Array.from(data)).toEqual([NaN, 0, 6, 5, 6]);
    }
    for (const { data } of slopeOnEveryTarget((x) => clippedRelu(x, 2), Float32Array.of(-1, 0, 1, 2, 3))) {
      expect(Array.from(data)).toEqual([0, 0, 1, 0, 0]);
    }
  });

  it("refuse a ceiling that leaves nothing", () => {
    const x = inputTensor([2], "float32");
    expect(() => clippedRelu(x, 0)).toThrow(/clippedRelu: ceiling must be finite and above 0; got 0/);
  });
});

describe("hardSigmoid", () => {
  // Keras 2 and TensorFlow.js have 0.2·x + 0.5: 0.7 at 1, and 0 from -2.5.
  it("is Keras 3's, 0 from -3, 1 from 3 and x/6 + 1/2 between, within relative 2e-7", () => {
    for (const { data, target } of onEveryTarget((x) => hardSigmoid(x), Float32Array.of(-3, -2.5, 1, 3, 9))) {
      expectWithin(data, [0, 1 / 12, 2 / 3, 1, 1], { relative: 2e-7, absolute: 0 }, target);
    }
  });
});

describe("softsign", () => {
  // At 10⁴ the two terms of the quotient's rule agree in their first four digits.
  it("keeps the digits of its gradient 1 / (1 + |x|)² where |x| is large, within relative 3e-7", () => {
    const x = Float32Array.of(-1e4, -3, 0, 0.5, 1e4, 1e8);
    for (const { data, target } of slopeOnEveryTarget(softsign, x)) {
      const expected = Array.from(x, (v) => 1 / (1 + Math.abs(v)) ** 2);
      expectWithin(data, expected, { relative: 3e-7, absolute: 0 }, target);
    }
  });
});
