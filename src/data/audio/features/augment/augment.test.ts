import { describe, expect, it } from "vitest";
import { Generator } from "../../../../random/generator.ts";
import { symmetricBeta } from "./beta.ts";
import { maskBands } from "./masks.ts";
import { mixup } from "./mixup.ts";
import { addNormal } from "./normal-table.ts";
import { flipPolarity } from "./polarity.ts";
import { shiftTime } from "./time-shift.ts";
import { addWaveformNoise } from "./waveform-noise.ts";

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
const variance = (values: ArrayLike<number>) => {
  const center = mean(values);
  return mean(Array.from(values, (x) => (x - center) ** 2));
};

describe("normal noise", () => {
  it("has the mean, variance and tails of the normal law, and neighbours are independent", () => {
    const values = new Float32Array(200_001);
    addNormal(values, 2, new Generator(1));
    // Standard errors: 2 / √n = 0.0045 for the mean, 4 √(2/n) = 0.0126 for the variance.
    expect(Math.abs(mean(values))).toBeLessThan(0.018);
    expect(Math.abs(variance(values) - 4)).toBeLessThan(0.05);
    // P(|x| > 2σ) = 0.0455, standard error √(0.0455 · 0.9545 / n) = 0.00047.
    const beyond = values.filter((x) => Math.abs(x) > 4).length / values.length;
    expect(Math.abs(beyond - 0.0455)).toBeLessThan(0.002);
    // Correlation of neighbours: standard error 1 / √n = 0.0022.
    const products = values.subarray(1).map((x, i) => (x * values[i]) / 4);
    expect(Math.abs(mean(products))).toBeLessThan(0.009);
  });

  it("reaches the last of an odd number of values", () => {
    const values = new Float32Array(3);
    addNormal(values, 1, new Generator(2));
    expect(values[2]).not.toBe(0);
  });
});

describe("waveform noise", () => {
  it("has the power that the ratio says", () => {
    // A sine of amplitude 0.5 has the power 0.125; 20 dB below it is 0.00125. Standard error of the noise's
    // power: √(2/n) = 0.8 % of it.
    const clean = Float32Array.from({ length: 32_000 }, (_, i) => 0.5 * Math.sin((i * Math.PI) / 16));
    const noisy = clean.slice();
    addWaveformNoise(noisy, [20, 20], new Generator(3));
    const power = mean(noisy.map((x, i) => (x - clean[i]) ** 2));
    expect(power / 0.00125).toBeGreaterThan(0.97);
    expect(power / 0.00125).toBeLessThan(1.03);
  });

  it("draws the ratio uniformly in dB", () => {
    const ratios = Array.from({ length: 400 }, (_, i) => {
      const noisy = new Float32Array(2000).fill(1);
      addWaveformNoise(noisy, [10, 40], new Generator(100 + i));
      return -10 * Math.log10(mean(noisy.map((x) => (x - 1) ** 2)));
    });
    // Uniform on 10 … 40: mean 25, standard deviation 8.66, of the mean 0.43.
    expect(Math.abs(mean(ratios) - 25)).toBeLessThan(1.8);
    expect(Math.min(...ratios)).toBeGreaterThan(9);
    expect(Math.max(...ratios)).toBeLessThan(41);
    expect(Math.abs(Math.sqrt(variance(ratios)) - 8.66)).toBeLessThan(0.8);
  });

  it("leaves silence alone", () => {
    const silence = new Float32Array(10);
    addWaveformNoise(silence, [0, 0], new Generator(1));
    expect([...silence]).toEqual(new Array(10).fill(0));
  });
});

describe("time shift", () => {
  it("moves steps to later times, and the end to the start", () => {
    const shifts = new Set<number>();
    for (let key = 0; key < 200; key++) {
      // 5 steps of 2 numbers; at most floor(0.6 · 5) = 3 steps.
      const window = Float32Array.from([0, 1, 10, 11, 20, 21, 30, 31, 40, 41]);
      shiftTime(window, 5, 0.6, new Generator(key));
      const shift = (5 - window[0] / 10) % 5;
      shifts.add(shift);
      const expected = [0, 1, 2, 3, 4].flatMap((step) => {
        const from = (step + 5 - shift) % 5;
        return [10 * from, 10 * from + 1];
      });
      expect([...window]).toEqual(expected);
    }
    expect([...shifts].sort()).toEqual([0, 1, 2, 3]);
  });
});

describe("polarity", () => {
  it("turns half of the waveforms upside down", () => {
    let flipped = 0;
    for (let key = 0; key < 1000; key++) {
      const waveform = Float32Array.from([0.5, -0.25]);
      flipPolarity(waveform, new Generator(key * 7919));
      if (waveform[0] < 0) flipped++;
      expect(waveform[1]).toBe(-waveform[0] / 2);
    }
    // Standard deviation √(1000 / 4) = 16.
    expect(Math.abs(flipped - 500)).toBeLessThan(64);
  });
});

