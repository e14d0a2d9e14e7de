import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { constantTensor, inputTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import { floatArray } from "../tensor/array.ts";
import type { Shape } from "../tensor/shape.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { expectClose } from "../testing/compare.ts";
import { testValues } from "../testing/values.ts";
import { multiply } from "./arithmetic.ts";
import { FilterBank, filterBank } from "./filter-bank.ts";
import { gradients } from "./gradients.ts";
import { fourierTransform } from "./spectrogram-reference.ts";
import { spectrogram, type SpectrogramOptions } from "./spectrogram.ts";
import { sum } from "./sum.ts";

const TARGETS = [...KERNEL_TARGETS, "reference"] as const;

const ones = (length: number) => new Float32Array(length).fill(1);
/** Periodic: 0.5 - 0.5·cos(2πi / N). */
const hann = (length: number) =>
  Float32Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));

function run(
  target: (typeof TARGETS)[number],
  samples: Float32Array,
  options: SpectrogramOptions,
): { shape: Shape; data: ArrayLike<number> } {
  const shape = [1, samples.length];
  const fn = compile((x) => spectrogram(x, options), [shape], { target, threads: 1 });
  return fn({ shape, data: samples });
}

describe.each(TARGETS)("spectrogram on %s", (target) => {
  it("of a cosine with a whole number of periods is N/2 in its bin", () => {
    const samples = Float32Array.from({ length: 128 }, (_, i) => Math.cos((2 * Math.PI * 5 * i) / 128));
    const options = { fftSize: 128, window: ones(128), center: false, output: "complex" } as const;
    const { shape, data } = run(target, samples, options);
    expect(shape).toEqual([1, 1, 65, 2]);
    expectClose(
      data,
      Array.from({ length: 130 }, (_, i) => (i === 10 ? 64 : 0)),
      1e-6,
      "bins",
    );
  });

  it("of a sine through a Hann window is N/4 in its bin and N/8 beside it", () => {
    // Σ hann·sin·e^(-iφ) = -i·N/4 in bin 20; the window's cosine shares -(-i·N/4)/2 with each neighbour.
    const samples = Float32Array.from({ length: 256 }, (_, i) => Math.sin((2 * Math.PI * 20 * i) / 256));
    const options = { fftSize: 256, window: hann(256), center: false } as const;
    const bins = run(target, samples, { ...options, output: "complex" }).data;
    const expected = new Array<number>(258).fill(0);
    [expected[2 * 19 + 1], expected[2 * 20 + 1], expected[2 * 21 + 1]] = [32, -64, 32];
    expectClose(bins, expected, 1e-6, "bins");
    const { data } = run(target, samples, { ...options, output: "magnitude" });
    expect([19, 20, 21].map((bin) => Number(data[bin].toFixed(3)))).toEqual([32, 64, 32]);
  });

  it("of an impulse is the window's weight at its place, in all bins", () => {
    // Sample 100 is at 100 - 16t + 32 of frame t.
    const samples = new Float32Array(160);
    samples[100] = 2;
    const window = Float32Array.from({ length: 64 }, (_, i) => i + 1);
    const { shape, data } = run(target, samples, { fftSize: 64, window, hopLength: 16 });
    expect(shape).toEqual([1, 11, 33]);
    const expected = Array.from({ length: 11 }, (_, frame) => {
      const at = 100 - 16 * frame + 32;
      return new Array<number>(33).fill(at >= 0 && at < 64 ? (2 * window[at]) ** 2 : 0);
    });
    expectClose(data, expected.flat(), 1e-6, "powers");
  });

  it("pads with zeros or with the mirror image", () => {
    // Bin 0 is the sum of the frame: of ones, mirrored they stay 64; with zeros half are missing in the first frame.
    const options = { fftSize: 64, window: ones(64), hopLength: 32, output: "magnitude" } as const;
    const sums = (padMode: "constant" | "reflect", samples: Float32Array) => {
      const { data } = run(target, samples, { ...options, padMode });
      return Array.from({ length: data.length / 33 }, (_, frame) => Math.round(data[frame * 33] * 8) / 8);
    };
    expect(sums("constant", ones(100))).toEqual([32, 64, 64, 36]);
    expect(sums("reflect", ones(100))).toEqual([64, 64, 64, 64]);
    // 0 … 99 before frame 0: 32, 31 … 1, then 0 … 31; sums 528 and 496. Frame 3, samples 64 … 127: 64 … 99 (2934), 98 … 71 (2366).
    const ramp = Float32Array.from({ length: 100 }, (_, i) => i);
    const mirrored = sums("reflect", ramp);
    expect([mirrored[0], mirrored[3]]).toEqual([528 + 496, 2934 + 2366]);
  });

  it("has a gradient of 0 where the magnitude is 0", () => {
    const options = { fftSize: 64, window: hann(64), output: "magnitude" } as const;
    const fn = compile((x) => gradients(sum(spectrogram(x, options)), [x])[0], [[1, 100]], { target });
    expect([...fn(floatArray(new Float32Array(100), [1, 100])).data]).toEqual(new Array(100).fill(0));
  });
});

