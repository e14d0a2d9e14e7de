/**
 * @file Sony's Wave64: wav with sizes of 64 bits. Browser-safe.
 *
 *     Chunks: name (16, a GUID that begins with the wav chunk's four letters), size of all the chunk (8), contents, padding
 *     to a multiple of 8. The first one, "riff", has the GUID "wave" and then the others in it.
 */

import { fileError } from "./audio-reader.ts";
import { textAt, viewOf, type ByteSource } from "./byte-source.ts";
import type { PcmLayout } from "./pcm-reader.ts";
import { parseWavFormat, WAV_FORMAT_BYTES, type WavFormat } from "./wav-format.ts";

const MAX_CHUNKS = 1000;
const HEADER_BYTES = 24;
const FIRST_CHUNK = 40;

/** @throws AuricleError "file" where the header is damaged, or the contents cannot be decoded. */
export async function readW64Header(source: ByteSource): Promise<PcmLayout> {
  let format: WavFormat | undefined;
  let frames: number | undefined;
  let offset = FIRST_CHUNK;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const header = await source.read(offset, HEADER_BYTES);
    if (header.length < HEADER_BYTES) break;
    const name = textAt(header, 0, 4);
    const size = Number(viewOf(header).getBigUint64(16, true)) - HEADER_BYTES;
    const contents = offset + HEADER_BYTES;
    const read = (most: number): Promise<Uint8Array> =>
      source.read(contents, Math.max(0, Math.min(size, most)));
    if (name === "fmt ") format = parseWavFormat(source, await read(WAV_FORMAT_BYTES), "little");
    if (name === "fact") frames = numberOf(await read(8));
    if (name === "data") {
      if (!format) {
        throw fileError(source, "a W64 file without a format: no fmt chunk comes before the samples");
      }
      // A size that was never filled in is 0 or all ones.
      const dataBytes = size > 0 && size < 2 ** 62 ? size : undefined;
      return { format: "w64", ...format, dataOffset: contents, dataBytes, frames };
    }
    if (size < 0) break;
    offset = contents + Math.ceil(size / 8) * 8;
  }
  throw fileError(source, "a W64 file without samples: no data chunk");
}

function numberOf(bytes: Uint8Array): number | undefined {
  return bytes.length === 8 ? Number(viewOf(bytes).getBigUint64(0, true)) : undefined;
}
