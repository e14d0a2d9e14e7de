import { expect, it } from "vitest";
import { Generator } from "auricle";
import { keepSound } from "auricle/explain";
import { aroundPiece } from "./around-piece.ts";
import { bandGains } from "./band-gains.ts";

it.each([16_000, 44_100])(
  "pieces of a sound at %i Hz that are filtered alone are those of the whole",
  (sampleRate) => {
    const generator = new Generator(1);
    const samples = Float32Array.from({ length: 40_000 }, () => 0.1 * generator.normal());
    const band = (part: Float32Array) =>
      keepSound({ samples: part, sampleRate }, bandGains(400, 900), { keep: "soft" }).kept;
    const whole = band(samples);
    const ends = [0, 9000, 17_001, 17_500, 40_000];
    const pieces = ends.slice(1).flatMap((last, i) => {
      const { from, to } = aroundPiece(ends[i], last, samples.length);
      return [...band(samples.slice(from, to)).subarray(ends[i] - from, last - from)];
    });
    expect(pieces).toHaveLength(whole.length);
    expect(Math.max(...pieces.map((value, i) => Math.abs(value - whole[i])))).toBeLessThan(1e-6);
  },
);
