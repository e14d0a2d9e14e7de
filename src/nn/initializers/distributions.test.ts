import { describe, expect, it } from "vitest";
import { Generator } from "../../random/generator.ts";
import type { Shape } from "../../tensor/shape.ts";
import {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecun1998,
  lecunNormal,
  lecunUniform,
  ones,
  randomNormal,
  randomUniform,
  truncatedNormal,
  varianceScaling,
  zeros,
  type Initializer,
  type VarianceScalingOptions,
} from "./index.ts";

// 5·5·40·60 = 60,000 draws; fanIn 1000, fanOut 1500, their mean 1250.
const SHAPE: Shape = [5, 5, 40, 60];
const COUNT = 60000;

function draw(initializer: Initializer, shape: Shape = SHAPE): Float32Array {
  return initializer.initialize(shape, new Generator(20240607));
}

function momentsOf(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { mean, variance, largest };
}

/**
 * Five standard errors. The mean's is σ/√n. The variance's is σ²·√((κ - 1)/n), where the kurtosis κ is 3
 * for a normal, less for a cut normal and 9/5 for a uniform: at n = 60,000 and κ = 3, 2.9 % of σ².
 */
function expectMoments(values: Float32Array, mean: number, variance: number): void {
  const moments = momentsOf(values);
  expect(Math.abs(moments.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / values.length));
  expect(Math.abs(moments.variance / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / values.length));
}

/**
 * Uniform on center ± limit: within it, variance limit²/3, and its outer thousandth reached (missed with
 * e⁻⁶⁰).
 */
function expectUniform(values: Float32Array, center: number, limit: number): void {
  expectMoments(values, center, limit ** 2 / 3);
  const { largest } = momentsOf(values.map((value) => value - center));
  expect(largest).toBeLessThanOrEqual(limit * (1 + 1e-6));
  expect(largest).toBeGreaterThan(0.999 * limit);
}

/**
 * Cut at ± 2σ of the normal before the cut; the cut one has σ' = 0.8796 σ. So its limit is 2/0.8796 =
 * 2.2737 σ'.
 */
function expectTruncated(values: Float32Array, mean: number, variance: number): void {
  expectMoments(values, mean, variance);
  const limit = (2 / 0.87962566) * Math.sqrt(variance);
  const { largest } = momentsOf(values.map((value) => value - mean));
  expect(largest).toBeLessThanOrEqual(limit * (1 + 1e-6));
  // P(|x| > 0.99·2σ) = (0.0477 - 0.0455)/0.9545 = 0.0023 per draw: missed by 60,000 with e⁻¹³⁸.
  expect(largest).toBeGreaterThan(0.99 * limit);
}

/** A normal exceeds 3 standard deviations in 0.27 % of draws: 162 of 60,000, standard error 12.7. */
function expectUncut(values: Float32Array, mean: number, variance: number): void {
  expectMoments(values, mean, variance);
  const far = values.filter((value) => Math.abs(value - mean) > 3 * Math.sqrt(variance)).length;
  expect(Math.abs(far - 162)).toBeLessThan(5 * 12.7);
}

describe("constant initializers", () => {
  it("fill the weight with 0, 1 or the value", () => {
    expect(draw(zeros(), [2, 2])).toEqual(new Float32Array(4));
    expect(draw(ones(), [3])).toEqual(new Float32Array([1, 1, 1]));
    expect(draw(constant({ value: -0.5 }), [1, 2])).toEqual(new Float32Array([-0.5, -0.5]));
    expect(draw(ones(), [])).toEqual(new Float32Array([1]));
  });
});

