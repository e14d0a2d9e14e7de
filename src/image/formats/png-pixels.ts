/** @file From PNG's samples to bytes of grey, RGB or RGBA. Browser-safe. */

import { damaged } from "../image-error.ts";
import type { ImageChannels, ImageSource } from "../image.ts";
import { PNG_SAMPLES, type PngChunks } from "./png-chunks.ts";

/** Writes the `count` pixels of a row to `first`, `first + step`, … */
export type PixelWriter = (row: Uint8Array, count: number, first: number, step: number) => void;

/** @throws AuricleError "file" where the palette is missing, and when writing an index beyond it. */
export function pixelWriter(
  source: ImageSource,
  png: PngChunks,
  channels: ImageChannels,
  data: Uint8Array,
): PixelWriter {
  if (png.colorType === 3) return paletteWriter(source, png, channels, data);
  const samples = PNG_SAMPLES[png.colorType];
  const read = sampleReader(png.bits);
  const scale = png.bits < 8 ? 255 / (2 ** png.bits - 1) : 1;
  const shift = png.bits === 16 ? 8 : 0;
  const clear = transparentColor(png, samples);
  const hasAlpha = samples === 2 || samples === 4;
  const colors = hasAlpha ? samples - 1 : samples;
  return (row, count, first, step) => {
    for (let i = 0, to = first; i < count; i++, to += step) {
      let isClear = clear !== undefined;
      for (let channel = 0; channel < Math.min(3, channels); channel++) {
        const sample = read(row, i * samples + (colors === 1 ? 0 : channel));
        if (clear && sample !== clear[colors === 1 ? 0 : channel]) isClear = false;
        data[to + channel] = (sample >> shift) * scale;
      }
      if (channels < 4) continue;
      data[to + 3] = hasAlpha ? read(row, (i + 1) * samples - 1) >> shift : isClear ? 0 : 255;
    }
  };
}

function paletteWriter(
  source: ImageSource,
  { palette, transparency, bits }: PngChunks,
  channels: ImageChannels,
  data: Uint8Array,
): PixelWriter {
  if (!palette || palette.length < 3) throw damaged(source, "PNG", "its palette is missing");
  const read = sampleReader(bits);
  const colors = Math.floor(palette.length / 3);
  return (row, count, first, step) => {
    for (let i = 0, to = first; i < count; i++, to += step) {
      const index = read(row, i);
      if (index >= colors) throw damaged(source, "PNG", `its palette has no color ${index}`);
      data[to] = palette[index * 3];
      data[to + 1] = palette[index * 3 + 1];
      data[to + 2] = palette[index * 3 + 2];
      if (channels === 4) data[to + 3] = transparency?.[index] ?? 255;
    }
  };
}

/** The samples of the one color that is transparent, of a picture without alpha. */
function transparentColor({ transparency, bits }: PngChunks, samples: number): number[] | undefined {
  if (!transparency || transparency.length < samples * 2) return undefined;
  const mask = 2 ** bits - 1;
  return Array.from(
    { length: samples },
    (_, i) => ((transparency[i * 2] << 8) | transparency[i * 2 + 1]) & mask,
  );
}

/** Sample i of a row, as it is stored. */
function sampleReader(bits: number): (row: Uint8Array, i: number) => number {
  if (bits === 8) return (row, i) => row[i];
  if (bits === 16) return (row, i) => (row[2 * i] << 8) | row[2 * i + 1];
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  return (row, i) => (row[Math.floor(i / perByte)] >> (8 - bits - (i % perByte) * bits)) & mask;
}
