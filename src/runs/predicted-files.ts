/** @file The files that a prediction is asked for, and those of them that cannot be read. Browser-safe. */

import { store } from "#here/io/store/store";
import type { FileProblem } from "../data/collection/collection.ts";
import { findFiles, type FileKind } from "../data/collection/files.ts";
import type { MediumWords } from "../data/collection/words.ts";
import { AuricleError } from "../errors.ts";
import { compareNames } from "../io/natural-order.ts";

/** The files of a medium, and their name. */
interface NamedFiles extends FileKind {
  readonly words: MediumWords;
}

/** How files that cannot be read are dealt with. */
export interface UnreadOptions {
  /** Stops at the first one; otherwise the others are still predicted. */
  readonly strict?: boolean;
  /** Called for each of them. */
  readonly showProblem: (problem: FileProblem) => void;
}

/** Finds files in the order given; folders are searched, in the order of names, in which numbers count as such. */
export class PredictedFiles {
  readonly paths: readonly string[];
  private readonly all: number;
  private readonly plural: string;
  private readonly options: UnreadOptions;
  private unread = 0;

  private constructor(
    paths: readonly string[],
    problems: readonly FileProblem[],
    plural: string,
    options: UnreadOptions,
  ) {
    this.paths = paths;
    this.all = paths.length + problems.length;
    this.plural = plural;
    this.options = options;
    for (const { path, problem } of problems)
      this.report(path, new AuricleError("file", `${path}: ${problem}`));
  }

  /** @throws AuricleError "data" when there is no file of the medium; "file" for one that cannot be read, if it is the only one. */
  static async find(
    places: readonly string[],
    medium: NamedFiles,
    options: UnreadOptions,
  ): Promise<PredictedFiles> {
    const found = await Promise.all(places.map((place) => filesAt(place, medium)));
    const paths = found.flatMap((place) => place.paths);
    const problems = found.flatMap((place) => place.problems);
    const { files } = medium.words;
    if (paths.length + problems.length > 0) return new PredictedFiles(paths, problems, files, options);
    throw new AuricleError("data", `${places.join(", ")}: no ${files} found`);
  }

  /** Notes that a file could not be read. @throws the error itself if it is no `AuricleError`, or the only one, or all is strict. */
  report(path: string, error: unknown): void {
    // The error of the only file says all that there is to say.
    if (!(error instanceof AuricleError) || this.options.strict || this.all === 1) throw error;
    this.unread++;
    this.options.showProblem({ path, problem: error.message });
  }

  /** Returns how many could not be read. @throws AuricleError "data" when none could. */
  finish(): number {
    const { unread, all, plural } = this;
    if (unread === all) throw new AuricleError("data", `none of the ${all} ${plural} could be read`);
    return unread;
  }
}

/** The file itself, or the files in a folder and those below it. */
async function filesAt(
  place: string,
  medium: NamedFiles,
): Promise<{ readonly paths: readonly string[]; readonly problems: readonly FileProblem[] }> {
  const isFolder = await store.look(place).then(
    ({ kind }) => kind === "folder",
    () => false,
  );
  if (!isFolder) return { paths: [place], problems: [] };
  const { files, problems } = await findFiles(place, medium);
  return {
    paths: files.map(({ path }) => path).sort(compareNames),
    problems: [...problems].sort((a, b) => compareNames(a.path, b.path)),
  };
}
