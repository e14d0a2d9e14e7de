import { expect, it } from "vitest";
import { defaultEpochs, defaultWindowsPerClip } from "./recipes.ts";

const SIZES = [1, 13, 50, 330, 850, 1000, 1600, 3000, 10_000, 50_000];

it("cuts few clips more often, and each of many once", () => {
  const windows = SIZES.map(defaultWindowsPerClip);
  expect(windows).toEqual([...windows].sort((a, b) => b - a));
  expect(windows[0]).toBe(20);
  expect(windows[windows.length - 1]).toBe(1);
});

it("trains on few clips in more epochs, never in fewer than 10 or more than 40", () => {
  const epochs = SIZES.map(defaultEpochs);
  expect(epochs).toEqual([...epochs].sort((a, b) => b - a));
  expect(epochs[0]).toBe(40);
  expect(epochs[epochs.length - 1]).toBe(10);
  for (const count of epochs) expect(Number.isInteger(count)).toBe(true);
});
