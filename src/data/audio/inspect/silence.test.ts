import { describe, expect, it } from "vitest";
import { resample } from "../../../audio/index.ts";
import { isSilent, SilenceMeter } from "./silence.ts";
import { QuietMeter } from "./measure/quiet-meter.ts";

/** Whether sound is silent that comes in blocks of some length. */
function judged(samples: Float32Array, sampleRate: number, block = 1000): boolean {
  const meter = new SilenceMeter(sampleRate);
  for (let at = 0; at < samples.length; at += block) meter.push(samples.subarray(at, at + block));
  return meter.isSilent();
}

const filled = (length: number, value: (i: number) => number) =>
  Float32Array.from({ length }, (_, i) => value(i));

describe("silence that was resampled", () => {
  it.each([
    [44_100, 22_050],
    [48_000, 8000],
    [8000, 44_100],
    [22_050, 16_000],
  ])("is heard in a constant from %i Hz to %i Hz, whose ends are steps", async (from, to) => {
    const { samples } = await resample({ sampleRate: from, samples: filled(from, () => 0.5) }, to);
    expect(judged(samples, to)).toBe(true);
    // Without its ends left out it is not.
    const meter = new QuietMeter(to);
    meter.push(samples);
    expect(isSilent({ isFinite: true, quiet: meter.finish() })).toBe(false);
  });

  it("is the same for blocks of any length", () => {
    const click = filled(8000, (i) => (i >= 4000 && i < 4020 ? 0.5 : 0));
    const zeros = new Float32Array(8000);
    for (const block of [1, 7, 79, 80, 81, 8000]) {
      expect([judged(click, 8000, block), judged(zeros, 8000, block)]).toEqual([false, true]);
    }
  });

  it.each([1, 79, 160, 320, 321, 500])("is not heard in a sound of %i samples", (length) => {
    expect(
      judged(
        filled(length, (i) => (length === 1 ? 0.5 : 0.5 * Math.sin(i))),
        8000,
      ),
    ).toBe(length === 1);
    expect(judged(new Float32Array(length), 8000)).toBe(true);
  });

  it("is no sound at all", () => {
    expect(new SilenceMeter(8000).isSilent()).toBe(true);
  });
});
