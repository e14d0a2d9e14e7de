/** @file Pictures that weights come from, found by their content, and pairs that show the same. Browser-safe. */

import type { KnownRole } from "../../data/collection/split/known-examples.ts";
import type { FoundKnown } from "../../data/audio/provenance/find-known.ts";
import type { Collection } from "../../data/audio/index.ts";
import { contentKey } from "../../data/collection/content-hashes.ts";
import { linkedTo } from "../../data/collection/split/linked.ts";
import { findPictureDuplicates } from "../../data/images/duplicates/find-duplicates.ts";
import type { PixelStore } from "../../data/images/pixels/pixel-store.ts";
import type { KnownSearch } from "../run-kind.ts";

/** As {@link KnownSearch}, with pictures' pixels. */
export interface KnownPictureSearch extends KnownSearch {
  readonly store: Pick<PixelStore, "content" | "compared">;
}

/**
 * The pictures of a collection whose files, or whose pixels in an archive, weights were trained on or chosen by, and in the same
 * data set those of the same groups; with pairs of pictures that show the same.
 * @param data the data set's name, or the absolute path of a folder or a list, as in the provenance
 * @param compare whether pairs are looked for
 */
export async function knownPictures(
  { examples }: Pick<Collection, "examples">,
  { data, store, provenance }: KnownPictureSearch,
  compare: boolean,
  signal?: AbortSignal,
): Promise<FoundKnown> {
  const { recordings, sources } = provenance;
  const byContent = new Map<string, KnownRole>();
  const byGroup = new Map<string, KnownRole>();
  const learn = (roles: Map<string, KnownRole>, key: string, role: KnownRole | undefined) => {
    if (role && roles.get(key) !== "train") roles.set(key, role);
  };
  for (const { content, role, group, source } of recordings) {
    learn(byContent, contentKey(content), role);
    if (group !== undefined && sources[source].data === data) learn(byGroup, group, role);
  }
  const known = new Map<string, KnownRole>();
  for (const example of examples) {
    learn(known, example.id, byContent.get(contentKey(store.content(example))));
    learn(known, example.id, byGroup.get(example.group));
  }
  const compared = compare ? examples.map((example) => store.compared(example)) : [];
  const links = await findPictureDuplicates(compared, signal);
  // A copy of a known picture is known.
  for (const role of ["validation", "train"] as const) {
    const ids = [...known.keys()].filter((id) => known.get(id) === role);
    for (const id of linkedTo(ids, links)) known.set(id, role);
  }
  return { links, known, measured: new Map(), byContentAlone: recordings.length };
}
