/** @file AAC and ALAC in packets that an index has found, decoded by FAAD2 and a port of Apple's decoder. Browser-safe. */

import {
  checkHeader,
  describeAudio,
  fileError,
  truncationWarning,
  type AudioBlock,
  type AudioReader,
} from "./audio-reader.ts";
import { predictsFromPast, silentAacFrame } from "./aac-config.ts";
import { loadAac, type AacDecoder, type AacModule } from "./aac-module.ts";
import type { ByteSource } from "./byte-source.ts";
import { concatenate } from "./mono.ts";
import type { Stretch } from "./mp4-edits.ts";
import { packetsPresent, readRun, type PacketPlaces } from "./packet-places.ts";

/** Sound in packets, as a container describes it. */
export interface PacketSound extends PacketPlaces {
  readonly format: "m4a" | "caf";
  readonly codec: "aac" | "alac";
  /** AudioSpecificConfig of AAC, or the 24 bytes of ALAC's. */
  readonly config: Uint8Array;
  /** Total duration of the sound in the packets, as the container states it, in seconds. */
  readonly seconds: number;
  /** The stretches that are played one after the other, in seconds from the first packet on; empty for all of it. */
  readonly played: readonly Stretch[];
}

/** How the packets of a stream are decoded. */
interface Decoding {
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel in a packet. */
  readonly packetFrames: number;
  /** The decoder's delay, in samples. */
  readonly delay: number;
  /** Index of the first packet whose sound the decoder outputs. */
  readonly firstPacket: number;
  /** A silent packet to decode before the first one, so that the decoder outputs the first; undefined for none. */
  readonly primer: Uint8Array | undefined;
  /** Number of packets that are decoded with one decoder; see `decodeSegments`. */
  readonly segment: number;
  /** Number of packets that a decoder is given before those of its segment. */
  readonly preRoll: number;
}

/** Samples of all channels that are handed on together. */
const BLOCK_SAMPLES = 2 ** 17;
/** Decoded at once when the file is opened, to learn what comes out. */
const PROBE_PACKETS = 4;
/** HE-AAC's filter banks are late by so many samples, as measured by the authors of the decoder's package. */
const SBR_DELAY = 962;
const CORE_FRAMES = 1024;
/**
 * Segments and pre-rolls by codec, in packets. In AAC each window overlaps the one before; the header of HE-AAC's upper
 * band (SBR) comes about every half second.
 */
const SEGMENTS = {
  alac: { segment: 256, preRoll: 0 },
  aac: { segment: 256, preRoll: 4 },
  highEfficiency: { segment: 512, preRoll: 64 },
  predicted: { segment: 2 ** 31, preRoll: 0 },
};
const ALAC_BIT_DEPTH_OFFSET = 5;
const DAMAGED_PACKETS = "damaged: packets that cannot be decoded are replaced by silence";

/** @throws AuricleError "file" where nothing can be decoded, "unsupported" where the decoder is not installed. */
export async function openPackets(source: ByteSource, sound: PacketSound): Promise<AudioReader> {
  const module = await loadAac(source);
  const packets = packetsPresent(source, sound);
  if (packets === 0) throw fileError(source, `an ${sound.format} file without complete packets`);
  const present = { ...sound, sizes: sound.sizes.slice(0, packets) };
  const decoding = await probe(source, module, present);
  const { sampleRate, channels } = decoding;
  checkHeader(source, sampleRate, channels);
  const stretches = stretchesOf(present, decoding);
  const frames = stretches.reduce((sum, { start, end }) => sum + end - start, 0);
  if (frames === 0) throw fileError(source, `an ${sound.format} file without audio`);
  const warnings: string[] = [];
  if (packets < sound.sizes.length) warnings.push(truncationWarning(sound.seconds, frames / sampleRate));
  const info = describeAudio({
    format: sound.format,
    codec: sound.codec === "alac" ? "ALAC" : "AAC",
    sampleRate,
    channels,
    bitDepth: sound.codec === "alac" ? sound.config[ALAC_BIT_DEPTH_OFFSET] : undefined,
    frames,
    warnings,
  });
  return {
    info,
    async *blocks(start, end) {
      let position = 0;
      for (const stretch of stretches) {
        const from = stretch.start + Math.max(0, start - position);
        const to = Math.min(stretch.end, stretch.start + end - position);
        const shift = position - stretch.start;
        if (from < to) yield* decodeStretch(source, module, present, decoding, { from, to, shift }, warnings);
        position += stretch.end - stretch.start;
      }
    },
  };
}

/** The stretches that are played, in samples, limited to those that can be decoded. */
function stretchesOf({ sizes, codec, seconds, played }: PacketSound, decoding: Decoding): Stretch[] {
  const { sampleRate, packetFrames, delay, firstPacket } = decoding;
  const first = Math.max(0, firstPacket * packetFrames - delay);
  const last = sizes.length * packetFrames - delay;
  // The last packet of ALAC is as short as the rest of the sound; one of AAC is padded.
  const all = [{ start: 0, end: codec === "alac" ? seconds : Infinity }];
  return (played.length > 0 ? played : all).map(({ start, end }) => {
    const from = Math.max(first, Math.round(start * sampleRate));
    return { start: from, end: Math.max(from, Math.min(last, Math.round(end * sampleRate))) };
  });
}

