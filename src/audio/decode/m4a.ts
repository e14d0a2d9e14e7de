/** @file Sound in MP4 and QuickTime files, also beside a picture. Browser-safe. */

import { truncationWarning, type AudioReader } from "./audio-reader.ts";
import { loadAac } from "./aac-module.ts";
import type { ByteSource } from "./byte-source.ts";
import { chainedReader } from "./chained-reader.ts";
import { flacCodec } from "./flac.ts";
import { parseStreamInfo } from "./flac-header.ts";
import type { Stretch } from "./mp4-edits.ts";
import { readMp4Track, type Mp4Track } from "./mp4-track.ts";
import { opusCodec } from "./opus.ts";
import type { PacketCodec } from "./packet-codec.ts";
import { PacketIndex } from "./packet-index.ts";
import { packetsPresent, readRun } from "./packet-places.ts";
import { openPackets } from "./packet-sound.ts";

/** A tag's box has a name, a version and a value. */
const LEAST_TAG_BYTES = 24;

/** @throws AuricleError "file" where it is damaged, "unsupported" where the decoder is not installed. */
export async function openM4a(source: ByteSource): Promise<AudioReader> {
  const track = await readMp4Track(source);
  const { codec, config, played } = track;
  if (codec === "opus") return openStream(source, track, opusCodec(source, config));
  if (codec === "flac") return openStream(source, track, flacCodec(parseStreamInfo(source, config)));
  const byTag = played.length > 0 ? played : await playedByTag(source, track);
  return openPackets(source, { format: "m4a", ...track, codec, played: byTag });
}

/** iTunes' tag for what encoders put before and after the sound. */
async function playedByTag(source: ByteSource, { codec, config, tags }: Mp4Track): Promise<Stretch[]> {
  if (!tags || tags.length < LEAST_TAG_BYTES) return [];
  const module = await loadAac(source);
  const found = module.gapless({ ilst: tags, ...(codec === "alac" ? { alac: config } : { asc: config }) });
  if (!found) return [];
  const { start, duration = Infinity } = found;
  return [{ start, end: start + duration }];
}

/** Each stretch that is played is a stream of its own over the same packets. */
async function openStream(source: ByteSource, track: Mp4Track, codec: PacketCodec): Promise<AudioReader> {
  const present = packetsPresent(source, track);
  const index = new PacketIndex(codec);
  /** Numbers of packets by how many bytes the packets before them have. */
  const numbers = new Map<number, number>();
  let entry = 0;
  for (let next = 0; next < present;) {
    for (const bytes of await readRun(source, track, next, present)) {
      index.add({ bytes, entry });
      numbers.set(entry, next++);
      entry += bytes.length;
    }
  }
  const rate = codec.sampleRate;
  const whole = { start: codec.preSkip / rate, end: Infinity };
  const streams = (track.played.length > 0 ? track.played : [whole]).map(({ start, end }) => {
    const origin = Math.min(Math.round(start * rate), index.samples);
    const frames = Math.max(0, Math.min(Math.round(end * rate), index.samples) - origin);
    return {
      source,
      codec,
      index,
      origin,
      frames,
      async *packets(offset: number) {
        for (let next = numbers.get(offset) ?? 0; next < present;) {
          const run = await readRun(source, track, next, present);
          yield run.map((bytes) => ({ bytes }));
          next += run.length;
        }
      },
    };
  });
  const missing = track.sizes.length - present;
  const warnings = missing > 0 ? [truncationWarning(track.seconds, index.samples / rate)] : [];
  if (index.unusable > 0) warnings.push(`damaged: ${index.unusable} packets contradict the header`);
  return chainedReader("m4a", streams, warnings);
}
