import { describe, expect, it } from "vitest";
import { compile } from "../../graph/compile.ts";
import { floatArray } from "../../tensor/array.ts";
import { frontEndConfig, type ConstantQConfig } from "./config.ts";
import { constantQFrequencies, constantQLengths } from "./constant-q.ts";
import { frontEnd } from "./front-end.ts";
import { testSignal } from "./testing/signal.ts";

const OPTIONS = {
  kind: "constantQ",
  sampleRate: 8000,
  hopLength: 100,
  bins: 30,
  minFrequency: 220,
} as const;

/** The definition of constant-q.ts, sum by sum. */
function byDefinition(waveform: Float32Array, config: ConstantQConfig, frame: number): Float64Array {
  const lengths = constantQLengths(config);
  return constantQFrequencies(config).map((frequency, b) => {
    const length = lengths[b];
    const first = Math.floor(-length / 2);
    const count = Math.floor(length / 2) - first;
    let [re, im, total] = [0, 0, 0];
    for (let m = 0; m < count; m++) {
      const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * m) / count);
      const angle = (2 * Math.PI * frequency * (first + m)) / config.sampleRate;
      const sample = waveform[frame * config.hopLength - first - m] ?? 0;
      total += weight;
      re += weight * Math.cos(angle) * sample;
      im += weight * Math.sin(angle) * sample;
    }
    return (Math.sqrt(length) / total) * Math.hypot(re, im);
  });
}

describe("the constant-Q transform", () => {
  it("is its definition within 1e-6 of each number, at the edges too", () => {
    const config = frontEndConfig(OPTIONS) as ConstantQConfig;
    const waveform = testSignal(4000, 8000);
    const front = frontEnd(OPTIONS);
    const program = compile((x) => front.apply(x), [[1, 4000, 1]], { target: "wasm", threads: 1 });
    const features = program(floatArray(waveform, [1, 4000, 1])).data;
    for (const frame of [0, 3, 20, 40]) {
      const expected = byDefinition(waveform, config, frame);
      expected.forEach((value, b) => {
        expect(Math.abs(features[frame * 30 + b] - value) / value).toBeLessThan(1e-6);
      });
    }
  });

  it("finds a tone in its own bin, as high as √N / 2 times its amplitude", () => {
    const frequency = 220 * 2 ** (14 / 12);
    const tone = Float32Array.from(
      { length: 8000 },
      (_, n) => 0.8 * Math.cos((2 * Math.PI * frequency * n) / 8000),
    );
    const front = frontEnd(OPTIONS);
    const program = compile((x) => front.apply(x), [[1, 8000, 1]], { target: "wasm", threads: 1 });
    const frame = [...program(floatArray(tone, [1, 8000, 1])).data.slice(40 * 30, 41 * 30)];
    const length = constantQLengths(frontEndConfig(OPTIONS) as ConstantQConfig)[14];
    expect(frame.indexOf(Math.max(...frame))).toBe(14);
    // Σ w e^(iωj) · 0.8 cos(ω(t - j)) / Σ w is 0.4 and a part at 2ω, which the window all but removes.
    expect(frame[14] / (0.4 * Math.sqrt(length))).toBeCloseTo(1, 3);
  });
});
