import { describe, expect, it } from "vitest";
import { hit, music, note, padded, scaled, withNoise } from "../testing/music.ts";
import { matchSamples } from "./same-samples.ts";

const sound = hit({ seed: 1, seconds: 0.3 });

describe("short sounds", () => {
  it("are the same at another gain and polarity and with silence around them", () => {
    const copy = padded(scaled(sound, -0.1), 700, 300);
    const match = matchSamples(sound, copy, -680, 100);
    expect(match).toMatchObject({ lag: -700, samples: 4800 });
    expect(match?.correlation).toBeCloseTo(1, 6);
    expect(matchSamples(copy, sound, 680, 100)).toMatchObject({ lag: 700 });
  });

  it("are the same when rounded to 16 bits far below full scale", () => {
    // At -40 dB, a step is 1/330 of the peak.
    const quiet = scaled(sound, 0.01).map((sample) => Math.round(32768 * sample) / 32768);
    expect(matchSamples(sound, quiet, 0, 10)?.correlation).toBeGreaterThan(0.999);
  });

  it("are the same when one of them is cut off, or has something after it", () => {
    // The noise fades by e^-8: its first half has all but e^-8 of the energy.
    expect(matchSamples(sound, sound.subarray(0, 2400), 0, 10)).toMatchObject({ lag: 0, samples: 2400 });
    const followed = padded(sound, 0, 4800);
    followed.set(hit({ seed: 2, seconds: 0.3 }), 4800);
    expect(matchSamples(sound, followed, 0, 10)).toMatchObject({ lag: 0 });
  });

  it("are different where only a quiet part of both is the same", () => {
    const [x, y, z] = [1, 2, 3].map((seed) => hit({ seed, seconds: 0.1 }));
    const before = padded(x, 0, 1600);
    before.set(scaled(z, 0.2), 1600);
    const after = padded(y, 1600, 0);
    after.set(scaled(z, 0.2));
    expect(matchSamples(before, after, 1600, 0)).toBeUndefined();
    expect(matchSamples(before, scaled(z, 0.2), 1600, 0)).toMatchObject({ lag: 1600, samples: 1600 });
  });

  it("are different where they are other hits, notes or takes with the same bass", () => {
    expect(matchSamples(sound, hit({ seed: 2, seconds: 0.3 }), 0, 200)).toBeUndefined();
    const notes = [5, 6].map((seed) => note(440, { seed, seconds: 1 }));
    expect(matchSamples(notes[0], notes[1], 0, 200)).toBeUndefined();
    // Nine tenths of the energy, and more, are those of a bass note that both have.
    const bass = note(60, { seed: 1, seconds: 0.5 });
    const [x, y] = [1, 2].map((seed) => withNoise(bass, 0.02, seed));
    expect(matchSamples(x, y, 0, 200)).toBeUndefined();
    expect(
      matchSamples(music({ seed: 1, seconds: 1 }), music({ seed: 2, seconds: 1 }), 0, 99),
    ).toBeUndefined();
  });

  it("of silence are not the same as anything", () => {
    expect(matchSamples(new Float32Array(100), new Float32Array(100), 0, 5)).toBeUndefined();
    expect(matchSamples(sound, new Float32Array(4800), 0, 5)).toBeUndefined();
    expect(matchSamples(sound, sound, 9000, 5)).toBeUndefined();
  });
});
