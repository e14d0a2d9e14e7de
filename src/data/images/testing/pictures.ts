/** @file Pictures for tests, each as different from the others as photographs are. Node only. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Image } from "../../../image/image.ts";
import { Generator } from "../../../random/generator.ts";
import { encodeRgbPng } from "../../../report/png.ts";

/** Coloured ellipses on a gradient. */
export function scene(seed: number, width = 80, height = 60): Image {
  const random = new Generator(seed);
  const blobs = Array.from({ length: 12 }, () => Array.from({ length: 7 }, () => random.uniform()));
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let value = 60 + 80 * (blobs[0][channel] * (x / width) + blobs[1][channel] * (y / height));
        for (const [left, top, across, down, ...color] of blobs) {
          const [dx, dy] = [
            (x / width - left) / (0.05 + 0.2 * across),
            (y / height - top) / (0.05 + 0.2 * down),
          ];
          if (dx * dx + dy * dy < 1) value = 220 * color[channel];
        }
        data[(y * width + x) * 3 + channel] = value;
      }
    }
  }
  return { width, height, channels: 3, data };
}

/** Writes pictures as png, whatever their names say, and other contents as they are. */
export async function writePictures(
  folder: string,
  files: Readonly<Record<string, Image | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    const bytes =
      content instanceof Uint8Array ? content : encodeRgbPng(content.data, content.width, content.height);
    await writeFile(path, bytes);
  }
}
