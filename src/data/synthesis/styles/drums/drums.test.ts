import { describe, expect, it } from "vitest";
import { loudness, peakOf, sameBits } from "../testing/measure.ts";
import { DRUM_NAMES, drumKit, type DrumName } from "./drum-kit.ts";

const RATE = 22_050;

/** Share of the energy that is in differences of neighbouring samples: 0 for a constant, 4 at half the rate. */
function brightness(sound: Float32Array): number {
  let differences = 0;
  let energy = 0;
  for (let i = 1; i < sound.length; i++) {
    differences += (sound[i] - sound[i - 1]) ** 2;
    energy += sound[i] ** 2;
  }
  return differences / energy;
}

describe("drums", () => {
  it.each(DRUM_NAMES)("%s reaches full scale and has died away at its end", (name) => {
    for (const key of [1, 2, 3]) {
      const sound = drumKit(key, RATE)(name);
      expect(peakOf(sound)).toBeCloseTo(1, 6);
      const seconds = sound.length / RATE;
      expect(seconds).toBeGreaterThan(0.04);
      expect(seconds).toBeLessThan(3);
      expect(loudness(sound, 0.9 * seconds, seconds, RATE)).toBeLessThan(0.03);
    }
  });

  it.each(DRUM_NAMES)("%s: one key, one sound, whatever else was built; another key, another", (name) => {
    const kit = drumKit(7, RATE);
    kit("kick");
    kit("ride");
    expect(sameBits(kit(name), drumKit(7, RATE)(name))).toBe(true);
    expect(kit(name)).toBe(kit(name));
    expect(sameBits(drumKit(8, RATE)(name), kit(name))).toBe(false);
  });

  it("go from the dark kick to the bright hi-hat", () => {
    const order: DrumName[] = ["kick", "clap", "closedHat"];
    for (const key of [1, 2, 3, 4, 5]) {
      const values = order.map((name) => brightness(drumKit(key, RATE)(name)));
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  });

  it("the open hi-hat sounds longer than the closed one", () => {
    const kit = drumKit(1, RATE);
    expect(kit("openHat").length).toBeGreaterThan(1.8 * kit("closedHat").length);
  });
});
