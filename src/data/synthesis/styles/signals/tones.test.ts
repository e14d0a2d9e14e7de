import { describe, expect, it } from "vitest";
import { Generator } from "../../../../random/generator.ts";
import { amplitudeAt, centsOff, loudness } from "../testing/measure.ts";
import { addFrequencyModulation } from "./frequency-modulation.ts";
import { addPartial } from "./partial.ts";
import { addSubtractive } from "./subtractive.ts";
import { addSustainedTone, BREATH_SIZE } from "./sustained-tone.ts";
import { wavetable } from "./wavetable.ts";

const RATE = 22_050;

function second(add: (out: Float32Array) => void): Float32Array {
  const out = new Float32Array(RATE);
  add(out);
  return out;
}

describe("wavetable", () => {
  it("has its partials in proportion and the power of a sine", () => {
    const table = wavetable([3, 0, 4], 10);
    const power = table.subarray(0, 1024).reduce((sum, x) => sum + x * x, 0) / 1024;
    expect(power).toBeCloseTo(0.5, 5);
    const partial = (n: number) =>
      (2 / 1024) *
      table.subarray(0, 1024).reduce((sum, x, i) => sum + x * Math.sin((2 * Math.PI * n * i) / 1024), 0);
    // 3 : 4 with the squares adding up to 1.
    expect([1, 2, 3].map(partial)).toEqual([0.6, 0, 0.8].map((value) => expect.closeTo(value, 5)));
    expect(table[1024]).toBe(table[0]);
  });

  it("leaves out what is above the highest partial", () => {
    expect(wavetable([1, 1, 1], 1.9)).toEqual(wavetable([1], 1));
  });
});

describe("addPartial", () => {
  const partial = { frequency: 500, decay: 0.5, held: 1, release: 0.1, level: 0.8 };

  it("is the decaying sine, within 1e-4", () => {
    const samples = second((out) => addPartial(out, 0, partial, RATE));
    for (let i = 0; i < 2000; i++) {
      const time = i / RATE;
      const expected = 0.8 * 10 ** ((-3 * time) / 0.5) * Math.sin(2 * Math.PI * 500 * time);
      expect(Math.abs(samples[i] - expected)).toBeLessThan(1e-4);
    }
  });

  it("is damped when it is let go", () => {
    const samples = second((out) => addPartial(out, 0, { ...partial, decay: 5, held: 0.3 }, RATE));
    expect(amplitudeAt(samples, 0.27, 500, RATE)).toBeGreaterThan(0.5);
    expect(loudness(samples, 0.41, 1, RATE)).toBe(0);
  });
});

describe("addFrequencyModulation", () => {
  it("has Chowning's side bands: amplitudes J0(I) and J1(I)", () => {
    const tone = {
      frequency: 1000,
      ratio: 0.4,
      index: 1,
      indexDecay: 1e6,
      decay: 1e6,
      held: 1,
      release: 1,
      level: 1,
    };
    const samples = second((out) => addFrequencyModulation(out, 0, tone, RATE));
    // J0(1) = 0.7652, J1(1) = 0.4401 (Abramowitz and Stegun, table 9.1).
    expect(amplitudeAt(samples, 0.5, 1000, RATE)).toBeCloseTo(0.7652, 2);
    expect(amplitudeAt(samples, 0.5, 1400, RATE)).toBeCloseTo(0.4401, 2);
    expect(amplitudeAt(samples, 0.5, 600, RATE)).toBeCloseTo(0.4401, 2);
  });
});

describe("addSubtractive", () => {
  const voice = {
    square: 0,
    detune: [0],
    cutoff: 9000,
    sweep: 0,
    sweepDecay: 1,
    q: 0.7,
    attack: 0.01,
    release: 0.1,
    sustain: 1,
  };
  const note = { frequency: 220, seconds: 0.8, velocity: 1 };
  const play = (changes: Partial<typeof voice>) =>
    second((out) => addSubtractive(out, 0, { ...voice, ...changes }, note, RATE, new Generator(1)));
  const partials = (samples: Float32Array) =>
    [1, 2, 3, 4].map((n) => amplitudeAt(samples, 0.4, 220 * n, RATE));

  it("has the partials of a saw-tooth, 1/n, within 2 %", () => {
    const [first, ...others] = partials(play({}));
    others.forEach((amplitude, i) => expect(Math.abs((amplitude * (i + 2)) / first - 1)).toBeLessThan(0.02));
  });

  it("has only odd partials in a square wave, 1/n within 2 %", () => {
    const [first, two, three, four] = partials(play({ square: 1 }));
    expect(Math.abs((three * 3) / first - 1)).toBeLessThan(0.02);
    expect(Math.max(two, four) / first).toBeLessThan(0.005);
  });

  it("opens its filter with the sweep and ends with the release", () => {
    const closed = play({ cutoff: 200, sweep: 0 });
    const swept = play({ cutoff: 200, sweep: 4, sweepDecay: 10 });
    expect(amplitudeAt(swept, 0.2, 2200, RATE)).toBeGreaterThan(10 * amplitudeAt(closed, 0.2, 2200, RATE));
    expect(loudness(closed, 0.91, 1, RATE)).toBe(0);
  });
});

describe("addSustainedTone", () => {
  const tone = {
    dark: wavetable([1], 10),
    bright: wavetable([0, 1], 10),
    brightness: 1,
    attack: 0.1,
    release: 0.1,
    sustain: 1,
    vibratoRate: 5,
    vibratoDepth: 0,
    tremoloDepth: 0,
    scoop: 0,
    noise: 0,
    noiseFrequency: 3000,
    breath: new Float32Array(BREATH_SIZE),
  };
  const play = (changes: Partial<typeof tone>, velocity = 1) =>
    second((out) =>
      addSustainedTone(
        out,
        0,
        { ...tone, ...changes },
        { frequency: 440, seconds: 0.7, velocity },
        RATE,
        new Generator(1),
      ),
    );

  it("goes from the dark to the bright table with the velocity", () => {
    const soft = play({}, 0.25);
    // Velocity 1/4: amplitude 1/4, three quarters of it dark.
    expect(amplitudeAt(soft, 0.4, 440, RATE)).toBeCloseTo(0.25 * 0.75, 2);
    expect(amplitudeAt(soft, 0.4, 880, RATE)).toBeCloseTo(0.25 * 0.25, 2);
    expect(amplitudeAt(play({}), 0.4, 440, RATE)).toBeLessThan(0.01);
  });

  it("rises in its attack and ends with its release", () => {
    const samples = play({});
    expect(loudness(samples, 0, 0.01, RATE)).toBeLessThan(0.02);
    expect(loudness(samples, 0.2, 0.6, RATE)).toBeCloseTo(Math.SQRT1_2, 2);
    expect(loudness(samples, 0.81, 1, RATE)).toBe(0);
  });

  it("slides up from a scoop", () => {
    const samples = play({ brightness: 0, scoop: -0.03 });
    expect(centsOff(samples, 0, 440, RATE)).toBeLessThan(-10);
    expect(Math.abs(centsOff(samples, 0.2, 440, RATE))).toBeLessThan(0.5);
  });
});