describe("random initializers with a given spread", () => {
  it("randomUniform is uniform on its range, by default ± 0.05", () => {
    expectUniform(draw(randomUniform()), 0, 0.05);
    expectUniform(draw(randomUniform({ minval: 2, maxval: 6 })), 4, 2);
  });

  it("randomNormal is normal, by default with standard deviation 0.05", () => {
    expectUncut(draw(randomNormal()), 0, 0.05 ** 2);
    expectUncut(draw(randomNormal({ mean: 3, stddev: 0.25 })), 3, 0.25 ** 2);
  });

  it("truncatedNormal is cut at two standard deviations of the uncut normal", () => {
    // Variance of the cut standard normal: 1 - 2·2·φ(2)/(Φ(2)-Φ(-2)) = 1 - 4·0.05399097/0.95449974 =
    // 0.7737413.
    expectTruncated(draw(truncatedNormal()), 0, 0.7737413 * 0.05 ** 2);
    expectTruncated(draw(truncatedNormal({ mean: -1, stddev: 2 })), -1, 0.7737413 * 2 ** 2);
  });
});

describe("initializers scaled by fans 1000 and 1500", () => {
  it.each([
    { name: "lecunUniform", initializer: lecunUniform(), limit: Math.sqrt(3 / 1000) },
    { name: "glorotUniform", initializer: glorotUniform(), limit: Math.sqrt(6 / 2500) },
    { name: "heUniform", initializer: heUniform(), limit: Math.sqrt(6 / 1000) },
    { name: "lecun1998", initializer: lecun1998(), limit: 2.4 / 1000 },
  ])("$name is uniform on ± $limit", ({ initializer, limit }) => {
    expectUniform(draw(initializer), 0, limit);
  });

  it.each([
    { name: "lecunNormal", initializer: lecunNormal(), variance: 1 / 1000 },
    { name: "glorotNormal", initializer: glorotNormal(), variance: 2 / 2500 },
    { name: "heNormal", initializer: heNormal(), variance: 2 / 1000 },
  ])("$name is a cut normal of variance $variance", ({ initializer, variance }) => {
    expectTruncated(draw(initializer), 0, variance);
  });

  it.each<{ options: VarianceScalingOptions; variance: number; check: typeof expectMoments }>([
    { options: {}, variance: 1 / 1000, check: expectTruncated },
    { options: { distribution: "normal" }, variance: 1 / 1000, check: expectTruncated },
    { options: { scale: 3, mode: "fanOut" }, variance: 3 / 1500, check: expectTruncated },
    {
      options: { mode: "fanAvg", distribution: "untruncatedNormal" },
      variance: 1 / 1250,
      check: expectUncut,
    },
    {
      options: { scale: 0.5, distribution: "uniform" },
      variance: 0.5 / 1000,
      check: (values, mean, variance) => expectUniform(values, mean, Math.sqrt(3 * variance)),
    },
  ])("varianceScaling($options) has variance $variance", ({ options, variance, check }) => {
    check(draw(varianceScaling(options)), 0, variance);
  });

  it("lecun1998 draws LeNet-5's C1 (fan-in 5·5·1 = 25) on ± 0.096", () => {
    const filters = draw(lecun1998(), [5, 5, 1, 6]);
    expect(filters).toHaveLength(150);
    // 150 draws miss the outer tenth, (0.0864, 0.096], with 0.9¹⁵⁰ = 1.4e-7.
    expect(momentsOf(filters).largest).toBeLessThanOrEqual(0.096 * (1 + 1e-6));
    expect(momentsOf(filters).largest).toBeGreaterThan(0.0864);
  });
});

describe("determinism", () => {
  const initializers = [randomUniform(), randomNormal(), truncatedNormal(), glorotUniform(), lecun1998()];

  it.each(initializers)("$name: same key, same bits; other key, other bits", (initializer) => {
    const first = initializer.initialize([40, 30], new Generator(1));
    expect(initializer.initialize([40, 30], new Generator(1))).toEqual(first);
    expect(initializer.initialize([40, 30], new Generator(2))).not.toEqual(first);
  });

  it("continues the generator's stream, so two weights from one generator differ", () => {
    const generator = new Generator(5);
    const first = heNormal().initialize([20, 20], generator);
    expect(heNormal().initialize([20, 20], generator)).not.toEqual(first);
  });

  it(`draws ${COUNT} values for shape [${SHAPE.join(",")}]`, () => {
    expect(draw(heNormal())).toHaveLength(COUNT);
  });
});
