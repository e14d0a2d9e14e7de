import { describe, expect, it } from "vitest";
import { pitchFrequencies, pitchOf } from "./pitch.ts";

/** Twelve notes from 440 Hz, a semitone apart. */
const NOTES = Float64Array.from({ length: 12 }, (_, i) => 440 * 2 ** (i / 12));

function probabilities(given: Readonly<Record<number, number>>): Float32Array {
  return Float32Array.from({ length: 12 }, (_, i) => given[i] ?? 0);
}

describe("the pitch of a window", () => {
  it("is the mean of the neighbours of the most probable one in cents, weighted by probability", () => {
    const alone = pitchOf(probabilities({ 3: 0.75 }), NOTES);
    expect(alone.frequency).toBeCloseTo(NOTES[3], 9);
    expect(alone.confidence).toBe(0.75);
    // Half-way between two that are equally probable: 50 cents above the lower one.
    const between = pitchOf(probabilities({ 5: 0.5, 6: 0.5 }), NOTES);
    expect(1200 * Math.log2(between.frequency / NOTES[5])).toBeCloseTo(50, 6);
    // A quarter of the weight is 200 cents above: 50 cents.
    const weighted = pitchOf(probabilities({ 2: 0.75, 4: 0.25 }), NOTES);
    expect(1200 * Math.log2(weighted.frequency / NOTES[2])).toBeCloseTo(50, 4);
  });

  it("leaves out what is more than four outputs away, and stops at both ends", () => {
    expect(pitchOf(probabilities({ 0: 0.5, 5: 0.4 }), NOTES).frequency).toBeCloseTo(NOTES[0], 9);
    expect(pitchOf(probabilities({ 11: 0.5, 6: 0.4 }), NOTES).frequency).toBeCloseTo(NOTES[11], 9);
    expect(pitchOf(probabilities({}), NOTES)).toEqual({ frequency: NOTES[0], confidence: 0 });
  });

  it("needs a probability for each frequency", () => {
    expect(() => pitchOf([0.5], NOTES)).toThrow(
      "pitchOf: must have a probability for each of 12 frequencies; got 1",
    );
  });
});

it("frequencies are read from names in Hz, all or none", () => {
  expect(pitchFrequencies(["31.700 Hz", "440 Hz"])).toEqual(Float64Array.of(31.7, 440));
  expect(pitchFrequencies(["440 Hz", "rock"])).toBeUndefined();
  expect(pitchFrequencies(["0 Hz"])).toBeUndefined();
});
