import { describe, expect, it } from "vitest";
import { randomWords, withErrors, withErrorsBetween } from "../testing/words.ts";
import { Matcher, type Match } from "./matches.ts";

/** Frames in 3 s, 4 s and 10 s: 258, 345 and 861. */
const LONG = 2000;

function matchesAmong(recordings: readonly Uint32Array[]): Match[] {
  const matcher = new Matcher(recordings);
  return recordings.flatMap((_, b) => matcher.matchesOf(b));
}

function joined(...parts: readonly Uint32Array[]): Uint32Array {
  return Uint32Array.from(parts.flatMap((part) => [...part]));
}

describe("matches", () => {
  it("are found among many recordings, with their offset", () => {
    const recordings = Array.from({ length: 50 }, (_, seed) => randomWords(LONG, seed));
    // 5 s of number 7 in number 31; number 20 from its frame 300 on as number 40.
    recordings[31].set(recordings[7].subarray(600, 1030), 1000);
    recordings[40] = recordings[20].slice(300);
    const found = matchesAmong(recordings);
    expect(found.map(({ a, b, shift }) => ({ a, b, shift }))).toEqual([
      { a: 7, b: 31, shift: -400 },
      { a: 20, b: 40, shift: 300 },
    ]);
    expect(found[0].overlap.first).toBeCloseTo(600, -1);
    expect(found[0].overlap.frames).toBeCloseTo(430, -1);
    expect(found[1].overlap).toEqual({ first: 300, frames: 1700, errorRate: 0 });
    expect(found.every(({ isCertain }) => isCertain)).toBe(true);
  });

  it("need 3 s", () => {
    const a = randomWords(LONG, 1);
    const share = (frames: number) =>
      matchesAmong([a, joined(randomWords(900, 2), a.subarray(0, frames), randomWords(900, 3))]);
    expect(share(230)).toEqual([]);
    expect(share(290)).toHaveLength(1);
  });

  it("of up to 10 s need better agreement than longer ones", () => {
    const a = randomWords(LONG, 1);
    // One word in ten is right, so that there is something to be found by; 7 bits are 0.2, in the mean of all 0.197.
    const poor = withErrorsBetween(a, 7, 10);
    expect(matchesAmong([a, poor])).toMatchObject([{ shift: 0, isCertain: true }]);
    expect(matchesAmong([a, joined(randomWords(900, 2), poor.subarray(0, 700))])).toEqual([]);
  });

  it("do not arise from a few equal words", () => {
    const a = randomWords(LONG, 1);
    expect(matchesAmong([a, withErrorsBetween(a, 16, 10)])).toEqual([]);
  });

  it("do not arise from steady sounds, whatever they have in common", () => {
    // Ten words again and again in runs of 100: whichever offset, most frames agree.
    const steady = Uint32Array.from({ length: LONG }, (_, i) => 0x1234567 + (Math.floor(i / 100) % 10));
    expect(matchesAmong([steady, withErrors(steady, 1)])).toEqual([]);
  });

  it("of two short sounds are not certain", () => {
    const a = joined(new Uint32Array(500), randomWords(60, 1), new Uint32Array(500));
    const b = joined(randomWords(60, 1), randomWords(40, 2));
    expect(matchesAmong([a, b])).toMatchObject([{ shift: 500, isCertain: false }]);
    expect(matchesAmong([a, randomWords(60, 3)])).toEqual([]);
  });

  it("link all of many copies", () => {
    const original = randomWords(1000, 1);
    const copies = Array.from({ length: 300 }, (_, i) => withErrors(original, i % 2));
    const matcher = new Matcher(copies);
    expect(matcher.matchesOf(299).length).toBeGreaterThan(0);
  });

  it("are found in hours of sound", () => {
    // 25 minutes, of which 10 s in the last minute are those of another recording.
    const long = randomWords(130_000, 1);
    const other = randomWords(3000, 2);
    long.set(other.subarray(1000, 1900), 128_000);
    for (const recordings of [
      [long, other],
      [other, long],
    ]) {
      const [match] = matchesAmong(recordings);
      expect(Math.abs(match.shift)).toBe(127_000);
    }
  });
});
