/** @file Pictures in their axes: nothing covers anything else. */

import { expect, it } from "vitest";
import { blank, INK } from "./canvas.ts";
import { framed } from "./framed.ts";

const isInk = ({ pixels }: { readonly pixels: Uint8Array }, at: number) =>
  INK.every((value, channel) => pixels[3 * at + channel] === value);

it("the unit stands beside the last tick, not on it", () => {
  const scene = (unit: string) => ({
    picture: blank(400, 20),
    isSmooth: true,
    x: { unit, ticks: [{ position: 1, text: "4000" }] },
    y: { unit: "", ticks: [] },
    description: "",
  });
  const [without, withUnit] = [framed(scene(""), "A"), framed(scene("Hz"), "A")];
  const countOf = (picture: typeof without) =>
    Array.from({ length: picture.width * picture.height }, (_, at) => Number(isInk(picture, at))).reduce(
      (a, b) => a + b,
      0,
    );
  // As much ink more as the letters have: 17 points of H and 13 of z, each two by two.
  expect(countOf(withUnit) - countOf(without)).toBe(4 * (17 + 13));
  expect(withUnit.width).toBeGreaterThan(without.width);
});

it("small pictures are enlarged by a whole factor, and the title fits", () => {
  const scene = {
    picture: blank(28, 28, [255, 0, 0]),
    isSmooth: false,
    x: { unit: "px", ticks: [] },
    y: { unit: "px", ticks: [] },
    description: "",
  };
  const { pixels, width } = framed(scene, "A title that is a good deal longer than the picture below it");
  const red = Array.from({ length: pixels.length / 3 }, (_, at) =>
    Number(pixels[3 * at] === 255 && pixels[3 * at + 1] === 0),
  );
  expect(red.reduce((a, b) => a + b, 0)).toBe((28 * 12) ** 2);
  expect(width).toBeGreaterThan(60 * 12);
});
