import { expect, it } from "vitest";
import { decodeImage } from "auricle/image";
import { bitmapOf } from "./bitmap.ts";

it.each([
  [1, 5, 3],
  [3, 4, 2],
  [3, 1, 1],
] as const)(
  "writes a bitmap that is decoded to the same pixels: %i channels, %i × %i",
  async (channels, width, height) => {
    const values = Float32Array.from({ length: width * height * channels }, (_, i) => ((i * 37) % 256) / 255);
    const { data, ...decoded } = await decodeImage(bitmapOf({ name: "", width, height, channels, values }));
    expect([decoded.width, decoded.height]).toEqual([width, height]);
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) {
        const wanted = Math.round(255 * values[i * channels + (channels === 1 ? 0 : c)]);
        expect(data[i * decoded.channels + (decoded.channels === 1 ? 0 : c)]).toBe(wanted);
      }
    }
  },
);
