/** @file WebM and Matroska (RFC 9559): what browsers' recorders write. Browser-safe. */

import { fileError, truncationWarning, type AudioReader } from "./audio-reader.ts";
import { joinedBytes, type ByteSource } from "./byte-source.ts";
import { chainedReader } from "./chained-reader.ts";
import { childElements, floatValue, unsignedValue } from "./ebml.ts";
import type { Packet, PacketCodec } from "./packet-codec.ts";
import { PacketIndex } from "./packet-index.ts";
import type { PacketStream } from "./packet-reader.ts";
import { readBlock, type WebmBlock } from "./webm-blocks.ts";
import { WEBM, webmElements } from "./webm-elements.ts";
import { codecOfTrack, parseTracks, type WebmTrack } from "./webm-tracks.ts";

/** The track of a file that is read; a file may follow another one in the same file. */
interface WebmSound {
  readonly track: WebmTrack;
  readonly codec: PacketCodec;
  readonly index: PacketIndex;
  /** In nanoseconds. */
  readonly tick: number;
  /** In seconds, as the header says; recorders do not know it. */
  readonly claimed: number | undefined;
  /** When the first packet begins, in seconds. */
  begin: number | undefined;
  /** Samples that are missing between packets, by their times. */
  missing: number;
  end: number;
}

const TIMESTAMP_SCALE = 0x2ad7b1;
const DURATION = 0x4489;
const DEFAULT_TICK = 1_000_000;
/** In seconds. Times are rounded to milliseconds; recorders that wait for a microphone leave shorter gaps than this. */
const SHORTEST_GAP = 0.25;
/** In seconds, by how much less than the header says is no damage: it counts what encoders put before and after. */
const SHORTEST_CUT = 0.25;

/**
 * Reads the first audio track whose codec is supported: Opus, Vorbis, FLAC or PCM. All blocks are gone through once,
 * since only their packets say how long they are.
 * @throws AuricleError "file" where there is none, or its headers are damaged.
 */
export async function openWebm(source: ByteSource): Promise<AudioReader> {
  const warnings: string[] = [];
  const sounds = await findSounds(source, warnings);
  if (sounds.length === 0) throw fileError(source, "a WebM file without an audio track before its blocks");
  for (const sound of sounds) warnOf(sound, warnings);
  return chainedReader(
    "webm",
    sounds.map((sound) => streamOf(source, sound)),
    warnings,
  );
}

async function findSounds(source: ByteSource, warnings: string[]): Promise<WebmSound[]> {
  const sounds: WebmSound[] = [];
  let info = new Map<number, Uint8Array[]>();
  let sound: WebmSound | undefined;
  let clusterTime = 0;
  let damaged: number | undefined;
  let damages = 0;
  for await (const element of webmElements(source, 0)) {
    if (element.id === WEBM.damage) {
      damaged ??= element.offset;
      damages++;
    }
    if (element.id === WEBM.head) {
      if (sound) sound.end = element.offset;
      sound = undefined;
    }
    if (element.id === WEBM.info) info = childElements(await element.read());
    if (element.id === WEBM.tracks && !sound) {
      sound = openSound(source, await element.read(), info, warnings);
      sounds.push(sound);
    }
    if (element.id === WEBM.timestamp) clusterTime = unsignedValue(await element.read()) ?? 0;
    const block = sound && (await readBlock(element));
    if (sound && block?.track === sound.track.number) addBlock(sound, block, clusterTime, element.offset);
  }
  if (damaged !== undefined) {
    const more = damages > 1 ? `, and in ${damages - 1} places more` : "";
    warnings.push(`damaged or cut off at byte ${damaged}${more}`);
  }
  return sounds;
}

/** @throws AuricleError "file" for a file without a track that can be read. */
function openSound(
  source: ByteSource,
  tracks: Uint8Array,
  info: Map<number, Uint8Array[]>,
  warnings: string[],
): WebmSound {
  const all = parseTracks(tracks);
  const problems: string[] = [];
  for (const track of all) {
    const codec = track.obstacle === undefined ? codecOfTrack(source, track) : undefined;
    if (!codec) {
      problems.push(track.obstacle ? `${track.codecId}, ${track.obstacle}` : track.codecId);
      continue;
    }
    if (all.length > 1) {
      warnOnce(warnings, `incomplete: ${all.length - 1} other audio tracks are left out`);
    }
    const tick = unsignedValue(info.get(TIMESTAMP_SCALE)?.[0]) ?? DEFAULT_TICK;
    const duration = floatValue(info.get(DURATION)?.[0]);
    const claimed = duration === undefined ? undefined : (duration * tick) / 1e9;
    const index = new PacketIndex(codec);
    return { track, codec, index, tick, claimed, begin: undefined, missing: 0, end: source.size };
  }
  if (problems.length === 0) throw fileError(source, "a WebM or Matroska file without an audio track");
  throw fileError(
    source,
    `WebM and Matroska files with ${problems.join(" and ")} are not supported; Opus, Vorbis, FLAC and PCM are. ` +
      "Convert it, for instance with ffmpeg, to wav or flac",
  );
}

function addBlock(sound: WebmSound, block: WebmBlock, clusterTime: number, offset: number): void {
  const { codec, index, tick } = sound;
  const time = ((clusterTime + block.time) * tick) / 1e9;
  sound.begin ??= time - index.samples / codec.sampleRate;
  const late = time - sound.begin - (index.samples + sound.missing) / codec.sampleRate;
  if (late > SHORTEST_GAP) sound.missing += Math.round(late * codec.sampleRate);
  for (const packet of packetsOf(sound, block, offset)) index.add(packet);
}

/** Reading may begin at a block with the first of its packets. */
function packetsOf({ codec, track }: WebmSound, block: WebmBlock, offset: number): Packet[] {
  const discard = Math.round((block.discard * codec.sampleRate) / 1e9);
  return block.packets.map((packet, i) => {
    const bytes = track.prefix.length > 0 ? joinedBytes([track.prefix, packet]) : packet;
    const isDiscarded = discard < 0 ? i === 0 : i === block.packets.length - 1;
    return { bytes, ...(i === 0 ? { entry: offset } : {}), ...(isDiscarded ? { discard } : {}) };
  });
}

function streamOf(source: ByteSource, sound: WebmSound): PacketStream {
  const { codec, index, track, end } = sound;
  return {
    source,
    codec,
    index,
    origin: codec.preSkip,
    frames: Math.max(0, index.samples - codec.preSkip),
    async *packets(offset) {
      for await (const element of webmElements(source, offset, end)) {
        const block = await readBlock(element);
        if (block?.track === track.number) yield packetsOf(sound, block, element.offset);
      }
    },
  };
}

function warnOf({ codec, index, claimed, begin = 0, missing }: WebmSound, warnings: string[]): void {
  const present = index.samples / codec.sampleRate;
  const gap = missing / codec.sampleRate;
  // The header counts from time 0, also where the sound begins later.
  if (claimed !== undefined && claimed - begin - present - gap > SHORTEST_CUT) {
    warnOnce(warnings, truncationWarning(claimed - begin, present));
  }
  if (missing > 0) {
    warnOnce(
      warnings,
      `incomplete: ${gap.toFixed(1)} s are missing between packets; the audio continues without them`,
    );
  }
  if (index.unusable > 0) warnOnce(warnings, `damaged: ${index.unusable} packets contradict the header`);
}

function warnOnce(warnings: string[], warning: string): void {
  if (!warnings.includes(warning)) warnings.push(warning);
}