describe("spectrogram", () => {
  const options: SpectrogramOptions = { fftSize: 256, window: hann(256), hopLength: 100 };

  it("takes [N, S, 1] as it takes [N, S], with a hop of a quarter by default", () => {
    const shapeOf = (shape: Shape, more: Partial<SpectrogramOptions>) =>
      spectrogram(inputTensor(shape, "float32"), { fftSize: 256, window: hann(256), ...more }).shape;
    expect(shapeOf([3, 1000], {})).toEqual([3, 1 + 15, 129]);
    expect(shapeOf([3, 1000, 1], {})).toEqual([3, 1 + 15, 129]);
    expect(shapeOf([3, 1000], { center: false })).toEqual([3, 1 + 11, 129]);
    expect(shapeOf([1, 256], { center: false, output: "complex" })).toEqual([1, 1, 129, 2]);
    expect(shapeOf([1, 1], {})).toEqual([1, 1, 129]);
  });

  it.each(KERNEL_TARGETS)("with filters is the filter bank of the spectrogram on %s", (target) => {
    const matrix = testValues("normal", [6, 129], 5);
    const shape = [2, 1500];
    const [whole, apart] = compile(
      (x) => [
        spectrogram(x, { ...options, filters: matrix }),
        filterBank(spectrogram(x, options), FilterBank.fromMatrix(matrix)),
      ],
      [shape],
      { target },
    )(testValues("normal", shape, 6));
    expect(whole.shape).toEqual([2, 16, 6]);
    expectClose(whole.data, apart.data, 1e-6, "bands");
  });

  it.each(KERNEL_TARGETS)("gives the same bits for any number of threads and any batch on %s", (target) => {
    const shape = [3, 5000];
    const x = testValues("normal", shape, 7);
    const both = (input: Tensor) => [
      spectrogram(input, options),
      gradients(sum(spectrogram(input, options)), [input])[0],
    ];
    const results = [1, 2, 3].map((threads) => compile(both, [shape], { target, threads })(x));
    for (const other of results.slice(1)) expect(other).toEqual(results[0]);
    const [alone] = compile(both, [[1, 5000]], { target, threads: 1 })({
      shape: [1, 5000],
      data: x.data.subarray(10000),
    });
    expect(alone.data).toEqual(results[0][0].data.subarray(2 * 51 * 129));
  });

  it("does not look at a window again that is changed later", () => {
    const window = ones(64);
    const x = inputTensor([1, 64], "float32");
    const result = spectrogram(x, { fftSize: 64, window, center: false });
    window.fill(0);
    const [powers] = result.operation
      .reference([{ shape: [1, 64], data: new Float64Array(64).fill(1) }])
      .subarray(0, 1);
    expect(powers).toBe(64 * 64);
  });

  it("refuses what it cannot do and says why", () => {
    const attempt = (shape: Shape, changes: Partial<SpectrogramOptions>) => () =>
      spectrogram(inputTensor(shape, "float32"), { fftSize: 64, window: ones(64), ...changes });
    expect(attempt([1, 900], { fftSize: 401, window: ones(401) })).toThrow(
      "spectrogram: fftSize must be an even number up to 2048, or up to 32768 if no odd number above 1023 divides it; got 401",
    );
    expect(attempt([1, 900], { fftSize: 400, window: ones(400) })).not.toThrow();
    expect(attempt([1, 900], { fftSize: 65536 })).toThrow("got 65536");
    expect(attempt([1, 900], { window: ones(63) })).toThrow("must have fftSize = 64 weights; got 63");
    expect(attempt([1, 900], { hopLength: 0 })).toThrow("hopLength must be a whole number of samples");
    expect(attempt([1, 900], { hopLength: 2.5 })).toThrow("got 2.5");
    expect(attempt([1, 32], { padMode: "reflect" })).toThrow("needs at least 33 samples; got [1,32]");
    expect(attempt([1, 33], { padMode: "reflect" })).not.toThrow();
    expect(attempt([1, 63], { center: false })).toThrow("one frame needs 64 samples; got [1,63]");
    expect(attempt([1, 63, 2], {})).toThrow("must be [batch, samples] or [batch, samples, 1]");
    expect(attempt([0, 63], {})).toThrow("not empty; got [0,63]");
    const bank = new FilterBank(30, [{ firstBin: 0, weights: ones(3) }]);
    expect(attempt([1, 99], { filters: bank })).toThrow("33 bins; got 1 bands over 30 bins");
    expect(attempt([1, 99], { filters: new FilterBank(33, []) })).toThrow("got 0 bands");
    const fits = new FilterBank(33, [{ firstBin: 0, weights: ones(3) }]);
    expect(attempt([1, 99], { filters: fits, output: "complex" })).toThrow("output cannot be complex");
  });
});

