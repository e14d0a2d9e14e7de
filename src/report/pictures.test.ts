/** @file PNG files, spectrograms, and bytes as addresses. */

import { describe, expect, it } from "vitest";
import { MAGMA_COLORS } from "../design/colors.ts";
import { dataUri } from "./data-uri.ts";
import { encodePng } from "./png.ts";
import { LARGEST_PICTURE, spectrogramImage } from "./spectrogram-image.ts";
import { readPng } from "./testing/read-png.ts";

const BLACK = [...MAGMA_COLORS[0]];
const BRIGHTEST = [...MAGMA_COLORS[63]];

describe("encodePng", () => {
  it("writes the pixels row by row with the palette's colours", () => {
    const palette = [
      [1, 2, 3],
      [40, 50, 60],
      [255, 0, 128],
    ] as const;
    expect(readPng(encodePng(Uint8Array.of(0, 1, 2, 2, 1, 0), 3, 2, palette))).toEqual({
      width: 3,
      height: 2,
      colors: [palette[0], palette[1], palette[2], palette[2], palette[1], palette[0]].map((color) => [
        ...color,
      ]),
    });
  });

  it("refuses another number of pixels, and none", () => {
    expect(() => encodePng(new Uint8Array(5), 2, 3, [])).toThrow(/got 5 for 2 x 3/);
    expect(() => encodePng(new Uint8Array(0), 0, 3, [])).toThrow(/got 0 for 0 x 3/);
  });
});

describe("colours", () => {
  it("magma goes from black to light yellow", () => {
    expect(MAGMA_COLORS).toHaveLength(64);
    // The first and last of Matplotlib's 256: (0.001462, 0.000466, 0.013866) and (0.987053, 0.991438, 0.749504).
    expect(BLACK).toEqual([0, 0, 4]);
    expect(BRIGHTEST).toEqual([252, 253, 191]);
  });
});

describe("spectrogramImage", () => {
  it("has time from left to right and low frequencies below", () => {
    // Two frames of three bins; only the first frame's lowest bin is loud.
    const picture = readPng(spectrogramImage(Uint8Array.of(255, 0, 0, 0, 0, 0), 2, 3));
    expect([picture.width, picture.height]).toEqual([2, 3]);
    expect(picture.colors).toEqual([BLACK, BLACK, BLACK, BLACK, BRIGHTEST, BLACK]);
  });

  it("draws floats from the greatest down to 80 dB below it, or to the least", () => {
    // 40 dB of 80 is brightness 0.5: colour 31.5, rounded up.
    const wide = readPng(spectrogramImage(Float32Array.of(0, -40, -80, -200), 4, 1)).colors;
    expect(wide).toEqual([BRIGHTEST, [...MAGMA_COLORS[32]], BLACK, BLACK]);
    expect(readPng(spectrogramImage(Float32Array.of(-10, -20), 2, 1)).colors).toEqual([BRIGHTEST, BLACK]);
  });

  it("draws from min to max where they are given, for bytes too", () => {
    expect(readPng(spectrogramImage(Float32Array.of(-5, 7), 2, 1, { min: -10, max: 0 })).colors).toEqual([
      [...MAGMA_COLORS[32]],
      BRIGHTEST,
    ]);
    expect(readPng(spectrogramImage(Uint8Array.of(10, 20), 2, 1, { min: 10, max: 20 })).colors).toEqual([
      BLACK,
      BRIGHTEST,
    ]);
  });

  it("draws silence, a single value and what is not a number black", () => {
    expect(readPng(spectrogramImage(Float32Array.of(-80, -80), 2, 1)).colors).toEqual([BLACK, BLACK]);
    const odd = Float32Array.of(0, NaN, -Infinity, -50);
    expect(readPng(spectrogramImage(odd, 4, 1)).colors).toEqual([BRIGHTEST, BLACK, BLACK, BLACK]);
  });

  it("draws the mean of the frames and bins that fall on a pixel", () => {
    const { width, height } = LARGEST_PICTURE;
    const [frames, bins] = [2 * width, 2 * height];
    const values = new Uint8Array(frames * bins);
    // One of the four values of the pixel at the bottom right: 252 / 4 = 63 of 255; 63 · 63 / 255 = 15.6.
    values[(frames - 1) * bins] = 252;
    const picture = readPng(spectrogramImage(values, frames, bins));
    expect([picture.width, picture.height]).toEqual([width, height]);
    expect(picture.colors[width * height - 1]).toEqual([...MAGMA_COLORS[16]]);
    expect(picture.colors[width * height - 2]).toEqual(BLACK);
  });

  it("refuses values that are not frames x bins", () => {
    expect(() => spectrogramImage(new Float32Array(5), 2, 3)).toThrow(/got 5 for 2 x 3/);
    expect(() => spectrogramImage(new Float32Array(0), 0, 3)).toThrow(/got 0 for 0 x 3/);
  });
});

describe("dataUri", () => {
  it.each([0, 1, 2, 3, 12_287, 12_288, 12_289, 30_000])("holds %d bytes as they are", (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37) % 256);
    const [head, base64] = dataUri("audio/wav", bytes).split(",");
    expect(head).toBe("data:audio/wav;base64");
    expect(base64).toBe(Buffer.from(bytes).toString("base64"));
  });
});
