/** @file Ogg files: which streams are inside, and which of them are read (RFC 3533). Browser-safe. */

import { fileError, type AudioReader } from "./audio-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import { chainedReader } from "./chained-reader.ts";
import { OggStream, type OggSound } from "./ogg-stream.ts";
import { oggPages } from "./ogg-pages.ts";

/**
 * Reads all streams that follow one another; of those that play at the same time the first that is sound. Since a stream
 * may follow anywhere, even under the number of the one before, all pages are gone through once.
 * @throws AuricleError "file" where there is no stream of a known codec, or its headers are damaged.
 */
export async function openOgg(source: ByteSource): Promise<AudioReader> {
  const streams = await findStreams(source);
  if (streams.length === 0) {
    throw fileError(source, "an ogg file without a whole first page: damaged or cut off");
  }
  const sounding = streams.filter(({ isSound }) => isSound);
  if (sounding.length === 0) {
    const names = streams.map(({ name }) => name);
    throw fileError(
      source,
      `ogg files with "${names.join('", "')}" are not supported; Vorbis, Opus and FLAC are`,
    );
  }
  const warnings: string[] = [];
  const sounds = firstOfEachGroup(sounding, warnings).flatMap((stream) => readable(stream, warnings));
  if (sounds.length === 0) {
    const problem = sounding.find((stream) => stream.problem !== undefined)?.problem;
    throw problem ?? fileError(source, "the ogg file's headers are damaged or cut off");
  }
  warnOfDamage(sounds, warnings);
  return chainedReader("ogg", sounds, warnings);
}

async function findStreams(source: ByteSource): Promise<OggStream[]> {
  const streams: OggStream[] = [];
  const current = new Map<number, OggStream>();
  let group = 0;
  let afterFirst = false;
  for await (const page of oggPages(source, 0)) {
    if (page.first) {
      if (!afterFirst) group++;
      const stream = new OggStream(source, page, group);
      const replaced = current.get(page.serial);
      if (replaced) replaced.end = page.offset;
      current.set(page.serial, stream);
      streams.push(stream);
    }
    afterFirst = page.first;
    current.get(page.serial)?.add(page);
  }
  return streams;
}

function firstOfEachGroup(streams: readonly OggStream[], warnings: string[]): OggStream[] {
  const chosen = new Map<number, OggStream>();
  for (const stream of streams) if (!chosen.has(stream.group)) chosen.set(stream.group, stream);
  const others = streams.length - chosen.size;
  if (others > 0) {
    warnings.push(`incomplete: ${others} streams play at the same time as others and are left out`);
  }
  return [...chosen.values()];
}

function readable(stream: OggStream, warnings: string[]): OggSound[] {
  const sound = stream.problem === undefined ? stream.finish() : undefined;
  if (!sound)
    warnings.push(`damaged: the headers of a stream (${stream.name}) cannot be read, and it is left out`);
  return sound ? [sound] : [];
}

function warnOfDamage(sounds: readonly OggSound[], warnings: string[]): void {
  const cut = sounds.filter(({ complete }) => !complete).length;
  if (cut > 0) {
    const which =
      sounds.length === 1 ? "the stream's last page" : `the last page of ${cut} of ${sounds.length} streams`;
    warnings.push(`truncated: ${which} is missing`);
  }
  if (sounds.some(({ gaps }) => gaps)) warnings.push("damaged: parts of it are missing");
  const unusable = sounds.reduce((sum, { index }) => sum + index.unusable, 0);
  if (unusable > 0) warnings.push(`damaged: ${unusable} packets contradict the header`);
}
