/** @file Pictures that weights come from, and pairs of the same, found by their content. Browser-safe. */

import type { ExampleLink } from "../../data/collection/collection.ts";
import type { KnownRole } from "../../data/collection/split/known-examples.ts";
import type { FoundKnown } from "../../data/audio/provenance/find-known.ts";
import type { Collection } from "../../data/audio/index.ts";
import type { KnownSearch } from "../run-kind.ts";

/**
 * The pictures of a collection whose files, or whose pixels in an archive, weights were trained on or chosen by, and in the same
 * data set those of the same groups; with pairs of pictures that are the same.
 * @param data the data set's name, or the absolute path of a folder or a list, as in the provenance
 * @param compare whether pairs are looked for
 */
export function knownPictures(
  { examples }: Pick<Collection, "examples">,
  { data, store, provenance }: KnownSearch,
  compare: boolean,
): FoundKnown {
  const { recordings, sources } = provenance;
  const byContent = new Map<string, KnownRole>();
  const byGroup = new Map<string, KnownRole>();
  const learn = (roles: Map<string, KnownRole>, key: string, role: KnownRole | undefined) => {
    if (role && roles.get(key) !== "train") roles.set(key, role);
  };
  for (const { content, role, group, source } of recordings) {
    learn(byContent, content, role);
    if (group !== undefined && sources[source].data === data) learn(byGroup, group, role);
  }
  const known = new Map<string, KnownRole>();
  const firsts = new Map<string, string>();
  const links: ExampleLink[] = [];
  for (const example of examples) {
    const content = store.content(example);
    learn(known, example.id, byContent.get(content));
    learn(known, example.id, byGroup.get(example.group));
    const first = firsts.get(content);
    if (first === undefined) firsts.set(content, example.id);
    else if (compare) links.push({ a: first, b: example.id });
  }
  return { links, known, measured: new Map(), byContentAlone: recordings.length };
}
