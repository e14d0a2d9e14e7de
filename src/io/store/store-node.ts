/** @file The file system of the machine. Node only; `store-browser.ts` is the same for browsers. */

import fs, { constants } from "node:fs";
import {
  access,
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import type { Dirent } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import envPaths from "env-paths";
import replaceFile from "write-file-atomic";
import type { OpenedFile, Store, StoredEntry, StoredFacts } from "./store.ts";

export const store: Store = {
  async read(path) {
    // No Buffer, whose slices share memory.
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  },

  open: openFile,

  /** The mode and owner of an existing file stay, and a symbolic link stays one. */
  async writeAtomic(path, data) {
    // write-file-atomic calls fs.write once and does not look how much was written, so on a disk that is almost
    // full it would put a truncated file in place. Hence the content is written in its hook, which it awaits, by
    // FileHandle.writeFile, which goes on until everything is written or fails.
    await replaceFile(path, "", {
      tmpfileCreated: async (temporary: string) => {
        const file = await open(temporary, "r+");
        try {
          await file.writeFile(data);
        } finally {
          await file.close();
        }
      },
    });
    await flushFolder(dirname(path));
  },

  async append(path, text) {
    const file = await open(path, "a");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  },

  async list(folder) {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.map((entry): StoredEntry => ({ name: entry.name, kind: kindOf(entry) }));
  },

  look,
  checkReadable: (path) => access(path, constants.R_OK),

  isLink: (path) =>
    lstat(path).then(
      (found) => found.isSymbolicLink(),
      () => false,
    ),

  async makeFolder(path) {
    await mkdir(path, { recursive: true }).catch(async (cause: unknown) => {
      if (codeOf(cause) !== "ENOENT") throw cause;
      await makeParents(path);
    });
    await flushFolder(dirname(path));
  },

  async makeNewFolder(path) {
    await mkdir(path);
    await flushFolder(dirname(path));
  },

  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),

  async duplicate(from, to) {
    await rm(to, { force: true });
    await link(from, to).catch(async (cause: unknown) => {
      if (codeOf(cause) === "ENOENT") throw cause;
      // Not every file system has links.
      await copyFile(from, to);
    });
  },

  cacheFolder: () => envPaths("auricle").cache,
};

async function openFile(path: string): Promise<OpenedFile> {
  const handle = await open(path, "r");
  const { size } = await handle.stat().catch(async (cause: unknown) => {
    await handle.close();
    throw cause;
  });
  return {
    size,
    async read(offset, length) {
      // A header may claim any length; no more is allocated than the file has.
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled === bytes.length ? bytes : bytes.subarray(0, filled);
    },
    close: () => handle.close(),
  };
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}

function kindOf(entry: Dirent): StoredEntry["kind"] {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  return entry.isSymbolicLink() ? "link" : "other";
}

async function look(path: string): Promise<StoredFacts> {
  const found = await stat(path, { bigint: true });
  const { size, mtimeNs, ctimeNs, mtimeMs, ctimeMs, dev, ino } = found;
  return {
    kind: found.isFile() ? "file" : found.isDirectory() ? "folder" : "other",
    bytes: Number(size),
    modified: Number(mtimeMs),
    changed: Math.max(Number(ctimeMs), Number(mtimeMs)),
    signature: `${size} ${mtimeNs} ${ctimeNs}`,
    identity: `${dev}:${ino}`,
  };
}

/** One folder after the other: what Node.js says where it makes several is not always why (ENOENT for EROFS). */
async function makeParents(folder: string): Promise<void> {
  if (dirname(folder) !== folder && !(await isFolder(dirname(folder)))) await makeParents(dirname(folder));
  if (!(await isFolder(folder))) await mkdir(folder);
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The error codes of systems that cannot flush a folder: Windows, and some network file systems. */
const CANNOT_FLUSH = ["EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP", "EBADF"];

/** Makes files created, renamed or removed in a folder outlast a power failure. A link's folder is the link's own. */
async function flushFolder(folder: string): Promise<void> {
  let file: number | undefined;
  try {
    file = await promisify(fs.open)(folder, "r");
    await promisify(fs.fsync)(file);
  } catch (cause) {
    if (!CANNOT_FLUSH.includes(String(codeOf(cause)))) throw cause;
  } finally {
    if (file !== undefined) await promisify(fs.close)(file);
  }
}
