/** @file The inspection of a collection: its content, its problems, and the leaks of its split. Browser-safe. */

import { checkOptions, type OptionNames } from "../../../options.ts";
import { filterClips, type AudioClip, type AudioCollection } from "../collection.ts";
import { noteTestSize } from "../../collection/split/test-size.ts";
import { checkSplit, findConflicts, type SplitCheckOptions } from "../../collection/split/check-split.ts";
import { findDuplicatesAmong } from "./find-duplicates.ts";
import { findProblems, namedProblems, type FileToJudge } from "./find-problems.ts";
import { PROBLEM_KINDS, type Inspection, type InspectionProblem } from "./inspection.ts";
import { durationOf } from "./measure/measurement.ts";
import {
  MEASURE_OPTIONS,
  measureFiles,
  type MeasuredFile,
  type MeasureOptions,
} from "./measure/measure-files.ts";
import { notesOf, summarizeCollection } from "./summarize.ts";

export interface InspectOptions extends MeasureOptions, SplitCheckOptions {
  /** Whether to look for clips that hold the same sound. Default true. */
  readonly duplicates?: boolean;
}

const OPTIONS: OptionNames<InspectOptions> = {
  duplicates: true,
  fractions: true,
  seed: true,
  official: true,
  ...MEASURE_OPTIONS,
};

/**
 * Decodes all recordings of a collection once, of any length, and reports the findings. Measurements are stored by the
 * files' content: a second inspection, and training, find them again.
 *
 * @example
 * const inspection = await inspectCollection(await openAudioCollection("genres"));
 * for (const { path, problem } of inspection.problems) console.log(`${path}: ${problem}`);
 * @throws AuricleError "argument" for options that make no sense; the signal's reason.
 */
export async function inspectCollection(
  collection: AudioCollection,
  options: InspectOptions = {},
): Promise<Inspection> {
  checkOptions("inspectCollection", options, OPTIONS, "collection, ");
  const { duplicates: wanted = true, fractions, seed, official } = options;
  const measured = await measureFiles(collection.clips, options);
  const files = judgedFiles(collection.clips, measured.files);
  const usable = usableCollection(collection, files);
  const duplicates = wanted
    ? await findDuplicatesAmong(usable.clips, measured.files, options.signal)
    : undefined;
  const links = duplicates ?? [];
  const summary = summarizeCollection(collection, files);
  const split = checkSplit(usable, links, { fractions, seed, official });
  const testSize = typeof split === "string" ? undefined : noteTestSize(usable, split.report);
  return {
    name: collection.name,
    folder: collection.folder,
    task: collection.task,
    summary,
    problems: sortProblems([
      ...namedProblems([...collection.problems, ...measured.problems]),
      ...findProblems(files),
    ]),
    notes: [...notesOf(collection, summary, files), ...(testSize === undefined ? [] : [testSize])],
    ...(duplicates && { duplicates }),
    conflicts: findConflicts(usable, links),
    ...(typeof split === "string" ? { splitProblem: split } : { split }),
  };
}

function judgedFiles(clips: readonly AudioClip[], files: readonly MeasuredFile[]): FileToJudge[] {
  const clipsOf = new Map<string, AudioClip[]>(files.map(({ path }) => [path, []]));
  for (const clip of clips) clipsOf.get(clip.path)?.push(clip);
  return files.map(({ path, measurement }) => ({ path, measurement, clips: clipsOf.get(path) ?? [] }));
}

/** The clips that training would use. */
function usableCollection(collection: AudioCollection, files: readonly FileToJudge[]): AudioCollection {
  const usable = new Set(
    files.flatMap(({ measurement, clips }) =>
      measurement.isFinite ? clips.filter(({ start }) => start < durationOf(measurement)) : [],
    ),
  );
  return filterClips(collection, (clip) => usable.has(clip));
}

/** By kind, the worst first; within a kind as they were found. */
function sortProblems(problems: readonly InspectionProblem[]): InspectionProblem[] {
  return PROBLEM_KINDS.flatMap((kind) => problems.filter((problem) => problem.kind === kind));
}
