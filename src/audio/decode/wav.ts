/**
 * @file RIFF WAVE, its big-endian twin RIFX, and its 64-bit relatives RF64 and BW64 (EBU Tech 3306). Browser-safe.
 *
 *     "RIFF" size "WAVE", then chunks: name (4), size (4, little-endian), contents, padding to an even length
 *     "fmt ": how the samples are written, see wav-format.ts
 *     "fact": samples of each channel (4), for compressed contents
 *     "data": the samples, frame by frame
 */

import { fileError } from "./audio-reader.ts";
import { sourceFrom, textAt, viewOf, type ByteSource } from "./byte-source.ts";
import { nextChunk } from "./chunks.ts";
import type { PcmLayout } from "./pcm-reader.ts";
import { isPlaceholder } from "./unknown-size.ts";
import { parseWavFormat, WAV_FORMAT_BYTES, type Endian, type WavFormat } from "./wav-format.ts";

/** A damaged file may look like any number of empty chunks. */
const MAX_CHUNKS = 1000;
const HEADER_BYTES = 12;
/** Format tags of layers I and II, and of layer III. */
const TAG_MPEG = 0x50;
const TAG_MP3 = 0x55;
const UNFINISHED = "the header was never completed: all bytes after it are read as audio";

/** The sizes that a header states. */
interface Sizes {
  /** Size of all that follows the file's first 8 bytes, in bytes. */
  readonly riff: number;
  readonly data: number;
  /** Size of the samples in bytes, from the ds64 chunk of a 64-bit file; undefined where it has none. */
  readonly longData: number | undefined;
}

/**
 * Reads the header.
 * @throws AuricleError "file" where it is damaged, or the contents cannot be decoded.
 */
export async function readWavHeader(source: ByteSource): Promise<PcmLayout> {
  const head = await source.read(0, HEADER_BYTES);
  const endian: Endian = textAt(head, 0, 4) === "RIFX" ? "big" : "little";
  const riff = viewOf(head).getUint32(4, endian === "little");
  let format: WavFormat | undefined;
  let longData: number | undefined;
  let frames: number | undefined;
  for await (const { name, size, contents } of wavChunks(source, endian)) {
    const read = (most: number): Promise<Uint8Array> => source.read(contents, Math.min(size, most));
    if (name === "fmt ") format = parseWavFormat(source, await read(WAV_FORMAT_BYTES), endian);
    if (name === "ds64") longData = longSizeOf(await read(16));
    if (name === "fact") frames = numberOf(await read(4), endian);
    if (name === "data") {
      if (!format) {
        throw fileError(source, "a wav file without a format: no fmt chunk comes before the samples");
      }
      const extent = extentOf(source, contents, { riff, data: size, longData });
      return {
        format: "wav",
        ...format,
        ...extent,
        frames,
        warnings: [...format.warnings, ...extent.warnings],
      };
    }
  }
  throw fileError(source, "a wav file without samples: no data chunk");
}

/** Opens the data chunk of a wav file that holds MPEG audio; undefined for any other file. */
export async function mpegInWav(source: ByteSource): Promise<ByteSource | undefined> {
  let tag: number | undefined;
  for await (const { name, size, contents } of wavChunks(source, "little")) {
    if (name === "fmt " && size >= 2) {
      const head = await source.read(contents, 2);
      // The file ends here.
      if (head.length < 2) return undefined;
      tag = viewOf(head).getUint16(0, true);
    }
    if (name !== "data") continue;
    if (tag !== TAG_MPEG && tag !== TAG_MP3) return undefined;
    // Frames say where they end, which the size of a file that was written to a pipe does not.
    const { read, ...rest } = sourceFrom(source, contents);
    const length = isPlaceholder(size) ? rest.size : Math.min(size, rest.size);
    return { ...rest, size: length, read: (at, count) => read(at, Math.min(count, length - at)) };
  }
  return undefined;
}

async function* wavChunks(
  source: ByteSource,
  endian: Endian,
): AsyncGenerator<{ readonly name: string; readonly size: number; readonly contents: number }> {
  let offset = HEADER_BYTES;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const header = await source.read(offset, 8);
    if (header.length < 8) return;
    const size = viewOf(header).getUint32(4, endian === "little");
    const contents = offset + 8;
    yield { name: textAt(header, 0, 4), size, contents };
    offset = await nextChunk(source, contents + size, size % 2 === 1);
  }
}

function extentOf(
  source: ByteSource,
  dataOffset: number,
  { riff, data, longData }: Sizes,
): Pick<PcmLayout, "dataOffset" | "dataBytes" | "warnings"> {
  // A recorder that was cut off never came back to fill in the sizes.
  const unfinished = data === 0 && riff <= dataOffset - 8 && source.size > dataOffset;
  // A file of just such a size, whose end agrees with it, has it.
  const isTrue = riff + 8 === source.size && dataOffset + data <= source.size;
  const unknown = unfinished || (isPlaceholder(data) && !isTrue);
  const warnings = unfinished ? [UNFINISHED] : [];
  return { dataOffset, dataBytes: unknown ? longData : data, warnings };
}

/** The second number of 64 bits. @returns undefined where it was never filled in. */
function longSizeOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < 16) return undefined;
  const size = viewOf(bytes).getBigUint64(8, true);
  return size === 0n || size >= 2n ** 63n - 1n ? undefined : Number(size);
}

function numberOf(bytes: Uint8Array, endian: Endian): number | undefined {
  return bytes.length === 4 ? viewOf(bytes).getUint32(0, endian === "little") : undefined;
}
