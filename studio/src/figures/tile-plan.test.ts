import { expect, it } from "vitest";
import { frontEnd } from "auricle/audio";
import { framesOf, planTiles, TILE, tileStretch } from "./tile-plan.ts";

it("counts frames as the library's front ends do", () => {
  for (const [samples, hop] of [
    [48_000, 256],
    [255, 256],
    [1, 16],
    [26_460_000, 512],
  ]) {
    const front = frontEnd({ kind: "spectrogram", fftSize: 1024, hopLength: hop });
    expect(framesOf(samples, hop)).toBe(front.outputShape(samples)[0]);
  }
});

it("has between one and two columns for a pixel, or one for each frame", () => {
  const sound = { frames: framesOf(26_460_000, 256), hop: 256 };
  for (const [from, to] of [
    [0, 26_460_000],
    [5000, 9000],
    [20_000_000, 21_000_000],
  ]) {
    const { level, first, last } = planTiles(sound, from, to, 700);
    const columns = (to - from) / (sound.hop * 2 ** level);
    expect(level === 0 || columns >= 700).toBe(true);
    expect(columns).toBeLessThan(1400);
    expect(tileStretch(sound, level, first).from).toBeLessThanOrEqual(from);
    expect(tileStretch(sound, level, last).to).toBeGreaterThanOrEqual(to - sound.hop * 2 ** level);
    expect(last - first).toBeLessThanOrEqual(6);
  }
});

it("covers all frames, without gaps, and none that are not there", () => {
  for (const frames of [1, 188, 256, 257, 3001]) {
    for (const level of [0, 2]) {
      const { last } = planTiles({ frames, hop: 16 }, 0, frames * 16, frames / 2 ** level);
      const tiles = Array.from({ length: last + 1 }, (_, i) => tileStretch({ frames, hop: 16 }, level, i));
      if (level === 0) expect(tiles.reduce((sum, { columns }) => sum + columns, 0)).toBe(frames);
      tiles.slice(1).forEach(({ from }, i) => expect(from).toBe(tiles[i].to));
      for (const { columns } of tiles) {
        expect(columns).toBeGreaterThan(0);
        expect(columns).toBeLessThanOrEqual(TILE);
      }
    }
  }
});