/** Decodes the first packets to learn what comes out. FAAD2 gives nothing for the first one it gets. */
async function probe(source: ByteSource, module: AacModule, sound: PacketSound): Promise<Decoding> {
  const primer = sound.codec === "aac" ? silentAacFrame(sound.config) : undefined;
  const decoder = await openDecoder(source, module, sound);
  try {
    if (primer) decoder.decode([primer]);
    const count = Math.min(PROBE_PACKETS, sound.sizes.length);
    for (let i = 0; i < count; i++) {
      const packet = await source.read(sound.offsets[i], sound.sizes[i]);
      const { channelData, sampleRate } = decoder.decode([packet]);
      const packetFrames = channelData[0]?.length ?? 0;
      if (packetFrames === 0) continue;
      const shared = { sampleRate, channels: channelData.length, packetFrames };
      if (sound.codec === "alac") {
        return { ...shared, delay: 0, firstPacket: 0, primer: undefined, ...SEGMENTS.alac };
      }
      // The upper band cannot begin in silence: what it is made of would be missing.
      if (packetFrames > CORE_FRAMES) {
        return {
          ...shared,
          delay: SBR_DELAY,
          firstPacket: 1,
          primer: undefined,
          ...SEGMENTS.highEfficiency,
        };
      }
      const cut = predictsFromPast(sound.config) ? SEGMENTS.predicted : SEGMENTS.aac;
      return { ...shared, delay: 0, firstPacket: primer ? 0 : 1, primer, ...cut };
    }
  } catch (error) {
    throw fileError(source, "the AAC data are damaged", error);
  } finally {
    decoder.free();
  }
  throw fileError(source, "the AAC data are damaged: nothing could be decoded");
}

async function openDecoder(source: ByteSource, module: AacModule, { codec, config }: PacketSound) {
  try {
    return await module.decoder(codec === "alac" ? { alac: config } : { asc: config });
  } catch (error) {
    throw fileError(source, "the AAC header is damaged", error);
  }
}

/** Samples of the media, and the offset from their place in the media to that in the recording. */
interface Wanted {
  readonly from: number;
  readonly to: number;
  readonly shift: number;
}

/** Exactly the samples `from` … `to`. */
async function* decodeStretch(
  source: ByteSource,
  module: AacModule,
  sound: PacketSound,
  decoding: Decoding,
  { from, to, shift }: Wanted,
  warnings: string[],
): AsyncGenerator<AudioBlock> {
  const { packetFrames, delay, channels } = decoding;
  const first = Math.floor((from + delay) / packetFrames);
  const last = Math.min(sound.sizes.length, Math.ceil((to + delay) / packetFrames));
  let position = first * packetFrames - delay;
  let parts: (readonly Float32Array[])[] = [];
  const take = (): AudioBlock => {
    const length = parts.reduce((sum, part) => sum + part[0].length, 0);
    const begin = Math.max(from, position);
    const block = Array.from({ length: channels }, (_, channel) =>
      concatenate(parts.map((part) => part[channel])).subarray(begin - position, to - position),
    );
    position += length;
    parts = [];
    return { position: begin + shift, channels: block };
  };
  for await (const part of decodeSegments(source, module, sound, decoding, first, last, warnings)) {
    parts.push(part);
    if (parts.length * packetFrames * channels >= BLOCK_SAMPLES) yield take();
  }
  if (parts.length > 0) yield take();
}

/**
 * Decodes packets `first` … `last` (exclusive). Every segment of packets has a decoder of its own, which begins at the same
 * place for every request. So parts are the same bits as the whole although AAC fills bands with noise by a
 * random number that a decoder carries from packet to packet.
 */
async function* decodeSegments(
  source: ByteSource,
  module: AacModule,
  sound: PacketSound,
  decoding: Decoding,
  first: number,
  last: number,
  warnings: string[],
): AsyncGenerator<readonly Float32Array[]> {
  const { segment, preRoll, primer } = decoding;
  for (let begin = first - (first % segment); begin < last; begin += segment) {
    const decoder = await openDecoder(source, module, sound);
    try {
      const start = Math.max(0, begin - preRoll);
      const end = Math.min(begin + segment, last);
      if (primer && start === 0) decoder.decode([primer]);
      for (let next = start; next < end;) {
        const run = await readRun(source, sound, next, end);
        for (const packet of run) {
          const part = decodePacket(decoder, packet, decoding, next === sound.sizes.length - 1);
          if (next >= Math.max(begin, first)) yield part ?? silence(decoding, warnings);
          next++;
        }
      }
    } catch (error) {
      throw fileError(source, `the ${sound.codec === "alac" ? "ALAC" : "AAC"} data are damaged`, error);
    } finally {
      decoder.free();
    }
  }
}

/** A packet's sound; undefined where it is damaged. Only the last packet may be shorter than the others. */
function decodePacket(
  decoder: AacDecoder,
  packet: Uint8Array,
  { channels, packetFrames }: Decoding,
  isLast: boolean,
): readonly Float32Array[] | undefined {
  const { channelData } = decoder.decode([packet]);
  const length = channelData[0]?.length ?? 0;
  const isWhole = length === packetFrames || (isLast && length > 0 && length < packetFrames);
  return isWhole && channelData.length === channels ? channelData : undefined;
}

function silence({ channels, packetFrames }: Decoding, warnings: string[]): readonly Float32Array[] {
  if (!warnings.includes(DAMAGED_PACKETS)) warnings.push(DAMAGED_PACKETS);
  return Array.from({ length: channels }, () => new Float32Array(packetFrames));
}
