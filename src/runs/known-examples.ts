/** @file The examples that a run's weights were trained on, before it begins and after it has ended. Browser-safe. */

import { trainedOnMetadata } from "../audio-model/trained-on.ts";
import type { Collection, Example, KnownRole, MediumWords, SplitParts } from "../data/audio/index.ts";
import { soundOf, type FoundKnown } from "../data/audio/provenance/find-known.ts";
import {
  extendProvenance,
  type KnownRecording,
  type Provenance,
} from "../data/audio/provenance/provenance.ts";
import { contentKey } from "../data/collection/content-hashes.ts";
import { AuricleError } from "../errors.ts";
import type { Json } from "../nn/index.ts";
import { dataOf } from "./short-data-name.ts";
import type { ExampleStore } from "./run-kind.ts";
import { fileName } from "./split-file.ts";

/** Returns the provenance of a run's weights after training: that of its initial weights, and its own recordings. */
export function provenanceOf(
  earlier: Provenance,
  data: string,
  {
    collection,
    parts,
    store,
  }: {
    collection: Collection;
    parts: SplitParts<Example>;
    store: Pick<ExampleStore, "content">;
  },
  { measured }: Pick<FoundKnown, "measured">,
): Provenance {
  const recordings = new Map<string, Omit<KnownRecording, "source">>();
  for (const role of ["train", "validation"] as const) {
    for (const example of parts[role]) {
      // What is trained on comes first, and counts where a file has examples in both parts.
      const key = example.index === undefined ? example.path : example.id;
      if (recordings.has(key)) continue;
      const content = store.content(example);
      const file = measured.get(example.path);
      recordings.set(key, {
        content,
        role,
        ...(example.index === undefined && { path: example.path }),
        ...(example.group !== ownGroup(example, collection) && { group: example.group }),
        ...(file?.content === content && { sound: soundOf(file.measurement) }),
      });
    }
  }
  return extendProvenance(earlier, { data: dataOf(data), isListed: true }, [...recordings.values()]);
}

/** The group of an example that belongs to no other. */
function ownGroup(example: Example, collection: Collection): string {
  return example.index === undefined ? fileName(example, collection) : example.id;
}

/** Returns the provenance as metadata of the model file, which may be used without the run's folder. */
export function provenanceMetadata({ sources, recordings }: Provenance): Record<string, Json> {
  const contents = (role: KnownRole) =>
    recordings.filter((recording) => recording.role === role).map(({ content }) => content);
  return trainedOnMetadata({ sources, train: contents("train"), validation: contents("validation") });
}

/** Sentences about what cannot be determined of the examples that the weights were trained on; none where all is known. */
export function doubtsAbout(
  provenance: Provenance,
  { byContentAlone }: FoundKnown,
  { files }: MediumWords,
): string[] {
  const unlisted = provenance.sources
    .filter(({ isListed }) => !isListed)
    .map(({ data }) => JSON.stringify(data));
  return [
    ...(unlisted.length > 0
      ? [
          `The ${files} of ${unlisted.join(", ")} that the weights were trained on are not listed: the tested ${files} ` +
            "may include some of them.",
        ]
      : []),
    ...(byContentAlone > 0
      ? [
          `For ${byContentAlone} of the ${files} that the weights were trained on, only the file's content is ` +
            "compared: copies of them in another format or changed a little are not found.",
        ]
      : []),
  ];
}

/** Says that an earlier version made the split, without regard to what the initial weights were trained on. */
export function unsplitDoubt(from: string, { files }: MediumWords): string {
  return (
    `An earlier version of Auricle made this split without regard to what ${from} was trained on: the test part may ` +
    `contain such ${files}. \`auricle eval\` lists them separately.`
  );
}

/**
 * A run that is begun again must begin with the weights that its split was made for.
 * @throws AuricleError "data" where these were trained on other files since.
 */
export function checkSameBeginning(
  path: string,
  own: Provenance,
  first: Provenance,
  { files }: MediumWords,
): void {
  const contents = new Set(own.recordings.map(({ content }) => contentKey(content)));
  const others = first.recordings.filter(({ content }) => !contents.has(contentKey(content))).length;
  if (others === 0) return;
  throw new AuricleError(
    "data",
    `${path}: the run whose weights it starts from was trained on ${others} other ${files} since this one was begun, ` +
      "which its split does not take into account; start a new run",
  );
}
