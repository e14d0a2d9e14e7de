/** @file Finds files of a medium in folders and looks whether they can be read. Nothing is decoded. Browser-safe. */

import { join } from "#here/io/path";
import { store } from "#here/io/store/store";
import { errorCode } from "../../io/atomic-file.ts";
import type { FileProblem } from "./collection.ts";

/** A file that can be read. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  /** Absolute: as it was looked for, which a list may have written otherwise. */
  readonly askedFor: string;
  /** The path below the folder that was searched, with `/`. */
  readonly name: string;
  /** The name of the first file found that is the same one on the disk, by links; mostly its own. */
  readonly sameAs: string;
}

export interface FoundFiles {
  /** In the order of their names. */
  readonly files: readonly FoundFile[];
  /** Files of the medium that cannot be read, also those in formats that cannot be decoded, and folders. */
  readonly problems: readonly FileProblem[];
  /** How many files were passed over since they are none of the medium by their extension. */
  readonly others: number;
}

/** The extensions that tell the files of a medium from others. */
export interface FileKind {
  hasExtension(name: string): boolean;
  /**
   * Describes the problem of a file whose extension is none of the medium's: that it is of the medium all the same, in a format
   * that cannot be decoded, or under another name. @returns undefined for anything else
   */
  foreignProblem(path: string): Promise<string | undefined>;
}

/**
 * Whether an entry of a folder is none of the data: dot-files, among them the `._name` twins that macOS writes beside
 * files on other file systems (AppleDouble), and the folder in which its archives keep those.
 */
export function isHidden(name: string): boolean {
  return name.startsWith(".") || name === "__MACOSX";
}

/** How many files are looked at at once. */
const AT_ONCE = 32;

/** All files of a medium in a folder and the folders in it. Symbolic links are followed, but never in a circle. */
export async function findFiles(folder: string, kind: FileKind): Promise<FoundFiles> {
  const names: string[] = [];
  const problems: FileProblem[] = [];
  const passed: string[] = [];
  const walk = async (path: string, prefix: string, above: readonly string[]): Promise<void> => {
    let entries;
    try {
      entries = await store.list(path);
    } catch (cause) {
      problems.push({ path, problem: `the folder cannot be read: ${reasonOf(cause)}` });
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (isHidden(entry.name)) continue;
      const child = join(path, entry.name);
      const isOfKind = kind.hasExtension(entry.name);
      const folderKey =
        entry.kind === "folder" || entry.kind === "link" ? await keyOfFolder(child) : undefined;
      if (folderKey !== undefined) {
        if (!above.includes(folderKey)) await walk(child, `${prefix}${entry.name}/`, [...above, folderKey]);
      } else if (isOfKind) names.push(`${prefix}${entry.name}`);
      else passed.push(child);
    }
  };
  await walk(folder, "", [(await keyOfFolder(folder)) ?? ""]);
  const checked = await checkFiles(names.map((name) => ({ name, path: join(folder, name) })));
  const foreign = await findForeign(passed, kind);
  const others = passed.length - foreign.length;
  return { files: checked.files, problems: [...problems, ...checked.problems, ...foreign], others };
}

/** Those of the files that are of the medium all the same. */
async function findForeign(paths: readonly string[], kind: FileKind): Promise<FileProblem[]> {
  const problems: FileProblem[] = [];
  for (let start = 0; start < paths.length; start += AT_ONCE) {
    const some = paths.slice(start, start + AT_ONCE);
    const found = await Promise.all(some.map((path) => kind.foreignProblem(path)));
    found.forEach((problem, i) => {
      if (problem !== undefined) problems.push({ path: some[i], problem });
    });
  }
  return problems;
}

/** A file that is looked at. */
export interface Candidate {
  readonly name: string;
  readonly path: string;
}

/**
 * Sorts files into those that can be read and those that cannot.
 * @param findMissing is asked where else a file might be that is not there, or what to say about it
 */
export async function checkFiles<T extends Candidate>(
  candidates: readonly T[],
  findMissing: (candidate: T) => Promise<Candidate | string | undefined> = () => Promise.resolve(undefined),
): Promise<Omit<FoundFiles, "others">> {
  const lookFor = async (candidate: T) => {
    const found = await lookAt(candidate.path);
    const { name, path } = candidate;
    if (!("isMissing" in found)) return { ...found, name, path };
    const elsewhere = await findMissing(candidate);
    if (typeof elsewhere === "string") return { problem: elsewhere, name, path };
    if (!elsewhere) return { problem: found.problem, name, path };
    return { ...(await lookAt(elsewhere.path)), name: elsewhere.name, path: elsewhere.path };
  };
  const files: FoundFile[] = [];
  const problems: FileProblem[] = [];
  const firstOfKey = new Map<string, string>();
  for (let start = 0; start < candidates.length; start += AT_ONCE) {
    const some = candidates.slice(start, start + AT_ONCE);
    const results = await Promise.all(some.map(lookFor));
    results.forEach((result, i) => {
      const { name, path } = result;
      if ("problem" in result) {
        problems.push({ path: some[i].path, problem: result.problem });
        return;
      }
      const first = firstOfKey.get(result.key);
      if (first === undefined) firstOfKey.set(result.key, name);
      files.push({ askedFor: some[i].path, path, name, sameAs: first ?? name });
    });
  }
  return { files, problems };
}

type Look =
  | { readonly key: string }
  | { readonly problem: string }
  /** There is nothing of that name. */
  | { readonly problem: string; readonly isMissing: true };

async function lookAt(path: string): Promise<Look> {
  try {
    const { kind, bytes, identity } = await store.look(path);
    if (kind !== "file") return { problem: "it is not a file" };
    await store.checkReadable(path);
    return bytes === 0 ? { problem: "empty file (0 bytes)" } : { key: identity };
  } catch (cause) {
    const code = errorCode(cause);
    if (code !== "ENOENT" && code !== "ENOTDIR") return { problem: reasonOf(cause) };
    return (await store.isLink(path))
      ? { problem: "a broken symbolic link" }
      : { problem: "no such file", isMissing: true };
  }
}

async function keyOfFolder(path: string): Promise<string | undefined> {
  try {
    const { kind, identity } = await store.look(path);
    return kind === "folder" ? identity : undefined;
  } catch {
    // A link to nothing, or in a circle: as a file it gets its message.
    return undefined;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "its symbolic links form a loop",
  ENAMETOOLONG: "its name is too long for the file system",
};

function reasonOf(cause: unknown): string {
  const code = errorCode(cause);
  if (code && code in REASONS) return REASONS[code];
  return cause instanceof Error ? cause.message : String(cause);
}
