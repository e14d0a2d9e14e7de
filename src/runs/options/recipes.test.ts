import { expect, it } from "vitest";
import { defaultEpochs, defaultWindowsPerClip, recipeFor } from "./recipes.ts";

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

it("trains LeNet-5 on small grey images alone", () => {
  const { values } = recipeFor("images");
  const modelFor = (width: number, height: number, channels: 1 | 3) =>
    values({ examples: 100, pixels: { width, height, channels } }).model;
  expect([modelFor(28, 28, 1), modelFor(32, 32, 1)]).toEqual(["lenet5", "lenet5"]);
  for (const [width, height, channels] of [
    [28, 28, 3],
    [33, 28, 1],
    [28, 96, 1],
  ] as const) {
    expect(modelFor(width, height, channels)).toBe("small-resnet");
  }
});

it("trains on few other images in more epochs, never in fewer than 10 or more than 40", () => {
  const epochs = SIZES.map(
    (examples) =>
      recipeFor("images").values({ examples, pixels: { width: 96, height: 96, channels: 3 } }).epochs,
  );
  expect(epochs).toEqual([...epochs].sort((a, b) => b - a));
  expect([epochs[0], epochs[epochs.length - 1]]).toEqual([40, 10]);
  expect(epochs.every(Number.isInteger)).toBe(true);
});

it("augments images in trainings of 200 epochs or more, but not LeNet-5's", () => {
  const augments = (epochs: number | undefined, side: number) =>
    recipeFor("images").values({
      examples: 300,
      pixels: { width: side, height: side, channels: 1 },
      ...(epochs !== undefined && { epochs }),
    }).augment;
  expect([undefined, 100, 199, 200, 300].map((epochs) => augments(epochs, 64))).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
  expect(augments(300, 28)).toBe(false);
});
