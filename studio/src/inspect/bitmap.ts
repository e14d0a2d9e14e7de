/** @file Pictures as bitmaps, to be handed on without loss. */
import type { Picture } from "../objects/objects.svelte.ts";

/** A Windows bitmap of 24 bits. */
export function bitmapOf({ width, height, channels, values }: Picture): Uint8Array<ArrayBuffer> {
  const HEADER = 54;
  const rowBytes = Math.ceil((3 * width) / 4) * 4;
  const bytes = new Uint8Array(HEADER + rowBytes * height);
  const header = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  header.setUint32(2, bytes.length, true);
  header.setUint32(10, HEADER, true);
  header.setUint32(14, 40, true);
  header.setInt32(18, width, true);
  // Negative: the first row comes first.
  header.setInt32(22, -height, true);
  header.setUint16(26, 1, true);
  header.setUint16(28, 24, true);
  header.setUint32(34, rowBytes * height, true);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * channels;
      const to = HEADER + row * rowBytes + 3 * column;
      // Blue comes first.
      for (let channel = 0; channel < 3; channel++) {
        bytes[to + 2 - channel] = Math.round(255 * values[from + (channels === 1 ? 0 : channel)]);
      }
    }
  }
  return bytes;
}
