/**
 * @file A run's split.json: which recording is in which part, how it came there, and what was in the recordings' files. So a
 * run goes on, and is evaluated, with the very same parts. Browser-safe.
 */

import { basename, join, relative, sep } from "#here/io/path";
import * as z from "zod/mini";
import type { Collection, Example, SplitParts as Parts, SplitReport } from "../data/audio/index.ts";
import { AuricleError } from "../errors.ts";
import { checkValue } from "../io/check-value.ts";
import { readJson, writeJson } from "./json-file.ts";
import { exists } from "./run-folder.ts";
import type { ExampleStore } from "./run-kind.ts";

const SPLIT_NAME = "split.json";

const counts = z.strictObject({ train: z.int(), validation: z.int(), test: z.int() });

const part = z.strictObject({ clips: z.int(), groups: z.int(), byClass: z.array(z.int()) });

const splitFile = z.strictObject({
  report: z.strictObject({
    origin: z.enum(["official", "fold", "random"]),
    fold: z.optional(z.int()),
    method: z.string(),
    seed: z.int(),
    parts: z.strictObject({ train: part, validation: part, test: part }),
    known: z.optional(z.strictObject({ train: z.int(), validation: z.int() })),
    leaks: z.array(
      z.strictObject({
        kind: z.enum(["group", "recording", "duplicate", "known"]),
        what: z.string(),
        clips: counts,
      }),
    ),
    warnings: z.array(z.string()),
  }),
  /** The ids of the examples. */
  parts: z.strictObject({
    train: z.array(z.string()),
    validation: z.array(z.string()),
    test: z.array(z.string()),
  }),
  /** SHA-256 of each recording's file, by its path below the collection's folder; absent in early runs. */
  contents: z.optional(z.record(z.string(), z.string())),
});

export interface RecordedSplit {
  readonly report: SplitReport;
  readonly parts: Parts<Example>;
}

/** Tells the content of an example's file. */
export type ContentOf = (example: Example) => string;

export function fileContentOf(store: Pick<ExampleStore, "content" | "fileContent">): ContentOf {
  return (example) => store.fileContent?.(example) ?? store.content(example);
}

/** @throws AuricleError "file" when it cannot be written. */
export async function writeSplit(
  folder: string,
  { report, parts }: RecordedSplit,
  collection: Pick<Collection, "folder">,
  contentOf: ContentOf,
): Promise<void> {
  const ids = (examples: readonly Example[]) => examples.map(({ id }) => id);
  const { train, validation, test } = parts;
  await writeJson(join(folder, SPLIT_NAME), {
    report,
    parts: { train: ids(train), validation: ids(validation), test: ids(test) },
    contents: Object.fromEntries(
      [...train, ...validation, ...test].map((example) => [
        fileName(example, collection),
        contentOf(example),
      ]),
    ),
  });
}

/** The path of an example's file below its collection's folder, with `/`; of an archive, its name alone. */
export function fileName({ path, index }: Example, { folder }: Pick<Collection, "folder">): string {
  if (index !== undefined) return basename(path);
  return relative(folder, path).replaceAll(sep, "/");
}

async function readSplitFile(folder: string) {
  const path = join(folder, SPLIT_NAME);
  const result = checkValue(splitFile, await readJson(path));
  if (result.success) return result.data;
  throw new AuricleError(
    "file",
    `${path}: not a split that this version of Auricle reads:\n${result.problem}`,
  );
}

/** A file of the training or the validation part. */
export interface HeardFile {
  /** Its path below the collection's folder, with `/`. */
  readonly name: string;
  /** SHA-256, hexadecimal. */
  readonly content: string;
  readonly role: "train" | "validation";
}

/**
 * The files of the training and validation parts, without looking at the recordings.
 * @returns `isComplete` is false where the contents of some are not known
 * @throws AuricleError "file" when it cannot be read.
 */
export async function readSplitContents(
  folder: string,
): Promise<{ readonly files: readonly HeardFile[]; readonly isComplete: boolean }> {
  if (!(await exists(join(folder, SPLIT_NAME)))) return { files: [], isComplete: false };
  const { parts, contents = {} } = await readSplitFile(folder);
  let isComplete = true;
  const files = (["train", "validation"] as const).flatMap((role) =>
    parts[role].flatMap((id): HeardFile[] => {
      // A part of a file has its seconds behind the name.
      const name = [id, id.replace(/#[^#]*$/, "")].find((one) => Object.hasOwn(contents, one));
      if (name !== undefined) return [{ name, content: contents[name], role }];
      isComplete = false;
      return [];
    }),
  );
  return { files, isComplete };
}

/** A split that a run began with, and what has become of its recordings. */
export interface FoundSplit extends RecordedSplit {
  /** Files with another content than then, by their paths below the collection's folder. */
  readonly changed: readonly string[];
}

/**
 * The split that a run began with, of the same collection read again.
 * @throws AuricleError "file" when it cannot be read, "data" when recordings of it are gone.
 */
export async function readSplit(
  folder: string,
  collection: Collection,
  contentOf: ContentOf,
): Promise<FoundSplit> {
  const { report, parts: ids, contents = {} } = await readSplitFile(folder);
  const examples = new Map(collection.examples.map((example) => [example.id, example]));
  const find = (ids: readonly string[]) =>
    ids.map((id) => {
      const example = examples.get(id);
      if (example) return example;
      throw new AuricleError(
        "data",
        `${collection.folder}: the ${collection.words.file} ${JSON.stringify(id)} used by the run is missing or can no longer be ` +
          "read; restore it or start a new run",
      );
    });
  const parts = { train: find(ids.train), validation: find(ids.validation), test: find(ids.test) };
  const changed = new Set<string>();
  for (const example of Object.values(parts).flat()) {
    const name = fileName(example, collection);
    if (Object.hasOwn(contents, name) && contents[name] !== contentOf(example)) changed.add(name);
  }
  return { report, parts, changed: [...changed] };
}

/** Files that a message names. */
const NAMED = 5;

/** "a.wav, b.wav and 3 more have another content than when the run began". */
export function describeChanged(changed: readonly string[]): string {
  const named = changed.slice(0, NAMED).map((name) => JSON.stringify(name));
  const others = changed.length - named.length;
  const list = others > 0 ? `${named.join(", ")} and ${others} more` : named.join(", ");
  return `${list} ${changed.length === 1 ? "has" : "have"} changed since the run began`;
}
