import { describe, expect, it } from "vitest";
import { melFrequencies } from "../../../../audio/front-end/mel.ts";
import { music, scaled } from "../testing/music.ts";
import { LOW_RATE } from "./low-rate.ts";
import { countBits, FRAME_RATE, SILENCE, SubFingerprinter } from "./sub-fingerprints.ts";

const fingerprinter = new SubFingerprinter();

function fingerprint(samples: Float32Array, piece = Infinity): Uint32Array {
  fingerprinter.begin();
  for (let at = 0; at < samples.length; at += piece) fingerprinter.push(samples.subarray(at, at + piece));
  return fingerprinter.finish();
}

const sound = music({ seed: 3, seconds: 4, sampleRate: LOW_RATE });

describe("sub-fingerprints", () => {
  it("have bits that compare how the energies of neighbouring bands change", () => {
    // A tone in the middle of band 10 that grows: E(10) - E(11) rises, and E(9) - E(10) falls.
    const frequencies = melFrequencies({
      melBands: 33,
      minFrequency: 300,
      maxFrequency: 2000,
      melScale: "htk",
    });
    const frequency = frequencies[11];
    const samples = Float32Array.from({ length: 20_000 }, (_, i) => {
      return (i / 20_000) * Math.sin((2 * Math.PI * frequency * i) / LOW_RATE);
    });
    const grows = fingerprint(samples);
    const shrinks = fingerprint(samples.toReversed());
    for (let frame = 20; frame < 290; frame++) {
      // The first band is the highest bit.
      expect([(grows[frame] >>> (31 - 10)) & 1, (grows[frame] >>> (31 - 9)) & 1]).toEqual([1, 0]);
      expect([(shrinks[frame] >>> (31 - 10)) & 1, (shrinks[frame] >>> (31 - 9)) & 1]).toEqual([0, 1]);
    }
  });

  it("number 86 a second, the first around the beginning", () => {
    expect(FRAME_RATE).toBeCloseTo(86.13, 2);
    // 1 + floor(22050 / 64).
    expect(fingerprint(sound)).toHaveLength(345);
  });

  it("are the same at half the level, and in pieces", () => {
    const words = fingerprint(sound);
    // A factor of two changes no rounding.
    expect(fingerprint(scaled(sound, 0.5))).toEqual(words);
    expect(fingerprint(sound, 999)).toEqual(words);
  });

  it("of silence, and of what is below -80 dB, say so", () => {
    expect(new Set(fingerprint(new Float32Array(10_000)))).toEqual(new Set([SILENCE]));
    expect(new Set(fingerprint(scaled(sound, 1e-5)))).toEqual(new Set([SILENCE]));
    expect(fingerprint(sound).slice(10)).not.toContain(SILENCE);
  });

  it("go on beyond what is computed at once", () => {
    const long = music({ seed: 4, seconds: 30, sampleRate: LOW_RATE });
    const words = fingerprint(long);
    const from = 64 * 2000;
    const end = fingerprint(long.subarray(from));
    // Behind the first frames, which reach before the cut.
    expect(words.slice(2000 + 20)).toEqual(end.slice(20));
  });
});

describe("bits of a word", () => {
  it.each([
    [0, 0],
    [1, 1],
    [0xffffffff, 32],
    [0x80000000, 1],
    [0xf0f0f0f1, 17],
  ])("of %d are counted: %d", (word, count) => {
    expect(countBits(word)).toBe(count);
    expect(countBits(word | 0)).toBe(count);
  });
});
