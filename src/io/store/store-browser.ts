/**
 * @file A browser's storage for the site, and below `/opened` the files that a page has opened, which can only be read.
 * `store-node.ts` is the same for Node.js.
 *
 * The storage is the origin private file system, in its folder `auricle`. A file is written there into one beside it, which
 * the browser puts into its place when it is whole.
 */

import { basename, dirname } from "#here/io/path";
import { HandleFolder, OPENED, openedFolders, type ReadableFolder } from "./opened-files-browser.ts";
import { StorageError, storageError } from "./storage-error.ts";
import type { OpenedFile, Store, StoredEntry, StoredFacts } from "./store.ts";

/** Files up to this size are read at once: asking a browser for a part takes longer than the part. */
const READ_AT_ONCE = 2 ** 24;

const FOLDER = "auricle";

export const store: Store = {
  async read(path) {
    return new Uint8Array(await (await fileAt(path)).arrayBuffer());
  },

  async open(path) {
    return openedFile(await fileAt(path));
  },

  writeAtomic: (path, data) => write(path, data, false),
  append: (path, text) => write(path, text, true),

  async list(path) {
    const folder = await folderAt(path);
    const entries: StoredEntry[] = [];
    try {
      for await (const [name, kind] of folder.entries()) entries.push({ name, kind });
    } catch (error) {
      rethrow(error);
    }
    return entries;
  },

  look,

  async checkReadable(path) {
    await look(path);
  },

  isLink: () => Promise.resolve(false),

  async makeFolder(path) {
    await ownFolder(path, true);
  },

  async makeNewFolder(path) {
    const isThere = await look(path).then(
      () => true,
      () => false,
    );
    if (isThere) throw new StorageError("EEXIST", path);
    await ownFolder(path, true);
  },

  async rename(from, to) {
    const folder = await ownFolder(dirname(to), false);
    const handle = await fileHandle(from, false);
    if (isMovable(handle)) return handle.move(folder, basename(to)).catch(rethrow);
    await store.duplicate(from, to);
    await store.remove(from);
  },

  async remove(path) {
    try {
      await (await ownFolder(dirname(path), false)).removeEntry(basename(path), { recursive: true });
    } catch (error) {
      const own = storageError(error, "ENOTDIR");
      if (!(own instanceof StorageError) || own.code !== "ENOENT") throw own;
    }
  },

  async duplicate(from, to) {
    await store.writeAtomic(to, await store.read(from));
  },

  cacheFolder: () => "/cache",
};

function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "");
}

/** @throws StorageError "ENOENT", or "ENOTDIR" where a file is in the way. */
async function folderAt(path: string): Promise<ReadableFolder> {
  const [first, ...names] = namesOf(path);
  if (first !== OPENED) return new HandleFolder(await ownFolder(path, false));
  let folder = openedFolders;
  for (const name of names) folder = await folder.folder(name).catch(rethrow);
  return folder;
}

async function fileAt(path: string): Promise<File> {
  const folder = await folderAt(dirname(path));
  return folder.file(basename(path)).catch((error: unknown) => {
    throw storageError(error, "EISDIR");
  });
}

/** A folder of the storage, which can be written. @param create whether it is made, with those above it */
async function ownFolder(path: string, create: boolean): Promise<FileSystemDirectoryHandle> {
  const names = namesOf(path);
  if (names[0] === OPENED) throw new StorageError("EROFS", path);
  try {
    const root = await navigator.storage.getDirectory();
    let folder = await root.getDirectoryHandle(FOLDER, { create: true });
    for (const name of names) folder = await folder.getDirectoryHandle(name, { create });
    return folder;
  } catch (error) {
    throw storageError(error, "ENOTDIR");
  }
}

async function fileHandle(path: string, create: boolean): Promise<FileSystemFileHandle> {
  const folder = await ownFolder(dirname(path), false);
  return folder.getFileHandle(basename(path), { create }).catch((error: unknown) => {
    throw storageError(error, "EISDIR");
  });
}

/** Writes into a stream, which takes the file's place when it is closed, and not before. */
async function write(path: string, data: string | Uint8Array, keepExistingData: boolean): Promise<void> {
  const handle = await fileHandle(path, true);
  try {
    const stream = await handle.createWritable({ keepExistingData });
    try {
      if (keepExistingData) await stream.seek((await handle.getFile()).size);
      await stream.write(typeof data === "string" ? data : new Uint8Array(data));
    } catch (error) {
      await stream.abort();
      throw error;
    }
    await stream.close();
  } catch (error) {
    throw storageError(error, "EISDIR");
  }
}

async function look(path: string): Promise<StoredFacts> {
  const isRoot = namesOf(path).length === 0;
  const file = await (isRoot ? Promise.resolve(undefined) : fileAt(path)).catch(async (error: unknown) => {
    if (!(error instanceof StorageError) || error.code !== "EISDIR") throw error;
    return undefined;
  });
  const [bytes, modified] = file ? [file.size, file.lastModified] : [0, 0];
  return {
    kind: file ? "file" : "folder",
    bytes,
    modified,
    changed: modified,
    signature: `${bytes} ${modified}`,
    identity: path,
  };
}

async function openedFile(file: File): Promise<OpenedFile> {
  const whole = file.size <= READ_AT_ONCE ? new Uint8Array(await file.arrayBuffer()) : undefined;
  return {
    size: file.size,
    async read(offset, length) {
      if (whole) return whole.subarray(offset, offset + length);
      return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
    },
    close: () => Promise.resolve(),
  };
}

/** Files of this storage can be moved; TypeScript does not know. */
interface MovableHandle extends FileSystemFileHandle {
  move(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
}

function isMovable(handle: FileSystemFileHandle): handle is MovableHandle {
  return "move" in handle;
}

function rethrow(error: unknown): never {
  throw storageError(error, "ENOTDIR");
}
