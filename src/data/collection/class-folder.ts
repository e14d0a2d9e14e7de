/** @file A folder with a folder of files for each class. Browser-safe. */

import { basename, join, relative, sep } from "#here/io/path";
import { AuricleError } from "../../errors.ts";
import { findFiles, type FoundFile, type FoundFiles } from "./files.ts";
import { buildCollection } from "./build.ts";
import type { Entry } from "./entry.ts";
import type { Collection, Example, FileProblem } from "./collection.ts";
import type { Medium } from "./medium.ts";
import { splitRoleOf } from "./split-role.ts";
import type { MediumWords } from "./words.ts";

/**
 * Reads a folder in which each folder is a class, named by it, with files of the medium in it or in folders in it. Where the
 * folders are called train, validation and test (or valid, val, dev, training, testing) and hold the class folders,
 * that split is taken. Files in no class folder are problems; those that are not of the medium by their extension are counted.
 * @throws AuricleError "data" when there are no files of the medium or only one class.
 */
export async function readClassFolder<E extends Example>(
  folder: string,
  medium: Medium<object, E>,
): Promise<Collection<E>> {
  const found = await findFiles(folder, medium);
  const hasSplit = isSplitByFolder(found.files);
  const depth = hasSplit ? 2 : 1;
  const problems: FileProblem[] = [...found.problems];
  const entries: Entry[] = [];
  for (const file of found.files) {
    const folders = foldersOf(file.name);
    if (folders.length < depth) {
      problems.push({ path: file.path, problem: "it is not in a class folder" });
      continue;
    }
    const split = hasSplit ? splitRoleOf(folders[0]) : undefined;
    entries.push({
      name: file.name,
      path: file.path,
      group: file.sameAs,
      labels: [folders[depth - 1]],
      ...(split && { split }),
    });
  }
  // A file that cannot be used was to be of a class all the same, and may have been its only one.
  const lost = found.problems.flatMap(({ path }): Entry[] => {
    const name = relative(folder, path).split(sep).join("/");
    const folders = foldersOf(name);
    return folders.length < depth ? [] : [{ name, path, labels: [folders[depth - 1]] }];
  });
  const classes = new Set([...entries, ...lost].map(({ labels }) => labels?.[0]));
  if (entries.length === 0 || classes.size < 2) throw tooFewClasses(folder, found, entries, medium.words);
  return buildCollection(medium, {
    name: basename(folder),
    folder,
    task: "classification",
    entries,
    lost,
    problems,
    notes: describeOthers(found.others, medium.words),
  });
}

function foldersOf(name: string): string[] {
  return name.split("/").slice(0, -1);
}

/** Whether the upper folders are the parts of a split, training among them, and the classes are in these. */
function isSplitByFolder(files: readonly FoundFile[]): boolean {
  const roles = new Set<string | undefined>();
  for (const { name } of files) {
    const folders = foldersOf(name);
    // A file that lies beside all folders is a fault of its own.
    if (folders.length === 0) continue;
    if (folders.length === 1) return false;
    roles.add(splitRoleOf(folders[0]));
  }
  return !roles.has(undefined) && roles.has("train") && roles.size > 1;
}

export function describeOthers(others: number, { content }: MediumWords): string[] {
  if (others === 0) return [];
  return [
    `${others} ${others === 1 ? "file that is" : "files that are"} not ${content} by the extension left out`,
  ];
}

function tooFewClasses(
  folder: string,
  found: FoundFiles,
  entries: readonly Entry[],
  { files }: MediumWords,
): AuricleError {
  const layout = `it must contain a folder of ${files} for each class`;
  if (found.files.length === 0) {
    const [first] = found.problems;
    const reason = first
      ? `none of its ${found.problems.length} ${files} can be used; the first, ${first.path}: ${first.problem}`
      : `it contains no ${files}${found.others > 0 ? `, only ${found.others} other files` : ""}`;
    return new AuricleError("data", `${folder}: ${reason}; ${layout}`);
  }
  if (entries.length === 0) {
    return new AuricleError(
      "data",
      `${folder}: its ${found.files.length} ${files} are not in class folders; ${layout}`,
    );
  }
  const [className] = entries[0].labels ?? [];
  const inner = new Set(entries.map(({ name }) => name.split("/").slice(1, -1)[0]));
  const hint = inner.size > 1 ? `. Or did you mean ${join(folder, className)}?` : "";
  return new AuricleError(
    "data",
    `${folder}: all ${entries.length} ${files} are of one class, "${className}"; ${layout}, and at least two ` +
      `classes${hint}`,
  );
}
