/** @file The pictures of tools/oracle/make_images.py, with the pixels that Pillow decodes them to. */

import { readFileSync } from "node:fs";
import type { FitMode } from "../resize/resize-image.ts";
import type { Image, ImageChannels } from "../image.ts";

interface StoredPicture {
  readonly name: string;
  /** The file, in base64; the pixels likewise. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly channels: ImageChannels;
  readonly pixels: string;
}

interface StoredResize {
  readonly kind: "RGB" | "L" | "alpha";
  readonly fit: FitMode;
  readonly width: number;
  readonly height: number;
  readonly pixels: string;
}

interface Fixture {
  readonly files: readonly StoredPicture[];
  readonly source: {
    readonly width: number;
    readonly height: number;
    readonly RGB: string;
    readonly alpha: string;
  };
  readonly resized: readonly StoredResize[];
}

const file = new URL("../../../tools/oracle/fixtures/images/pictures.json", import.meta.url);
const fixture = JSON.parse(readFileSync(file, "utf8")) as Fixture;

export function bytesFrom(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}

export const PICTURES = fixture.files.map(({ name, file: content, pixels, ...shape }) => ({
  name,
  bytes: bytesFrom(content),
  image: { ...shape, data: bytesFrom(pixels) } satisfies Image,
}));

export function picture(name: string): { readonly bytes: Uint8Array; readonly image: Image } {
  const found = PICTURES.find((other) => other.name === name);
  if (!found) throw new Error(`no fixture ${name}`);
  return found;
}

const { width, height, RGB, alpha } = fixture.source;

export const RESIZE_SOURCES: Readonly<Record<"RGB" | "alpha", Image>> = {
  RGB: { width, height, channels: 3, data: bytesFrom(RGB) },
  alpha: { width, height, channels: 4, data: bytesFrom(alpha) },
};

export const RESIZED = fixture.resized;

/** How far two pictures are from each other: the largest and the mean difference of a byte. */
export function difference(a: Uint8Array, b: Uint8Array): { largest: number; mean: number } {
  if (a.length !== b.length) return { largest: Infinity, mean: Infinity };
  let [largest, sum] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs(a[i] - b[i]));
    sum += Math.abs(a[i] - b[i]);
  }
  return { largest, mean: sum / a.length };
}
