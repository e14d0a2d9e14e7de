/**
 * @file The files that a program keeps and reads: `store-node.ts` is the file system of the machine, `store-browser.ts` a
 * browser's storage for the site with the files that a page has opened. Browser-safe.
 *
 * Paths are those of `#here/io/path`. Everything here throws errors of the system, with a code such as "ENOENT"; `fileError`
 * puts them into words.
 */

/** An entry of a folder. */
export interface StoredEntry {
  readonly name: string;
  /** "other": a pipe, a socket or a device. */
  readonly kind: "file" | "folder" | "link" | "other";
}

/** The facts about a file or a folder, behind links. */
export interface StoredFacts {
  readonly kind: "file" | "folder" | "other";
  /** The size in bytes. */
  readonly bytes: number;
  /** When its content was changed last, in milliseconds since the epoch. */
  readonly modified: number;
  /** When content or attributes were changed last, in milliseconds since the epoch. */
  readonly changed: number;
  /** The same text as long as size and times are the same. */
  readonly signature: string;
  /** The same text for two paths that lead to the same file. */
  readonly identity: string;
}

/** A file that is open for reading. */
export interface OpenedFile {
  /** The size in bytes when it was opened. */
  readonly size: number;
  /** The bytes from `offset` on: `length` of them, or fewer where the file ends before. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface Store {
  /** The whole content of a file. */
  read(path: string): Promise<Uint8Array>;
  open(path: string): Promise<OpenedFile>;
  /**
   * Writes a file whole or not at all. A read of `path` meanwhile, or after a crash or a power failure, finds the old content
   * or the new; once this has returned, the new.
   */
  writeAtomic(path: string, data: string | Uint8Array): Promise<void>;
  /** Adds text to the end of a file, which it makes if need be, and sees that it outlasts a power failure. */
  append(path: string, text: string): Promise<void>;
  list(folder: string): Promise<StoredEntry[]>;
  look(path: string): Promise<StoredFacts>;
  /** Whether a file may be read by its owner and mode. @throws where it may not. */
  checkReadable(path: string): Promise<void>;
  /** Whether there is a link of that name, whatever it leads to. */
  isLink(path: string): Promise<boolean>;
  /** Makes a folder and those above it, which outlast a power failure; one that is there stays. */
  makeFolder(path: string): Promise<void>;
  /** Makes one folder. @throws with the code "EEXIST" where something of that name is there. */
  makeNewFolder(path: string): Promise<void>;
  /** Replaces what has the new name. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with all in it; nothing where there is none. */
  remove(path: string): Promise<void>;
  /** Gives a file a second name, which goes on naming this content when the first one names another. */
  duplicate(from: string, to: string): Promise<void>;
  /** The folder for what can be made again. */
  cacheFolder(): string;
}
