import { expect, it } from "vitest";
import { contourPixels, levelOf } from "./contour.ts";

it("has four levels for each factor of ten, and none below 0.003", () => {
  expect(levelOf(0)).toBe(0);
  expect(levelOf(0.003)).toBe(0);
  expect(levelOf(0.0301)).toBe(4);
  expect(levelOf(3.01)).toBe(12);
});

it("draws lines where levels change, and the lowest level darkest", () => {
  const colors = { paper: [250, 250, 250], deep: [50, 50, 50], line: [9, 9, 9] } as const;
  // One low column beside three high ones; the line is on the low side.
  const heights = Array.from({ length: 16 }, (_, i) => (i % 4 === 0 ? 0 : 5));
  const pixels = contourPixels(heights, 4, colors);
  for (let row = 0; row < 4; row++) {
    expect([...pixels.subarray(16 * row, 16 * row + 4)]).toEqual([9, 9, 9, 255]);
    expect([...pixels.subarray(16 * row + 4, 16 * row + 8)]).toEqual([250, 250, 250, 255]);
  }
  const flat = contourPixels(new Float32Array(16), 4, colors);
  expect(flat[0]).toBe(140); // 250 - 0.55 · 200
});
