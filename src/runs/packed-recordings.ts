/** @file The recordings of a provenance of which only the content is known, as those in archives, in little room. Browser-safe. */

import * as z from "zod/mini";
import type { KnownRecording } from "../data/audio/provenance/provenance.ts";
import {
  bytesInBase64,
  isHash,
  MOST_WHOLE_HASHES,
  packHashes,
  SHORT_HASH,
  unpackHashes,
} from "../data/collection/content-hashes.ts";

/** A list for each source and role. */
export const packedRecordings = z.array(
  z.strictObject({
    source: z.int().check(z.minimum(0)),
    role: z.enum(["train", "validation"]),
    /** The first 8 bytes of each recording's hash, one after the other. */
    hashes: z.base64().check(z.refine((text) => bytesInBase64(text) % SHORT_HASH === 0)),
  }),
);

type PackedRecordings = z.infer<typeof packedRecordings>;

/** Packs the recordings of which nothing but the content is known, where they are many. */
export function packRecordings(recordings: readonly KnownRecording[]): {
  readonly packed: PackedRecordings;
  readonly others: readonly KnownRecording[];
} {
  const bare = recordings.filter(isBare);
  if (bare.length <= MOST_WHOLE_HASHES) return { packed: [], others: recordings };
  const lists = new Map<string, { source: number; role: KnownRecording["role"]; contents: string[] }>();
  for (const { source, role, content } of bare) {
    const key = `${source} ${role}`;
    const list = lists.get(key) ?? { source, role, contents: [] };
    list.contents.push(content);
    lists.set(key, list);
  }
  return {
    packed: [...lists.values()].map(({ contents, ...list }) => ({
      ...list,
      hashes: packHashes(contents, SHORT_HASH),
    })),
    others: recordings.filter((recording) => !isBare(recording)),
  };
}

/** Returns the recordings of packed lists, with shortened hashes. */
export function unpackRecordings(packed: PackedRecordings): KnownRecording[] {
  return packed.flatMap(({ hashes, ...list }) =>
    unpackHashes(hashes, SHORT_HASH).map((content) => ({ content, ...list })),
  );
}

function isBare({ content, path, group, sound }: KnownRecording): boolean {
  return path === undefined && group === undefined && sound === undefined && isHash(content);
}
