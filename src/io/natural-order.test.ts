import { expect, it } from "vitest";
import { compareNames } from "./natural-order.ts";

it("numbers in names count as numbers, folder by folder", () => {
  const sorted = [
    "album/track1.wav",
    "album/track4.wav",
    "album/Track 04b.wav",
    "album/track10.wav",
    "album 2/a.wav",
    "album 10/a.wav",
    "x9",
    "x9/y",
    "x10",
    "été",
  ];
  const byCodePoint = [...sorted].sort();
  expect(byCodePoint).not.toEqual(sorted);
  const again = [...sorted].reverse().sort(compareNames);
  expect(again.indexOf("album/track4.wav")).toBeLessThan(again.indexOf("album/track10.wav"));
  expect(again.indexOf("album/track10.wav")).toBeLessThan(again.indexOf("album 2/a.wav"));
  expect(again.indexOf("album 2/a.wav")).toBeLessThan(again.indexOf("album 10/a.wav"));
  expect(again.slice(-4)).toEqual(["x9", "x9/y", "x10", "été"].sort(compareNames));
  expect(["x10", "x9/y", "x9"].sort(compareNames)).toEqual(["x9", "x9/y", "x10"]);
});

it("is an order: equal names alone are equal, and turning two round turns the sign", () => {
  const names = ["a", "A", "a1", "a01", "e\u0301", "\u00e9", "b/1", "b\\1", ""];
  for (const a of names) {
    for (const b of names) {
      expect(Math.sign(compareNames(a, b)) + Math.sign(compareNames(b, a)), `${a} ${b}`).toBe(0);
      expect(compareNames(a, b) === 0).toBe(a === b);
    }
  }
});
