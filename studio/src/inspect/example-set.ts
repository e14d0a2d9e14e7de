/** @file A set of examples in the inspector: files of the reader's, or those that a run was tested on. */
import type { FilePart } from "auricle/session";
import { theSession } from "../engine/session.ts";
import { sampledIndices } from "../figures/line-chart.ts";
import type { FolderFile } from "../objects/folder-files.ts";
import { fetchExample, type ServedRun, type TestedExample } from "./served-runs.ts";

export interface SetExample {
  /** As people know it: its path or the run's name for it. */
  readonly id: string;
  readonly file: Blob;
  /** As the session knows it. */
  readonly part: FilePart;
  /** The folder that it is in, if files came in several. */
  readonly folder?: string;
  /** Its true answer: of a class its place, of tags 0 and 1, or numbers. */
  readonly truth?: readonly number[];
}

export interface ExampleSet {
  /** "the test part of genres", "12 files" */
  readonly name: string;
  readonly examples: readonly SetExample[];
  /** How many there were before some were chosen evenly. */
  readonly all: number;
  /** The number of files that are neither sounds nor pictures. */
  readonly others: number;
}

/** Examples at most: a map of them takes about a second. */
export const MOST_EXAMPLES = 256;

/** Types of files that may hold an example; an empty one is not known to the browser. */
const USABLE = /^$|^(audio|video|image)\/|^application\/(ogg|octet-stream)$/;

/** Makes a set of files, evenly chosen where they are too many. */
export async function setOfFiles(files: readonly FolderFile[]): Promise<ExampleSet> {
  const usable = files
    .filter(({ file }) => USABLE.test(file.type) && !file.name.startsWith("."))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const folders = foldersOf(usable.map(({ path }) => path));
  const chosen = sampledIndices(usable.length, MOST_EXAMPLES);
  const examples = chosen.map((i) => ({
    id: usable[i].path,
    file: usable[i].file,
    ...(folders[i] !== undefined && { folder: folders[i] }),
  }));
  return {
    name: `${usable.length} files`,
    examples: await known(examples),
    all: usable.length,
    others: files.length - usable.length,
  };
}

/** The folder of each path below what all have in common; undefined for files that are in none. */
export function foldersOf(paths: readonly string[]): readonly (string | undefined)[] {
  const split = paths.map((path) => path.split("/").slice(0, -1));
  let common = split[0] ?? [];
  for (const folders of split) {
    const end = common.findIndex((name, i) => name !== folders[i]);
    if (end >= 0) common = common.slice(0, end);
  }
  return split.map((folders) => folders.at(common.length));
}

/** Examples that are got at the same time. */
const AT_ONCE = 4;

/**
 * Gets the examples that a run was tested on from the studio's server, evenly chosen where they are too many.
 * @param tell is told how many are there
 * @throws an error with the server's reason where one cannot be got
 */
export async function setOfRun(
  { name }: ServedRun,
  tested: readonly TestedExample[],
  tell: (done: number, all: number) => void,
  signal: AbortSignal,
): Promise<ExampleSet> {
  const chosen = sampledIndices(tested.length, MOST_EXAMPLES).map((i) => tested[i]);
  const files = new Array<Blob>(chosen.length);
  let next = 0;
  let done = 0;
  const take = async (): Promise<void> => {
    while (next < chosen.length) {
      const i = next++;
      files[i] = await fetchExample(chosen[i], signal);
      tell(++done, chosen.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
  const examples = chosen.map(({ id, truth, start, end }, i) => ({ id, truth, start, end, file: files[i] }));
  return {
    name: `the test part of ${name}`,
    examples: await known(examples),
    all: tested.length,
    others: 0,
  };
}

interface Unknown extends Omit<SetExample, "part"> {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** Hands files to the session, in place of the set before. */
async function known(examples: readonly Unknown[]): Promise<readonly SetExample[]> {
  const paths = examples.map(({ id }, i) => `${i}/${id.slice(id.lastIndexOf("/") + 1)}`);
  const folder = await theSession().openFiles(
    "set",
    examples.map(({ file }, i) => ({ path: paths[i], file })),
  );
  return examples.map(({ start, end, ...example }, i) => ({
    ...example,
    part: {
      path: `${folder}/${paths[i]}`,
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
    },
  }));
}
