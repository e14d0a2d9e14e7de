/** @file The files and folders that a page has opened, as folders of a tree below `/opened`. For browsers only. */

import { AuricleError } from "../../errors.ts";
import type { PageFile, PageFiles } from "./page-files.ts";
import { StorageError } from "./storage-error.ts";
import { shownValue } from "../../shown-value.ts";

/** A folder that can be read. */
export interface ReadableFolder {
  entries(): AsyncIterable<readonly [name: string, kind: "file" | "folder"]>;
  /** @throws an error of the system, as all of these. */
  folder(name: string): Promise<ReadableFolder>;
  file(name: string): Promise<File>;
}

/** The folder that all opened ones are in. */
export const OPENED = "opened";

const roots = new Map<string, ReadableFolder>();

/**
 * Opens files under a name, in place of those that had it.
 * @returns the path of the folder that they are in
 * @throws AuricleError "argument" for a name or a path that is none.
 */
export function openFiles(name: string, files: PageFiles): string {
  if (!isName(name)) throw wrongPath(name);
  roots.set(name, "entries" in files && "kind" in files ? new HandleFolder(files) : new FileTree(files));
  return `/${OPENED}/${name}`;
}

/** The folder of all that is opened. */
export const openedFolders: ReadableFolder = {
  async *entries() {
    for (const name of roots.keys()) yield [name, "folder"] as const;
  },
  async folder(name) {
    const found = roots.get(name);
    if (found) return found;
    throw new StorageError("ENOENT", `${name} is not opened: open its files again`);
  },
  async file(name) {
    throw new StorageError(roots.has(name) ? "EISDIR" : "ENOENT", name);
  },
};

function isName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("/");
}

function wrongPath(path: string): AuricleError {
  return new AuricleError(
    "argument",
    `opened files: each needs a path below its folder, such as "kick/1.wav"; got ${shownValue(path)}`,
  );
}

/** A folder of the browser's. */
export class HandleFolder implements ReadableFolder {
  readonly handle: FileSystemDirectoryHandle;

  constructor(handle: FileSystemDirectoryHandle) {
    this.handle = handle;
  }

  async *entries(): AsyncGenerator<readonly [string, "file" | "folder"]> {
    for await (const [name, { kind }] of this.handle.entries()) {
      yield [name, kind === "file" ? "file" : "folder"];
    }
  }

  async folder(name: string): Promise<HandleFolder> {
    return new HandleFolder(await this.handle.getDirectoryHandle(name));
  }

  async file(name: string): Promise<File> {
    return (await this.handle.getFileHandle(name)).getFile();
  }
}

/** Files of a page by their paths. */
class FileTree implements ReadableFolder {
  private readonly children = new Map<string, FileTree | File>();

  constructor(files: readonly PageFile[]) {
    for (const { path, file } of files) {
      const names = path.split("/");
      const name = names.pop() ?? "";
      if (![...names, name].every(isName)) throw wrongPath(path);
      const content = file instanceof File ? file : new File([file], name);
      if (!this.below(names).add(name, content)) throw wrongPath(path);
    }
  }

  async *entries(): AsyncGenerator<readonly [string, "file" | "folder"]> {
    for (const [name, child] of this.children) yield [name, child instanceof File ? "file" : "folder"];
  }

  async folder(name: string): Promise<ReadableFolder> {
    const child = this.children.get(name);
    if (child instanceof FileTree) return child;
    throw new StorageError(child ? "ENOTDIR" : "ENOENT", name);
  }

  async file(name: string): Promise<File> {
    const child = this.children.get(name);
    if (child instanceof File) return child;
    throw new StorageError(child ? "EISDIR" : "ENOENT", name);
  }

  private below([first, ...names]: readonly string[]): FileTree {
    if (first === undefined) return this;
    const next = this.children.get(first) ?? new FileTree([]);
    if (next instanceof File) throw wrongPath(first);
    this.children.set(first, next);
    return next.below(names);
  }

  private add(name: string, file: File): boolean {
    if (this.children.has(name)) return false;
    this.children.set(name, file);
    return true;
  }
}
