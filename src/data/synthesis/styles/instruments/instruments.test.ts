import { describe, expect, it } from "vitest";
import { Generator } from "../../../../random/generator.ts";
import { NOTE_INSTRUMENTS } from "../notes.ts";
import { amplitudeAt, centsOff, loudness, peakOf, pitchError, sameBits } from "../testing/measure.ts";
import { INSTRUMENTS, type InstrumentName } from "./instruments.ts";

const RATE = 22_050;
const NAMES = Object.keys(INSTRUMENTS) as InstrumentName[];

function play(
  name: InstrumentName,
  frequency: number,
  seconds: number,
  total: number,
  key = 1,
): Float32Array {
  const out = new Float32Array(total * RATE);
  INSTRUMENTS[name](new Generator(key), RATE)(out, 0, { frequency, seconds, velocity: 0.8 });
  return out;
}

describe("instruments", () => {
  it.each(NAMES)("%s is audible, finite, without a constant, and ends", (name) => {
    for (const frequency of [110, 523.3]) {
      const samples = play(name, frequency, 0.6, 4);
      expect(samples.every(Number.isFinite)).toBe(true);
      expect(peakOf(samples)).toBeGreaterThan(0.1);
      expect(peakOf(samples)).toBeLessThan(8);
      const played = loudness(samples, 0.05, 0.3, RATE);
      expect(played).toBeGreaterThan(0.02);
      expect(Math.abs(samples.reduce((sum, x) => sum + x, 0) / samples.length)).toBeLessThan(0.01 * played);
      expect(loudness(samples, 3, 4, RATE)).toBe(0);
    }
  });

  it.each(NAMES)("%s: the same key gives the same bits, another key another specimen", (name) => {
    const samples = play(name, 220, 0.3, 1);
    expect(sameBits(play(name, 220, 0.3, 1), samples)).toBe(true);
    expect(sameBits(play(name, 220, 0.3, 1, 2), samples)).toBe(false);
  });

  it.each(NOTE_INSTRUMENTS)("%s has its fundamental where it was asked, within 10 cents", (name) => {
    for (const frequency of [131, 293.7, 587.3, 1046.5]) {
      for (const key of [1, 2, 3]) {
        const samples = play(name, frequency, 1, 2, key);
        expect(Math.abs(pitchError(samples, 0.1, frequency, RATE))).toBeLessThan(10);
        // No note is an octave higher than it says.
        expect(amplitudeAt(samples, 0.25, frequency, RATE)).toBeGreaterThan(
          0.03 * loudness(samples, 0.2, 0.3, RATE),
        );
      }
    }
  });

  it.each(["steelGuitar", "nylonGuitar", "piano", "electricPiano", "vibraphone", "marimba", "harp"] as const)(
    "%s dies away while it is held, and keeps its pitch within 4 cents",
    (name) => {
      const samples = play(name, 330, 2, 2);
      expect(loudness(samples, 1, 1.1, RATE)).toBeLessThan(0.6 * loudness(samples, 0.05, 0.15, RATE));
      expect(Math.abs(centsOff(samples, 0.1, 330, RATE))).toBeLessThan(4);
    },
  );

  it.each(["bowedString", "flute", "clarinet", "saxophone", "trumpet", "organ", "synthLead"] as const)(
    "%s goes on while it is held",
    (name) => {
      const samples = play(name, 330, 2, 2);
      expect(loudness(samples, 1.5, 1.6, RATE)).toBeGreaterThan(0.4 * loudness(samples, 0.4, 0.5, RATE));
    },
  );

  it("the clarinet has odd partials, the saxophone all", () => {
    const second = (name: InstrumentName) => {
      const samples = play(name, 262, 1, 2);
      return amplitudeAt(samples, 0.5, 524, RATE) / amplitudeAt(samples, 0.5, 786, RATE);
    };
    expect(second("clarinet")).toBeLessThan(0.5);
    expect(second("saxophone")).toBeGreaterThan(0.8);
  });
});
