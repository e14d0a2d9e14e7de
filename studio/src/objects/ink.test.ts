import { expect, it } from "vitest";
import { fitted, INK_SIZE, inkOf, readStrokes, writeStrokes, type Stroke } from "./ink.ts";

const SEVEN: Stroke[] = [
  [
    [6, 5],
    [20, 5.5],
    [11, 24],
  ],
  [[0, 28]],
];

it("writes drawings that are read as they were, to half a pixel, and stay unchanged in an address", () => {
  const text = writeStrokes(SEVEN);
  expect(readStrokes(text)).toEqual(SEVEN);
  expect(new URLSearchParams({ ink: text }).toString()).toBe(`ink=${text}`);
  expect(readStrokes("")).toEqual([]);
  expect(writeStrokes([])).toBe("");
});

it("reads no drawing from other texts", () => {
  for (const text of ["a", "ab.", ".", "a!", "__", "äö"]) expect(readStrokes(text)).toBeUndefined();
});

it("inks the pixels that a stroke covers, and no others", () => {
  const picture = inkOf([
    [
      [4, 10],
      [24, 10],
    ],
  ]);
  const at = (row: number, column: number) => picture[row * INK_SIZE + column];
  // Centres of rows 9 and 10 are half a pixel from the line, those of rows 8 and 11 one and a half: (1.9 - 1.5) / 1.2.
  expect([at(9, 14), at(10, 14)]).toEqual([1, 1]);
  expect(at(8, 14)).toBeCloseTo(1 / 3, 6);
  expect(at(11, 14)).toBeCloseTo(1 / 3, 6);
  expect([at(7, 14), at(12, 14), at(10, 0), at(10, 27)]).toEqual([0, 0, 0, 0]);
});

it("makes a dot of a single point, and nothing of nothing", () => {
  expect(inkOf([[[14, 14]]]).reduce((sum, value) => sum + value, 0)).toBeGreaterThan(3);
  expect(Math.max(...inkOf([]))).toBe(0);
});

it("cuts off what is outside", () => {
  expect(
    inkOf([
      [
        [-5, -5],
        [40, 40],
      ],
    ])[0],
  ).toBe(1);
});

it("moves a drawing to the middle and gives it the digits' size, whatever its own", () => {
  const small: Stroke[] = [
    [
      [1, 1],
      [3, 5],
    ],
  ];
  for (const strokes of [small, [small[0].map(([x, y]) => [4 * x + 9, 4 * y + 2] as const)]]) {
    expect(fitted(strokes)[0][0]).toEqual([9.5, 5]);
    expect(fitted(strokes)[0][1]).toEqual([18.5, 23]);
  }
  expect(fitted([])).toEqual([]);
  expect(fitted([[[3, 4]]])).toEqual([[[14, 14]]]);
});
