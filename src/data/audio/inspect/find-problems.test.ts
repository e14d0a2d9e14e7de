import { describe, expect, it } from "vitest";
import type { Measurement } from "./measure/measurement.ts";
import { findProblems, namedProblems } from "./find-problems.ts";
import { filesOf } from "./testing/measurements.ts";

/** Kind and words of each problem of one file. */
function problemsOf(given: Partial<Measurement>, clip = {}): [string, string][] {
  return findProblems(filesOf({ "a.wav": { ...given, clip } })).map(({ kind, problem }) => [kind, problem]);
}

const quiet = (seconds: number, start: number, longest: number, loudest = 0.2) => ({
  quiet: { loudest, seconds, longest: { start, seconds: longest } },
});

describe("problems", () => {
  it("are none where all is well, and near the limits", () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ clipped: 0.0009, dcOffset: 0.009, ...quiet(1.9, 0, 1.9) })).toEqual([]);
    // 60 ms.
    expect(problemsOf({ frames: 1323 })).toEqual([]);
    // Decoders give up to a tenth of a second less.
    expect(problemsOf({ claimedFrames: 220_500 + 2000 })).toEqual([]);
  });

  it("are those that were found before, by kind", () => {
    expect(
      namedProblems([
        { path: "/a", problem: "empty file (0 bytes)" },
        { path: "/b", problem: "permission denied" },
      ]),
    ).toEqual([
      { kind: "empty", path: "/a", problem: "empty file (0 bytes)" },
      { kind: "unusable", path: "/b", problem: "permission denied" },
    ]);
  });

  it("are what decoders warn of, and recordings shorter than their headers", () => {
    const warnings = ["truncated: the header says 30.0 s, the file holds 10.0 s", "damaged: lost sync"];
    expect(problemsOf({ warnings })).toEqual([
      ["truncated", "the header says 30.0 s, the file holds 10.0 s"],
      ["damaged", "damaged: lost sync"],
    ]);
    expect(problemsOf({ claimedFrames: 661_500 })).toEqual([
      ["truncated", "the header says 30.0 s, 10.0 s could be decoded"],
    ]);
    expect(problemsOf({ claimedFrames: null })).toEqual([]);
  });

  it("are clips beyond the end of their file", () => {
    expect(problemsOf({}, { start: 12 })).toEqual([
      ["unusable", "a clip begins at 12 s; the recording ends at 10.00 s"],
    ]);
    expect(problemsOf({}, { start: 5, end: 11 })).toEqual([
      ["truncated", "a clip extends to 11 s; the recording ends at 10.00 s"],
    ]);
    expect(problemsOf({}, { start: 5, end: 10.05 })).toEqual([]);
  });

  it("are silence, of which nothing else is said, and what made it", () => {
    expect(problemsOf({ peak: 0, rms: 0, dcOffset: 0.5, ...quiet(10, 0, 10, 0) })).toEqual([
      ["silent", "digital silence"],
    ]);
    // 20 log10(0.0005) = -66.02 dB.
    expect(problemsOf({ peak: 0.001, ...quiet(10, 0, 10, 0.0005) })).toEqual([
      ["silent", "nothing above -60 dBFS, its loudest tenth of a second is at -66 dBFS"],
    ]);
    expect(problemsOf({ peak: 0.5, ...quiet(10, 0, 10, 0.0005) })[0][1]).toMatch(/^its channels cancel/);
    // -58.4 dB.
    expect(problemsOf({ peak: 0.01, ...quiet(9, 0, 1, 0.0012) })).toEqual([]);
  });

  it("are long stretches of silence in a recording that has other sound", () => {
    expect(problemsOf(quiet(4, 2, 3.5))).toEqual([
      ["partlySilent", "40 % of it is below -60 dBFS, the longest stretch 3.5 s from 2.0 s on"],
    ]);
    expect(problemsOf(quiet(4, 2, 2.9))).toEqual([]);
  });

  it("are clipping, an offset from zero, shortness, and samples that are no numbers", () => {
    expect(problemsOf({ clipped: 0.034 })[0]).toEqual([
      "clipped",
      "3.4 % of its samples are at full scale, three or more in a row",
    ]);
    expect(problemsOf({ dcOffset: 0.02 })).toEqual([
      ["dcOffset", "its mean is 2 % of full scale instead of 0"],
    ]);
    // Below a tenth of the level, and within a hit of half a second, it says nothing.
    expect(problemsOf({ dcOffset: 0.02, rms: 0.3 })).toEqual([]);
    expect(problemsOf({ dcOffset: 0.02, frames: 11_000 })).toEqual([]);
    expect(problemsOf({ frames: 441 })).toEqual([["veryShort", "only 20 ms long"]]);
    expect(problemsOf({ isFinite: false, clipped: 1 })).toEqual([
      ["notNumbers", "it holds samples that are NaN, infinite or far beyond full scale"],
    ]);
  });

  it("are lengths unlike those of nearly all other files", () => {
    const usual = Object.fromEntries(Array.from({ length: 18 }, (_, i) => [`${i}.wav`, {}]));
    const unusual = { "short.wav": { frames: 66_150 }, "long.wav": { frames: 661_500 } };
    expect(findProblems(filesOf({ ...usual, ...unusual }))).toEqual([
      {
        kind: "unusualLength",
        path: "/data/short.wav",
        problem: "3.0 s long, where 90 % have about 10.0 s",
      },
      {
        kind: "unusualLength",
        path: "/data/long.wav",
        problem: "30.0 s long, where 90 % have about 10.0 s",
      },
    ]);
    // One more, and there is no usual length.
    expect(findProblems(filesOf({ ...usual, ...unusual, "other.wav": { frames: 90_000 } }))).toEqual([]);
  });
});
