/** @file The inspection of pictures: their content, their problems, and the leaks of their split. Browser-safe. */

import { checkOptions, type OptionNames } from "../../../options.ts";
import { checkSplit, findConflicts, type SplitCheckOptions } from "../../collection/split/check-split.ts";
import { noteTestSize } from "../../collection/split/test-size.ts";
import { filterPictures, type ImageCollection } from "../collection.ts";
import { findPictureDuplicates } from "../duplicates/find-duplicates.ts";
import { preparePixels, type PreparePixelsOptions } from "../pixels/prepare-pixels.ts";
import { damagedPictures, findPictureProblems, namedProblems } from "./find-problems.ts";
import { PICTURE_PROBLEM_KINDS, type PictureInspection, type PictureProblem } from "./inspection.ts";
import { notesOf, summarizePictures } from "./summarize.ts";

export interface InspectPicturesOptions
  extends SplitCheckOptions, Pick<PreparePixelsOptions, "cacheFolder" | "threads" | "signal" | "onProgress"> {
  /** Whether to look for pictures that show the same. Default true. */
  readonly duplicates?: boolean;
}

const OPTIONS: OptionNames<InspectPicturesOptions> = {
  duplicates: true,
  fractions: true,
  seed: true,
  official: true,
  cacheFolder: true,
  threads: true,
  signal: true,
  onProgress: true,
};

/**
 * Decodes all pictures of a collection once and reports the findings. The pixels are kept in the form that training chooses for them:
 * a second inspection, and training, find them again.
 *
 * @example
 * const inspection = await inspectPictures(await openImageCollection("photos"));
 * for (const { path, problem } of inspection.problems) console.log(`${path}: ${problem}`);
 * @throws AuricleError "argument" for options that make no sense; "data" when no picture can be decoded; the signal's reason.
 */
export async function inspectPictures(
  collection: ImageCollection,
  options: InspectPicturesOptions = {},
): Promise<PictureInspection> {
  checkOptions("inspectPictures", options, OPTIONS, "collection, ");
  const { duplicates: wanted = true, fractions, seed, official, ...preparing } = options;
  const store = await preparePixels(collection.examples, { ...preparing, archives: collection.archives });
  const usable = filterPictures(collection, (picture) => store.has(picture));
  const pictures = usable.examples.map((example) => ({ example, measurement: store.measurement(example) }));
  const compared = usable.examples.map((example) => store.compared(example));
  const duplicates = wanted ? await findPictureDuplicates(compared, options.signal) : undefined;
  const links = duplicates ?? [];
  const summary = summarizePictures(usable, pictures);
  const split = checkSplit(usable, links, { fractions, seed, official });
  const testSize = typeof split === "string" ? undefined : noteTestSize(usable, split.report);
  return {
    medium: "pictures",
    name: collection.name,
    folder: collection.folder,
    task: collection.task,
    summary,
    input: store.format,
    problems: sortProblems([
      ...namedProblems([...collection.problems, ...store.problems]),
      ...damagedPictures(store.warnings),
      ...pictures.flatMap(({ example, measurement }) => findPictureProblems(nameOf(example), measurement)),
    ]),
    notes: [
      ...notesOf(collection, summary, pictures, store.format),
      ...(testSize === undefined ? [] : [testSize]),
    ],
    ...(duplicates && { duplicates }),
    conflicts: findConflicts(usable, links),
    ...(typeof split === "string" ? { splitProblem: split } : { split }),
  };
}

/** The file's path or, within an archive, the picture's id. */
function nameOf({ path, index, id }: ImageCollection["examples"][number]): string {
  return index === undefined ? path : id;
}

/** By kind, the worst first; within a kind as they were found. */
function sortProblems(problems: readonly PictureProblem[]): PictureProblem[] {
  return PICTURE_PROBLEM_KINDS.flatMap((kind) => problems.filter((problem) => problem.kind === kind));
}
