import { expect, it } from "vitest";
import { tileLevels } from "./tile-levels.ts";

/** Two columns of three rows. */
const values = Float32Array.of(1, 0.1, 0, 0.01, 1000, 1e-4);

it("gives magnitudes the colour of their level, the highest row first", () => {
  const scale = { kind: "decibels", reference: 1, floor: 80, colors: 81 } as const;
  const { levels, limit } = tileLevels(values, 2, scale);
  // 0, -20 and -∞ dB in the first column, -40, 60 and -80 dB in the second; a colour for each decibel from -80 to 0.
  expect([...levels]).toEqual([0, 0, 60, 80, 80, 40]);
  expect(limit).toBe(0);
});

it("gives parts colours on both sides of the middle, which ends at a round value", () => {
  const parts = Float32Array.of(-100, 0, 1, 4);
  const { levels, limit } = tileLevels(parts, 4, { kind: "signed", limit: 0, colors: 65 });
  // 4 % of the largest are 4, and 5 is the next round value.
  expect(limit).toBe(5);
  expect([...levels]).toEqual([0, 32, Math.round(32 + 32 / 5), Math.round(32 + (32 * 4) / 5)]);
});

it("keeps an end that is farther off, and has one for silence", () => {
  const quiet = tileLevels(Float32Array.of(0.5), 1, { kind: "signed", limit: 20, colors: 65 });
  expect(quiet.limit).toBe(20);
  const silent = tileLevels(Float32Array.of(0), 1, { kind: "signed", limit: 0, colors: 65 });
  expect(silent.limit).toBeGreaterThan(0);
  expect([...silent.levels]).toEqual([32]);
});
