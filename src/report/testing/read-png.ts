/** @file Reads the PNG files that `encodePng` and `encodeRgbPng` write, checking what the specification asks of them; for tests. Node only. */

import { crc32, inflateSync } from "node:zlib";

export interface PngPicture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of each pixel, row by row from the top. */
  readonly colors: readonly (readonly number[])[];
}

/** @throws Error for a wrong checksum, another kind of picture, or rows of another length. */
export function readPng(bytes: Uint8Array): PngPicture {
  const png = Buffer.from(bytes);
  if (png.toString("latin1", 0, 8) !== "\x89PNG\r\n\x1A\n") throw new Error("no PNG signature");
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    if (crc32(png.subarray(at + 4, at + 8 + length)) !== png.readUInt32BE(at + 8 + length)) {
      throw new Error(`checksum of ${type}`);
    }
    chunks.set(type, png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const [header, palette, data] = ["IHDR", "PLTE", "IDAT"].map((type) => chunks.get(type) ?? Buffer.alloc(0));
  const form = [...header.subarray(8)].join();
  if (form !== "8,3,0,0,0" && form !== "8,2,0,0,0")
    throw new Error("neither 8 bits with a palette nor colours");
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const rows = inflateSync(data);
  const size = form.startsWith("8,3") ? 1 : 3;
  if (rows.length !== height * (size * width + 1) || !chunks.has("IEND")) throw new Error("cut");
  const colors = Array.from({ length: width * height }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    const row = y * (size * width + 1);
    if (rows[row] !== 0) throw new Error("a filter");
    const at = row + 1 + size * x;
    if (size === 3) return [...rows.subarray(at, at + 3)];
    const index = rows[at];
    if (3 * index >= palette.length) throw new Error("no such colour");
    return [...palette.subarray(3 * index, 3 * index + 3)];
  });
  return { width, height, colors };
}
