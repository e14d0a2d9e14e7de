/** @file AAC and ALAC in MP4 files, decoded by FAAD2 and a port of Apple's decoder. Browser-safe. */

import {
  checkHeader,
  describeAudio,
  fileError,
  truncationWarning,
  type AudioBlock,
  type AudioReader,
} from "./audio-reader.ts";
import { loadAac, type AacModule } from "./aac-module.ts";
import type { ByteSource } from "./byte-source.ts";
import { readMp4Track, type Mp4Track } from "./mp4-boxes.ts";

/** Packets that are decoded before the wanted ones and dropped: a window overlaps the one before. */
const PRE_ROLL = 4;
const RUN_BYTES = 65_536;
/** Decoded at once when the file is opened, to learn what comes out; FAAD2 keeps the first packet back. */
const PROBE_PACKETS = 4;
const LARGEST_PACKET = 2 ** 20;
/** HE-AAC's filter banks are late by so many samples, as measured by the authors of the decoder's package. */
const SBR_DELAY = 962;

/** What comes out of the decoder. */
interface Output {
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel that a packet gives. */
  readonly packetFrames: number;
  /** Where the first sample that comes out lies in the media. */
  readonly firstFrame: number;
  /** By how many samples the decoder is late. */
  readonly delay: number;
}

/** @throws AuricleError "file" where it is damaged, "unsupported" where the decoder is not installed. */
export async function openM4a(source: ByteSource): Promise<AudioReader> {
  const track = await readMp4Track(source);
  const module = await loadAac(source);
  const packets = packetsPresent(source, track);
  if (packets === 0) throw fileError(source, "an m4a file without any whole packet");
  const output = await probe(source, module, track, packets);
  const { sampleRate, channels } = output;
  checkHeader(source, sampleRate, channels);
  const window = playedPart(module, track);
  const origin = window ? Math.round(window.start * sampleRate) : output.firstFrame;
  const available = Math.max(0, packets * output.packetFrames - output.delay - origin);
  // The last packet of ALAC is as short as the rest of the sound; one of AAC is padded.
  const length = window?.duration ?? (track.codec === "alac" ? track.duration : Infinity);
  const frames = Math.min(Math.round(length * sampleRate), available);
  if (frames === 0) throw fileError(source, "an m4a file without any sound");
  const warnings: string[] = [];
  if (packets < track.sizes.length) warnings.push(truncationWarning(track.duration, frames / sampleRate));
  const info = describeAudio({
    format: "m4a",
    codec: track.codec === "alac" ? "ALAC" : "AAC",
    sampleRate,
    channels,
    bitDepth: track.codec === "alac" ? track.config[track.config.length - 24 + 5] : undefined,
    frames,
    warnings,
  });
  return {
    info,
    async *blocks(start, end) {
      const wanted = Math.floor((start + origin) / output.packetFrames) - PRE_ROLL;
      const first = Math.min(Math.max(0, wanted), packets - 1);
      const position = first * output.packetFrames + output.firstFrame - origin;
      yield* decodePackets(source, module, track, first, packets, position, end);
    },
  };
}

/** Packets that lie in the file as a whole. */
function packetsPresent(source: ByteSource, track: Mp4Track): number {
  const missing = track.sizes.findIndex(
    (size, i) => size > LARGEST_PACKET || track.offsets[i] + size > source.size,
  );
  return missing < 0 ? track.sizes.length : missing;
}

/** In seconds of the media; undefined where the file does not say. */
function playedPart(module: AacModule, track: Mp4Track): { start: number; duration?: number } | undefined {
  const config = track.codec === "alac" ? { alac: track.config } : { asc: track.config };
  return module.gapless({ ...track.timing, ...config }) ?? undefined;
}

async function probe(
  source: ByteSource,
  module: AacModule,
  track: Mp4Track,
  packets: number,
): Promise<Output> {
  const decoder = await openDecoder(source, module, track);
  try {
    const count = Math.min(PROBE_PACKETS, packets);
    for (let i = 0; i < count; i++) {
      const packet = await source.read(track.offsets[i], track.sizes[i]);
      const { channelData, sampleRate } = decoder.decode([packet]);
      const packetFrames = channelData[0]?.length ?? 0;
      if (packetFrames === 0) continue;
      const withSbr = track.codec === "mp4a" && packetFrames > 1024;
      const delay = withSbr ? SBR_DELAY : 0;
      return {
        sampleRate,
        channels: channelData.length,
        packetFrames,
        firstFrame: i * packetFrames - delay,
        delay,
      };
    }
  } catch (error) {
    throw fileError(source, "the AAC data are damaged", error);
  } finally {
    decoder.free();
  }
  throw fileError(source, "the AAC data are damaged: nothing could be decoded");
}

async function openDecoder(source: ByteSource, module: AacModule, track: Mp4Track) {
  try {
    return await module.decoder(track.codec === "alac" ? { alac: track.config } : { asc: track.config });
  } catch (error) {
    throw fileError(source, "the AAC header is damaged", error);
  }
}

async function* decodePackets(
  source: ByteSource,
  module: AacModule,
  track: Mp4Track,
  first: number,
  packets: number,
  position: number,
  end: number,
): AsyncGenerator<AudioBlock> {
  const decoder = await openDecoder(source, module, track);
  try {
    for (let next = first; next < packets && position < end;) {
      const run = await readRun(source, track, next, packets);
      const { channelData } = decoder.decode(run);
      const length = channelData[0]?.length ?? 0;
      if (length > 0) yield { position, channels: channelData };
      position += length;
      next += run.length;
    }
  } catch (error) {
    throw fileError(source, "the AAC data are damaged", error);
  } finally {
    decoder.free();
  }
}

/** Packets from `first` on that lie one behind the other, read at once. */
async function readRun(
  source: ByteSource,
  track: Mp4Track,
  first: number,
  packets: number,
): Promise<Uint8Array[]> {
  const { offsets, sizes } = track;
  let end = first + 1;
  let bytes = sizes[first];
  while (end < packets && offsets[end] === offsets[first] + bytes && bytes + sizes[end] <= RUN_BYTES) {
    bytes += sizes[end++];
  }
  const all = await source.read(offsets[first], bytes);
  return Array.from({ length: end - first }, (_, i) => {
    const at = offsets[first + i] - offsets[first];
    return all.subarray(at, at + sizes[first + i]);
  });
}
