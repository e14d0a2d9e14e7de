/** @file Walking through the chunks of RIFF and IFF files. Browser-safe. */

import { textAt, type ByteSource } from "./byte-source.ts";

/** Names of chunks that stand in wav and aiff files; told by them where a chunk begins although padding is missing. */
const NAMES: ReadonlySet<string> = new Set(
  "fmt |data|fact|LIST|list|bext|cue |smpl|inst|plst|id3 |ID3 |JUNK|junk|PAD |FLLR|PEAK|iXML|axml|chna|cart|DISP|COMM|SSND|MARK|INST|COMT|ANNO|NAME|AUTH|(c) |FVER|APPL|CHAN".split(
    "|",
  ),
);

/**
 * Where the chunk after the one whose contents end at `end` begins. Contents of odd length are followed by a byte of
 * padding, which some writers forget.
 */
export async function nextChunk(source: ByteSource, end: number, isOdd: boolean): Promise<number> {
  if (!isOdd) return end;
  const bytes = await source.read(end, 5);
  return NAMES.has(textAt(bytes, 0, 4)) && !NAMES.has(textAt(bytes, 1, 4)) ? end : end + 1;
}
