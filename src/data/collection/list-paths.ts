/**
 * @file Files whose paths a list writes otherwise than the disk: with the separators of Windows, in quotes, as
 * addresses, with letters composed differently, as macOS does. Browser-safe.
 */

import { fileURLToPath } from "#here/io/file-url";
import { join, parse, relative, resolve, sep } from "#here/io/path";
import { store } from "#here/io/store/store";
import type { Candidate } from "./files.ts";

/** A path of a list, and where it would be were it written as the disk has it. */
export interface ListedPath extends Candidate {
  readonly given: string;
}

/** A way to write a path that is understood, and a path that is written so. */
interface Spelling {
  readonly how: string;
  readonly path: string;
}

type KeyOf = (name: string) => string;

/** Letters with accents may be one character or two: systems differ in what they write. */
const COMPOSED: KeyOf = (name) => name.normalize("NFC");

const WITHOUT_CASE: KeyOf = (name) => name.normalize("NFC").toLowerCase();

/** Absolute on Windows: a drive, or a computer in the network. */
const WINDOWS_ABSOLUTE = /^(?:[a-z]:[\\/]|\\\\)/i;

export class ListedFiles {
  private readonly folder: string;
  private readonly names = new Map<string, Promise<FolderNames | undefined>>();
  /** By way of writing: how many paths were found so, and the first of them. */
  private readonly found = new Map<string, { count: number; readonly example: string }>();

  /** @param folder that paths are relative to, absolute */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** As the list has it. */
  listed(given: string): ListedPath {
    const path = resolve(this.folder, given);
    return { given, path, name: this.nameOf(path) };
  }

  /** The file that is meant by a path where there is none, or why there is nothing, in words. */
  async find({ given }: ListedPath): Promise<Candidate | string> {
    const spellings = spellingsOf(given);
    for (const { how, path } of spellings) {
      const walked = await this.walk(path, COMPOSED);
      if (walked === undefined) continue;
      const hows = [how, walked.isExact ? "" : "a different Unicode composition"].filter((one) => one !== "");
      this.count(hows.join(" and "), given);
      return { path: walked.path, name: this.nameOf(walked.path) };
    }
    return this.describeMissing(given, spellings[spellings.length - 1].path);
  }

  /** Describes how the paths found were read differently from how the list writes them, one sentence for each way. */
  notes(): string[] {
    return [...this.found].map(
      ([how, { count, example }]) =>
        `${count} ${count === 1 ? "path is" : "paths are"} read with ${how}, such as "${example}"`,
    );
  }

  private nameOf(path: string): string {
    return relative(this.folder, path).split(sep).join("/");
  }

  private count(how: string, example: string): void {
    const known = this.found.get(how);
    if (known) known.count++;
    else this.found.set(how, { count: 1, example });
  }

  private async describeMissing(given: string, path: string): Promise<string> {
    const isWindows = WINDOWS_ABSOLUTE.test(given) && sep === "/";
    const what = isWindows
      ? "no such file: it is a path on a Windows computer, and paths must be relative to the list"
      : "no such file";
    const otherCase = isWindows ? undefined : await this.walk(path, WITHOUT_CASE);
    if (otherCase) return `${what}; did you mean ${this.shown(otherCase.path)}? Upper and lower case differ.`;
    // A list that was written for another place: the end of its paths may be right here.
    const parts = path.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
    for (let first = 1; first < parts.length; first++) {
      const end = await this.walk(parts.slice(first).join("/"), COMPOSED);
      if (end) return `${what}; did you mean ${this.shown(end.path)}?`;
    }
    return what;
  }

  private shown(path: string): string {
    return JSON.stringify(this.nameOf(path));
  }

  /**
   * Goes down a path with `/`, taking at each step the entry of that name or the one entry of equal key.
   * @returns undefined where there is none, or several
   */
  private async walk(
    path: string,
    keyOf: KeyOf,
  ): Promise<{ readonly path: string; readonly isExact: boolean } | undefined> {
    const { root } = parse(path);
    let at = resolve(this.folder, root);
    let isExact = true;
    for (const part of path.slice(root.length).split("/")) {
      if (part === "" || part === ".") continue;
      if (part === "..") {
        at = resolve(at, "..");
        continue;
      }
      const names = await this.namesIn(at);
      let name: string | undefined = part;
      if (names && !names.all.has(part)) {
        name = names.only(keyOf(part), keyOf);
        isExact = false;
      }
      if (name === undefined) return undefined;
      at = join(at, name);
    }
    // Folders that cannot be listed are gone through by name.
    const isThere = await store.look(at).then(
      ({ kind }) => kind !== "folder",
      // A link to nothing is there all the same.
      () => store.isLink(at),
    );
    return isThere ? { path: at, isExact } : undefined;
  }

  private namesIn(folder: string): Promise<FolderNames | undefined> {
    const known = this.names.get(folder);
    if (known) return known;
    const names = store.list(folder).then(
      (all) => new FolderNames(all.map(({ name }) => name)),
      () => undefined,
    );
    this.names.set(folder, names);
    return names;
  }
}

/** The entries of a folder, found by what their names have in common. */
class FolderNames {
  readonly all: ReadonlySet<string>;
  private readonly byKey = new Map<KeyOf, Map<string, string | undefined>>();

  constructor(names: readonly string[]) {
    this.all = new Set(names);
  }

  /** The one name with this key; undefined where there is none, or several. */
  only(key: string, keyOf: KeyOf): string | undefined {
    let names = this.byKey.get(keyOf);
    if (!names) {
      names = new Map();
      for (const name of this.all) names.set(keyOf(name), names.has(keyOf(name)) ? undefined : name);
      this.byKey.set(keyOf, names);
    }
    return names.get(key);
  }
}

/** Lists the paths that a written path may stand for, likeliest first, separated by `/`; the first is the path as given. */
function spellingsOf(given: string): Spelling[] {
  const spellings: Spelling[] = [{ how: "", path: given }];
  const add = (how: string, change: (path: string) => string) => {
    const last = spellings[spellings.length - 1];
    const path = change(last.path);
    if (path !== last.path)
      spellings.push({ how: [last.how, how].filter((one) => one !== "").join(" and "), path });
  };
  add("spaces around them left out", (path) => path.trim());
  add("their quotes left out", (path) => path.replace(/^(["'])(.+)\1$/, "$2"));
  add("their addresses as paths", pathOfUrl);
  if (sep === "/") add("\\ as /", (path) => path.replaceAll("\\", "/"));
  add("their percent codes as letters", decoded);
  return sep === "/"
    ? spellings
    : spellings.map(({ how, path }) => ({ how, path: path.replaceAll(sep, "/") }));
}

function pathOfUrl(path: string): string {
  if (!/^file:/i.test(path)) return path;
  try {
    return fileURLToPath(path);
  } catch {
    return path;
  }
}

function decoded(path: string): string {
  if (!/%[0-9a-f]{2}/i.test(path)) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
