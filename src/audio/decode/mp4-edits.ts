/** @file Which parts of an MP4 track are to be played (ISO/IEC 14496-12, section 8.6.6). Browser-safe. */

import { viewOf } from "./byte-source.ts";

/** A stretch of a track's media that is played. */
export interface Edit {
  /** In the movie's time scale; 0 where it goes on to the media's end. */
  readonly duration: number;
  /** Where it begins, in the track's time scale. */
  readonly mediaTime: number;
}

/** Time scales: units a second. */
export interface TimeScales {
  readonly movie: number;
  readonly media: number;
}

/** A stretch of the media, in seconds. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * "elst", without empty edits: these put off when the sound begins beside a picture, or leave a pause, and a recording is
 * read as what was recorded.
 */
export function parseEdits(contents: Uint8Array | undefined): Edit[] {
  if (!contents || contents.length < 8) return [];
  const view = viewOf(contents);
  const isLong = contents[0] === 1;
  const entryBytes = isLong ? 20 : 12;
  const count = Math.min(view.getUint32(4, false), Math.floor((contents.length - 8) / entryBytes));
  return Array.from({ length: count }, (_, i) => {
    const at = 8 + i * entryBytes;
    return isLong
      ? { duration: Number(view.getBigUint64(at, false)), mediaTime: Number(view.getBigInt64(at + 8, false)) }
      : { duration: view.getUint32(at, false), mediaTime: view.getInt32(at + 4, false) };
  }).filter(({ mediaTime }) => mediaTime >= 0);
}

/**
 * The stretches that edits play of media from `begin` to `end`, in the track's time scale. Durations are in the movie's,
 * often whole milliseconds: an edit that ends less than a unit before the media goes on to their end.
 */
export function playedStretches(
  edits: readonly Edit[],
  scales: TimeScales,
  begin: number,
  end: number,
): Stretch[] {
  const media = (end - begin) / scales.media;
  return edits.map(({ duration, mediaTime }) => {
    const start = Math.max(0, mediaTime - begin) / scales.media;
    if (duration === 0) return { start, end: media };
    const stop = start + duration / scales.movie;
    return { start, end: stop + 1 / scales.movie > media ? media : stop };
  });
}
