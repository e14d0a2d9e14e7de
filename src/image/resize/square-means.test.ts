/** @file Means of squares against plain loops. */
import { describe, expect, it } from "vitest";
import type { Image } from "../image.ts";
import { squareMeans } from "./square-means.ts";

/** One number after the other. */
function plainMeans({ width, height, channels, data }: Image, factor: number, step: number): number[] {
  const [across, down] = [Math.floor(width / factor), Math.floor(height / factor)];
  return Array.from({ length: down * across * channels }, (_, i) => {
    const channel = i % channels;
    const [x, y] = [Math.floor(i / channels) % across, Math.floor(i / channels / across)];
    let [sum, count] = [0, 0];
    for (let row = 0; row < factor; row += step) {
      for (let column = 0; column < factor; column++, count++) {
        sum += data[((y * factor + row) * width + x * factor + column) * channels + channel];
      }
    }
    return Math.floor(sum / count + 0.5);
  });
}

describe("squareMeans", () => {
  it.each([
    [7, 5, 1, 2, 1],
    [9, 9, 3, 3, 1],
    [41, 23, 3, 3, 1],
    [64, 40, 1, 4, 2],
    [101, 77, 3, 5, 2],
    [260, 130, 3, 65, 2],
    [30, 30, 3, 30, 1],
  ] as const)("%i × %i, %i channels, by %i: every %i. row", (width, height, channels, factor, step) => {
    const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 7919) % 256);
    const image = { width, height, channels, data };
    expect([...squareMeans(image, factor, step).data]).toEqual(plainMeans(image, factor, step));
  });
});
