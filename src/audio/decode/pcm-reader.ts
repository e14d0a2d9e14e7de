/** @file Sound in blocks of one size, once a header said where it is and how it is written. Browser-safe. */

import { describeAudio, fileError, truncationWarning, type AudioReader } from "./audio-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import type { SampleCoding } from "./sample-coding.ts";

/** The format, position and length of samples that are uncompressed, or compressed in blocks of one size. */
export interface PcmLayout {
  readonly format: string;
  readonly coding: SampleCoding;
  readonly sampleRate: number;
  readonly channels: number;
  /** Position of the first sample in the file, in bytes. */
  readonly dataOffset: number;
  /** Size of the samples as the header states it; undefined where it states none, and they extend to the file's end. */
  readonly dataBytes: number | undefined;
  /** Samples of each channel as the header states them, needed where the last block is padded. */
  readonly frames?: number;
  readonly warnings: readonly string[];
}

/** Read at once: some seconds of a usual recording. What blocks leave behind until it is collected is a multiple of this. */
const BLOCK_BYTES = 2 ** 20;

/** @throws AuricleError "file" where not one whole frame is there. */
export function pcmReader(source: ByteSource, layout: PcmLayout): AudioReader {
  const { coding, sampleRate, channels, dataOffset } = layout;
  const present = Math.max(0, source.size - dataOffset);
  const claimed = layout.dataBytes ?? present;
  const dataBytes = Math.min(claimed, present);
  const held = coding.framesIn(dataBytes);
  const filling = held - (layout.frames ?? held);
  const frames = filling > 0 && filling < coding.blockFrames ? held - filling : held;
  if (frames === 0) throw fileError(source, "no samples: the file has a header but no audio data");
  const warnings = [...layout.warnings];
  if (claimed - present >= coding.blockBytes) {
    warnings.push(truncationWarning(coding.framesIn(claimed) / sampleRate, frames / sampleRate));
  }
  const info = describeAudio({
    format: layout.format,
    codec: coding.label,
    sampleRate,
    channels,
    bitDepth: coding.bitDepth,
    frames,
    warnings,
  });
  const blocksAtOnce = Math.max(1, Math.floor(BLOCK_BYTES / coding.blockBytes));
  const read = async (at: number, length: number): Promise<Float32Array[]> => {
    const bytes = await source.read(dataOffset + at, length);
    if (bytes.length < length) throw fileError(source, "the file became shorter while it was being read");
    return coding.decode(bytes);
  };
  return {
    info,
    async *blocks(start, end) {
      let block = Math.floor(start / coding.blockFrames);
      for (; block * coding.blockFrames < end; block += blocksAtOnce) {
        const wanted = Math.ceil(end / coding.blockFrames) - block;
        const at = block * coding.blockBytes;
        const length = Math.min(Math.min(blocksAtOnce, wanted) * coding.blockBytes, dataBytes - at);
        yield { position: block * coding.blockFrames, channels: await read(at, length) };
      }
    },
    async whole() {
      const channels = await read(0, dataBytes);
      return frames < held ? channels.map((samples) => samples.slice(0, frames)) : channels;
    },
  };
}
