/** @file Resized pictures against Pillow's. */

import { describe, expect, it } from "vitest";
import { bytesFrom, difference, RESIZED, RESIZE_SOURCES } from "../testing/pictures.ts";
import { resizeImage } from "./resize-image.ts";

describe("resizeImage", () => {
  it.each(RESIZED)("$kind, $fit to $width × $height: the bytes of Pillow's BILINEAR", (resized) => {
    const { kind, fit, width, height, pixels } = resized;
    const source = RESIZE_SOURCES[kind === "alpha" ? "alpha" : "RGB"];
    const result = resizeImage(source, { width, height, fit, channels: kind === "L" ? 1 : 3 });
    expect([result.width, result.height]).toEqual([width, height]);
    expect(difference(result.data, bytesFrom(pixels))).toEqual({ largest: 0, mean: 0 });
  });

  it("pads with the background, and makes RGB of grey", () => {
    const grey = { width: 2, height: 1, channels: 1, data: Uint8Array.of(10, 20) } as const;
    const { data } = resizeImage(grey, {
      width: 2,
      height: 3,
      fit: "pad",
      channels: 3,
      background: [1, 2, 3],
    });
    expect([...data]).toEqual([1, 2, 3, 1, 2, 3, 10, 10, 10, 20, 20, 20, 1, 2, 3, 1, 2, 3]);
  });

  it("names an option that is out of range", () => {
    const image = RESIZE_SOURCES.RGB;
    expect(() => resizeImage(image, { width: 0, height: 4 })).toThrow("width must be a whole number from 1");
    expect(() => resizeImage(image, { width: 4, height: 4, background: [0, 0, 256] })).toThrow("background");
  });
});
