import { describe, expect, it } from "vitest";
import { frontEndConfig } from "../audio/front-end/config.ts";
import type { SoundRange } from "../audio/sound-range.ts";
import { outsideRange, type Listener } from "./outside-range.ts";

const TRAINED: SoundRange = { bandwidth: [3400, 4000], level: [-35, -20], noiseFloor: [-60, -40] };
const WIDE: Listener = {
  frontEnd: frontEndConfig({ kind: "melSpectrogram", scale: { kind: "decibels" } }),
  normalizesExamples: false,
  holdsRange: true,
};
const NARROW: Listener = {
  ...WIDE,
  frontEnd: frontEndConfig({ kind: "melSpectrogram", maxFrequency: 4000, scale: { kind: "decibels" } }),
};

function recording(given: Partial<Record<keyof SoundRange, number>>): SoundRange {
  const { bandwidth = 4000, level = -25, noiseFloor = -50 } = given;
  return { bandwidth: [bandwidth, bandwidth], level: [level, level], noiseFloor: [noiseFloor, noiseFloor] };
}

describe("a recording beside those of training", () => {
  it.each([
    ["as they were", {}],
    ["a little louder", { level: -12 }],
    ["a little noisier", { noiseFloor: -32 }],
    ["with less noise", { noiseFloor: -110 }],
    ["a little wider", { bandwidth: 4500 }],
  ])("%s is not worth a word", (_, given) => {
    expect(outsideRange(recording(given), TRAINED, WIDE)).toEqual([]);
  });

  it("that reaches higher is cut off, held to what training had, or not known", () => {
    const wider = recording({ bandwidth: 22_050 });
    const [cut] = outsideRange(wider, TRAINED, NARROW);
    expect(cut).toMatchObject({ quantity: "bandwidth", found: 22_050, trained: [3400, 4000], leftOut: true });
    expect(cut.message).toBe(
      "has sound up to 22.1 kHz, and the training recordings have none above 4.0 kHz: the model ignores the higher frequencies",
    );
    const [held] = outsideRange(wider, TRAINED, WIDE);
    expect(held.leftOut).toBe(false);
    expect(held.message).toContain("limited to their training range");
    const [unknown] = outsideRange(wider, TRAINED, { ...WIDE, holdsRange: false });
    expect(unknown.message).toContain("may be meaningless");
    const all = { ...TRAINED, bandwidth: [16_000, 16_000] } as const;
    expect(outsideRange(wider, all, WIDE)).toEqual([]);
  });

  it("that has less of the band lacks what the model goes by", () => {
    const [narrower] = outsideRange(recording({ bandwidth: 1500 }), TRAINED, NARROW);
    expect(narrower.message).toMatch(/^has sound only up to 1\.5 kHz, but .* up to 3\.4 kHz/);
  });

  it.each([
    [-60, "is 25 dB quieter than any training recording"],
    [-5, "is 15 dB louder than any training recording"],
  ])("at %i dB says so where features depend on the level, and only there", (level, message) => {
    expect(outsideRange(recording({ level }), TRAINED, WIDE)[0].message).toContain(message);
    expect(outsideRange(recording({ level }), TRAINED, { ...WIDE, normalizesExamples: true })).toEqual([]);
    const frontEnd = frontEndConfig({
      kind: "melSpectrogram",
      scale: { kind: "decibels", reference: "max" },
    });
    expect(outsideRange(recording({ level }), TRAINED, { ...WIDE, frontEnd })).toEqual([]);
  });

  it("with another noise floor says so", () => {
    const [noisy] = outsideRange(recording({ noiseFloor: -10 }), TRAINED, NARROW);
    expect(noisy).toMatchObject({ quantity: "noiseFloor", found: -10, leftOut: false });
    expect(noisy.message).toContain(
      "quietest parts 10 dB below its loud ones; in training recordings they are 40 dB below",
    );
  });
});
