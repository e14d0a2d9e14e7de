import { describe, expect, it } from "vitest";
import { amplitudeAt, loudness, peakOf } from "../testing/measure.ts";
import { distort, softClip } from "./distortion.ts";
import { addEcho } from "./echo.ts";
import { rootMeanSquare, scaleTo } from "./level.ts";
import { reverberate } from "./reverberation.ts";

const RATE = 22_050;

function impulse(): Float32Array {
  const signal = new Float32Array(2 * RATE);
  signal[0] = 1;
  return signal;
}

describe("reverberate", () => {
  it.each([0.5, 1.5])("loses 60 dB in its decay of %s s, within 10 %", (decay) => {
    const wet = reverberate(impulse(), { decay, size: 1, damping: 11_000 }, RATE);
    // Loudness over 40 ms at a tenth and at six tenths of the decay: 30 dB apart.
    const at = (part: number) => 20 * Math.log10(loudness(wet, part * decay, part * decay + 0.04, RATE));
    expect((at(0.1) - at(0.6)) / 30).toBeGreaterThan(0.9);
    expect((at(0.1) - at(0.6)) / 30).toBeLessThan(1.1);
  });

  it("is silent before the first reflection", () => {
    const wet = reverberate(impulse(), { decay: 1, size: 1, damping: 5000 }, RATE);
    // The shortest delay is 29.7 ms.
    expect(loudness(wet, 0, 0.029, RATE)).toBe(0);
    expect(loudness(wet, 0.029, 0.1, RATE)).toBeGreaterThan(0);
  });
});

describe("softClip", () => {
  it("is tanh within 0.03, odd, and never beyond 1", () => {
    for (let x = -5; x <= 5; x += 0.01) {
      expect(Math.abs(softClip(x) - Math.tanh(x))).toBeLessThan(0.03);
      expect(softClip(-x)).toBe(-softClip(x));
      expect(Math.abs(softClip(x))).toBeLessThanOrEqual(1);
    }
  });
});

describe("distort", () => {
  it("makes partials that were not there, the more the harder it is driven", () => {
    const clipped = (drive: number) => {
      const signal = Float32Array.from({ length: RATE }, (_, i) => Math.sin((2 * Math.PI * 200 * i) / RATE));
      distort(signal, { drive, cabinet: 4000 }, RATE);
      return amplitudeAt(signal, 0.7, 600, RATE) / amplitudeAt(signal, 0.7, 200, RATE);
    };
    expect(clipped(-20)).toBeLessThan(0.01);
    expect(clipped(20)).toBeGreaterThan(0.2);
  });
});

describe("addEcho", () => {
  it("repeats what it hears, fainter each time", () => {
    const signal = impulse();
    addEcho(signal, { seconds: 0.25, feedback: 0.5 }, RATE);
    const peaks = [0, 0.25, 0.5].map((at) =>
      peakOf(signal.subarray(Math.round(at * RATE), Math.round((at + 0.2) * RATE))),
    );
    expect(peaks[0]).toBe(1);
    expect(peaks[1]).toBeLessThan(0.5);
    expect(peaks[2]).toBeLessThan(0.5 * peaks[1]);
    expect(peaks[2]).toBeGreaterThan(0);
  });
});

describe("scaleTo", () => {
  it("gives the asked root mean square, and leaves silence alone", () => {
    const signal = Float32Array.of(3, -4);
    scaleTo(signal, 1);
    // √((9 + 16) / 2) = 3.5355
    expect([...signal]).toEqual([expect.closeTo(3 / 3.5355, 4), expect.closeTo(-4 / 3.5355, 4)]);
    expect(rootMeanSquare(signal)).toBeCloseTo(1, 6);
    const silence = new Float32Array(4);
    scaleTo(silence, 1);
    expect([...silence]).toEqual([0, 0, 0, 0]);
  });
});
