/** @file AAC without a container: frames with ADTS headers (ISO/IEC 13818-7). Browser-safe. */

import { checkHeader, describeAudio, fileError, type AudioBlock, type AudioReader } from "./audio-reader.ts";
import { loadAac, type AacModule } from "./aac-module.ts";
import { chunksOf, type ByteSource } from "./byte-source.ts";

const CHUNK_BYTES = 16_384;
/** Some frames at least; where nothing comes out of them, it is not looked further, since damaged ones take long. */
const PROBE_BYTES = 2 * CHUNK_BYTES;
const HEADER_BYTES = 7;
const FRAME_SAMPLES = 1024;
const SAMPLE_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];

/** @throws AuricleError "file" where it is damaged, "unsupported" where the decoder is not installed. */
export async function openAdts(source: ByteSource): Promise<AudioReader> {
  const module = await loadAac(source);
  const head = await source.read(0, HEADER_BYTES);
  const coreRate = SAMPLE_RATES[(head[2] >> 2) & 15];
  if (!coreRate) throw fileError(source, "the ADTS header is damaged: no such sample rate");
  let output: { sampleRate: number; channels: number } | undefined;
  const begin = { ...source, size: Math.min(source.size, PROBE_BYTES) };
  for await (const block of decodeStream(begin, module)) {
    output = { sampleRate: block.sampleRate, channels: block.channels.length };
    break;
  }
  if (!output) throw fileError(source, "the AAC data are damaged: nothing could be decoded");
  const { sampleRate, channels } = output;
  checkHeader(source, sampleRate, channels);
  // The decoder keeps the first frame back; high-efficiency AAC comes out at twice the rate of its core.
  const decoded = Math.max(0, (await countFrames(source)) - 1) * FRAME_SAMPLES;
  const frames = Math.round((decoded * sampleRate) / coreRate);
  return {
    info: describeAudio({
      format: "aac",
      codec: "AAC",
      sampleRate,
      channels,
      bitDepth: undefined,
      frames,
      warnings: [],
    }),
    blocks: (_, end) => decodeStream(source, module, end),
  };
}

async function* decodeStream(
  source: ByteSource,
  module: AacModule,
  end = Infinity,
): AsyncGenerator<AudioBlock & { readonly sampleRate: number }> {
  const decoder = await module.decoder();
  try {
    let position = 0;
    for await (const chunk of chunksOf(source, 0, source.size, CHUNK_BYTES)) {
      const { channelData, sampleRate } = decoder.decode(chunk);
      const length = channelData[0]?.length ?? 0;
      if (length > 0) yield { position, channels: channelData, sampleRate };
      position += length;
      if (position >= end) return;
    }
  } catch (error) {
    throw fileError(source, "the AAC data are damaged", error);
  } finally {
    decoder.free();
  }
}

/** Whole frames that follow one another. */
async function countFrames(source: ByteSource): Promise<number> {
  let count = 0;
  /** Bytes until the next header. */
  let skip = 0;
  let header: number[] = [];
  for await (const chunk of chunksOf(source, 0, source.size, CHUNK_BYTES)) {
    for (let at = 0; at < chunk.length;) {
      const step = Math.min(skip, chunk.length - at);
      at += step;
      skip -= step;
      if (skip > 0 || at === chunk.length) break;
      header.push(chunk[at++]);
      if (header.length < HEADER_BYTES) continue;
      const length = ((header[3] & 3) << 11) | (header[4] << 3) | (header[5] >> 5);
      if (header[0] !== 0xff || (header[1] & 0xf6) !== 0xf0 || length < HEADER_BYTES) return count;
      skip = length - HEADER_BYTES;
      header = [];
      count++;
    }
  }
  return skip > 0 ? count - 1 : count;
}
