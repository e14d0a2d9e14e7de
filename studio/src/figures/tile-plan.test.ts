import { expect, it } from "vitest";
import { frontEnd } from "auricle/audio";
import {
  columnsOfTile,
  framesOf,
  MOST_COLUMNS,
  MOST_STAND_INS,
  planTiles,
  standInsFor,
  tileStretch,
} from "./tile-plan.ts";

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
  const sound = { frames: framesOf(26_460_000, 256), hop: 256, tile: MOST_COLUMNS };
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
      const sound = { frames, hop: 16, tile: MOST_COLUMNS };
      const { last } = planTiles(sound, 0, frames * 16, frames / 2 ** level);
      const tiles = Array.from({ length: last + 1 }, (_, i) => tileStretch(sound, level, i));
      if (level === 0) expect(tiles.reduce((sum, { columns }) => sum + columns, 0)).toBe(frames);
      tiles.slice(1).forEach(({ from }, i) => expect(from).toBe(tiles[i].to));
      for (const { columns } of tiles) {
        expect(columns).toBeGreaterThan(0);
        expect(columns).toBeLessThanOrEqual(MOST_COLUMNS);
      }
    }
  }
});

it("makes tiles of long frames narrower, so that none takes the page or the worker longer", () => {
  for (const fftSize of [64, 256, 1024, 2048, 4096, 32_768]) {
    const columns = columnsOfTile(fftSize);
    expect(columns * fftSize).toBeLessThanOrEqual(Math.max(2 ** 18, 16 * fftSize));
    expect(Number.isInteger(columns) && columns >= 16 && columns <= MOST_COLUMNS).toBe(true);
  }
});

it("draws a bounded number of tiles in the place of others, however many there are", () => {
  const sound = { frames: 100_000, hop: 256, tile: MOST_COLUMNS };
  const known = [0, 1, 2, 5, 8].flatMap((level) => {
    const { first, last } = planTiles(sound, 0, sound.frames * sound.hop, 100_000 / 2 ** level);
    return Array.from({ length: last - first + 1 }, (_, i) => ({ level, ...tileStretch(sound, level, i) }));
  });
  expect(known.length).toBeGreaterThan(500);
  const whole = [{ from: 0, to: sound.frames * sound.hop }];
  expect(standInsFor(whole, known, 6)).toHaveLength(MOST_STAND_INS);
  // Those of the nearest level, and only where something is missing.
  const gap = tileStretch(sound, 4, 3);
  const found = standInsFor([gap], known, 4);
  expect(found.map(({ level }) => level)).toEqual([5, ...Array<number>(4).fill(2), 1, 1, 1]);
  for (const { from, to } of found) expect(from < gap.to && to > gap.from).toBe(true);
  expect(standInsFor([], known, 4)).toEqual([]);
});