describe("masks", () => {
  /** The masked bins or steps of a window in which every value is another. */
  function masked(axis: "frequency" | "time", count: number, width: number, key: number): number[] {
    const [steps, bins] = [12, 10];
    const window = Float32Array.from({ length: steps * bins }, (_, i) => i);
    const fill = (steps * bins - 1) / 2;
    const masks = { count, width };
    const options = axis === "time" ? { timeMasks: masks } : { frequencyMasks: masks };
    maskBands(window, [steps, bins, 1], options, new Generator(key));
    const isMasked = (position: number) =>
      Array.from({ length: axis === "time" ? bins : steps }, (_, other) =>
        axis === "time" ? position * bins + other : other * bins + position,
      ).every((i) => window[i] === fill);
    const positions = Array.from({ length: axis === "time" ? steps : bins }, (_, i) => i).filter(isMasked);
    const changed = window.filter((value, i) => value !== i).length;
    expect(changed).toBe(positions.length * (axis === "time" ? bins : steps));
    return positions;
  }

  it.each([
    ["frequency", 10],
    ["time", 12],
  ] as const)("over %s: widths 0 … F and first places 0 … ν - f - 1 equally often", (axis, length) => {
    const widths = new Array<number>(5).fill(0);
    const starts = new Array<number>(length).fill(0);
    const rounds = 4000;
    for (let key = 0; key < rounds; key++) {
      const positions = masked(axis, 1, 4, key * 104729);
      widths[positions.length]++;
      if (positions.length === 3) starts[positions[0]]++;
      expect(positions).toEqual(positions.map((_, i) => positions[0] + i));
    }
    // 800 of each width, standard deviation 25; 800 / (ν - 3) of each start for width 3, at most 11.
    for (const count of widths) expect(Math.abs(count - rounds / 5)).toBeLessThan(110);
    starts.forEach((count, start) => {
      if (start >= length - 3) expect(count).toBe(0);
      else expect(Math.abs(count - rounds / 5 / (length - 3))).toBeLessThan(45);
    });
  });

  it("are as many as asked for, each channel filled with its own mean", () => {
    // 4 steps, 2 bins, 2 channels: channel 0 holds 0 … 7 (mean 3.5), channel 1 is 100 everywhere.
    const window = Float32Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? i / 2 : 100));
    maskBands(window, [4, 2, 2], { timeMasks: { count: 50, width: 4 } }, new Generator(5));
    const first = window.filter((_, i) => i % 2 === 0);
    expect([...first]).toEqual(new Array(8).fill(3.5));
    expect(window.filter((_, i) => i % 2 === 1).every((value) => value === 100)).toBe(true);
  });

  it("leave what they are told to for each bin and channel, and all else as it was", () => {
    const before = Float32Array.from({ length: 5 * 3 * 2 }, (_, i) => -i - 1);
    const fill = [10, 11, 20, 21, 30, 31];
    let masked = 0;
    for (let key = 0; key < 20; key++) {
      const window = before.slice();
      const masks = { frequencyMasks: { count: 1, width: 2 }, timeMasks: { count: 1, width: 3 } };
      maskBands(window, [5, 3, 2], masks, new Generator(key * 7919), fill);
      window.forEach((value, i) => expect([before[i], fill[i % 6]]).toContain(value));
      masked += window.filter((value) => value > 0).length;
    }
    // A bin and one and a half of five steps in the mean: (1/3 + 2/3 · 0.3) of 600 values, 320, by and large.
    expect(masked).toBeGreaterThan(150);
    expect(masked).toBeLessThan(480);
  });
});

describe("mixup", () => {
  it.each([0.2, 1, 3])("draws λ from Beta(α, α), α = %f", (alpha) => {
    const random = new Generator(9);
    const draws = Array.from({ length: 20_000 }, () => symmetricBeta(alpha, random));
    // Mean 1/2 and variance 1 / (4 (2α + 1)); standard error of the mean below 0.0031, of the variance below
    // 0.001.
    expect(Math.abs(mean(draws) - 0.5)).toBeLessThan(0.013);
    expect(Math.abs(variance(draws) - 1 / (4 * (2 * alpha + 1)))).toBeLessThan(0.004);
    expect(draws.every((draw) => draw >= 0 && draw <= 1)).toBe(true);
    if (alpha === 1) {
      // Uniform: a quarter below 1/4, standard error 0.003.
      expect(Math.abs(draws.filter((draw) => draw < 0.25).length / draws.length - 0.25)).toBeLessThan(0.013);
    }
  });

  it("mixes each example with the next by one λ for input and target", () => {
    const inputs = Float32Array.from([0, 0, 1, 10, 2, 20]);
    const targets = Float32Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    mixup(inputs, targets, 3, 1, (example) => new Generator(example));
    // Example i is [i, 10 i] with target i. λ is what is left of the example's own target.
    [0, 1, 2].forEach((i) => {
      const next = (i + 1) % 3;
      const share = targets[3 * i + i];
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(1);
      expect(targets[3 * i + next]).toBeCloseTo(1 - share, 6);
      expect(targets[3 * i + ((i + 2) % 3)]).toBe(0);
      expect(inputs[2 * i]).toBeCloseTo(share * i + (1 - share) * next, 6);
      expect(inputs[2 * i + 1]).toBeCloseTo(10 * (share * i + (1 - share) * next), 5);
    });
  });

  it("leaves a single example alone", () => {
    const inputs = Float32Array.from([3]);
    const targets = Float32Array.from([1]);
    mixup(inputs, targets, 1, 1, () => new Generator(0));
    expect([inputs[0], targets[0]]).toEqual([3, 1]);
  });
});
