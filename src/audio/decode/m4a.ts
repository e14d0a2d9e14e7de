/** @file Sound in MP4 and QuickTime files, also beside a picture. Browser-safe. */

import type { AudioReader } from "./audio-reader.ts";
import { loadAac, type AacModule } from "./aac-module.ts";
import type { ByteSource } from "./byte-source.ts";
import type { Stretch } from "./mp4-edits.ts";
import { readMp4Track, type Mp4Track } from "./mp4-track.ts";
import { openPackets } from "./packet-sound.ts";

/** A tag's box has a name, a version and a value. */
const LEAST_TAG_BYTES = 24;

/** @throws AuricleError "file" where it is damaged, "unsupported" where the decoder is not installed. */
export async function openM4a(source: ByteSource): Promise<AudioReader> {
  const track = await readMp4Track(source);
  const played = track.played.length > 0 ? track.played : playedByTag(await loadAac(source), track);
  return openPackets(source, { format: "m4a", ...track, played });
}

/** iTunes' tag for what encoders put before and after the sound. */
function playedByTag(module: AacModule, { codec, config, tags }: Mp4Track): Stretch[] {
  if (!tags || tags.length < LEAST_TAG_BYTES) return [];
  const found = module.gapless({ ilst: tags, ...(codec === "alac" ? { alac: config } : { asc: config }) });
  if (!found) return [];
  const { start, duration = Infinity } = found;
  return [{ start, end: start + duration }];
}