describe("spectrograms of random shapes", () => {
  const generator = new Generator(deriveKey(3, "spectrogram"));
  const pick = <T>(list: readonly T[]): T => list[generator.integer(list.length)];
  const drawn = Array.from({ length: 40 }, () => {
    const fftSize = pick([64, 64, 128, 256, 2, 16, 30, 90, 144]);
    const center = pick([true, false]);
    const samples = (center ? fftSize / 2 + 1 : fftSize) + generator.integer(3 * fftSize);
    const bands = pick([undefined, undefined, 3, 21]);
    return {
      shape: [1 + generator.integer(3), samples],
      bands,
      options: {
        fftSize,
        center,
        hopLength: 1 + generator.integer(fftSize),
        padMode: pick(["constant", "reflect"] as const),
        output: pick(
          bands ? (["magnitude", "power"] as const) : (["complex", "magnitude", "power"] as const),
        ),
      },
    };
  });

  it.each(drawn)("and their gradients equal the reference loops: $shape $options $bands", (one) => {
    const { fftSize } = one.options;
    const window = testValues("positive", [fftSize], fftSize).data;
    const filters = one.bands ? testValues("positive", [one.bands, fftSize / 2 + 1], 9) : undefined;
    const fn = (x: Tensor) => {
      const result = spectrogram(x, { ...one.options, window, filters });
      const weights = constantTensor(testValues("positive", result.shape, 4));
      const [gradient] = gradients(sum(multiply(result, weights)), [x]);
      // A second time, so that the gradient's own operations are differentiated too.
      return [result, gradient, gradients(sum(multiply(gradient, gradient)), [x])[0]];
    };
    const x = testValues("normal", one.shape, one.shape[1]);
    const expected = compile(fn, [one.shape], { target: "reference" })(x);
    for (const target of KERNEL_TARGETS) {
      const actual = compile(fn, [one.shape], { target, threads: 1 })(x);
      expectClose(actual[0].data, expected[0].data, 2e-6, "values");
      expectClose(actual[1].data, expected[1].data, 2e-6, "gradient");
      // Where one of several magnitudes is small its curvature is large, and so is its error.
      if (one.options.output !== "magnitude")
        expectClose(actual[2].data, expected[2].data, 5e-6, "second gradient");
    }
  });
});

describe("the reference transform", () => {
  it.each([1, 2, 8, 9, 20, 64])("of %i numbers is Σ x·e^(-2πi·kn/N)", (size) => {
    const [re, im] = [1, 2].map((seed) => Float64Array.from(testValues("normal", [size], seed).data));
    const [actualRe, actualIm] = fourierTransform(re, im);
    for (let k = 0; k < size; k++) {
      let [sumRe, sumIm] = [0, 0];
      for (let n = 0; n < size; n++) {
        const angle = (-2 * Math.PI * k * n) / size;
        sumRe += re[n] * Math.cos(angle) - im[n] * Math.sin(angle);
        sumIm += re[n] * Math.sin(angle) + im[n] * Math.cos(angle);
      }
      expect(actualRe[k]).toBeCloseTo(sumRe, 11);
      expect(actualIm[k]).toBeCloseTo(sumIm, 11);
    }
  });
});
