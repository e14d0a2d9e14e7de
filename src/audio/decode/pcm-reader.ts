/** @file Uncompressed sound, once a header said where it is and how it is written. Browser-safe. */

import { describeAudio, fileError, truncationWarning, type AudioReader } from "./audio-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import { PCM_ENCODINGS, readPcm, type PcmEncoding } from "./pcm-encoding.ts";

/** What the header of an uncompressed format says. */
export interface PcmLayout {
  readonly format: "wav" | "aiff" | "au";
  readonly encoding: PcmEncoding;
  readonly sampleRate: number;
  readonly channels: number;
  /** Of the first sample, in bytes. */
  readonly dataOffset: number;
  /** Length of the samples as the header says; undefined where it says none, and they go on to the file's end. */
  readonly dataBytes: number | undefined;
  readonly warnings: readonly string[];
}

/** Read at once: half a minute of a usual recording in one block, and a bound on memory. */
const BLOCK_BYTES = 4 * 2 ** 20;

/** @throws AuricleError "file" where not one whole frame is there. */
export function pcmReader(source: ByteSource, layout: PcmLayout): AudioReader {
  const { encoding, sampleRate, channels, dataOffset } = layout;
  const row = PCM_ENCODINGS[encoding];
  const frameBytes = row.bytes * channels;
  const present = Math.max(0, source.size - dataOffset);
  const claimed = layout.dataBytes ?? present;
  const frames = Math.floor(Math.min(claimed, present) / frameBytes);
  if (frames === 0) throw fileError(source, "no samples: the header is there, the sound is not");
  const warnings = [...layout.warnings];
  if (claimed - present >= frameBytes) {
    warnings.push(truncationWarning(claimed / frameBytes / sampleRate, frames / sampleRate));
  }
  const { label, bitDepth } = row;
  const info = describeAudio({
    format: layout.format,
    codec: label,
    sampleRate,
    channels,
    bitDepth,
    frames,
    warnings,
  });
  const blockFrames = Math.max(1, Math.floor(BLOCK_BYTES / frameBytes));
  return {
    info,
    async *blocks(start, end) {
      for (let position = start; position < end; position += blockFrames) {
        const count = Math.min(blockFrames, end - position);
        const bytes = await source.read(dataOffset + position * frameBytes, count * frameBytes);
        if (bytes.length < count * frameBytes)
          throw fileError(source, "the file became shorter while it was read");
        yield { position, channels: readPcm(bytes, encoding, channels) };
      }
    },
  };
}
