/** @file Writing files whole or not at all, and errors of the file system in words. Node only. */

import fs from "node:fs";
import { open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import replaceFile from "write-file-atomic";
import { AuricleError } from "../errors.ts";

/** Advice by the error code of the operating system. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the device: free some or choose another place",
  EDQUOT: "the disk quota is used up: free some space or choose another place",
  EFBIG: "the file is larger than the file system or a limit of the process allows",
  EACCES: "permission denied: check the owner and the mode of the file and its folder",
  EPERM: "the operating system does not permit it: check the owner and the mode of the file and its folder",
  EROFS: "the file system is read-only: choose another place",
  ENOENT: "no such file or folder: check the path, and that its folder exists",
  EISDIR: "it is a folder, and a file is needed",
  ENOTDIR: "a part of the path is a file, and a folder is needed",
  EEXIST: "something of that name is there already",
  EBUSY: "another program is using it: close that and try again",
  EMFILE: "too many files are open in this process",
  ENAMETOOLONG: "the name is too long for the file system",
};

/**
 * The error of a file operation in words: `cannot write /a/b: no space is left … (ENOSPC)`.
 * @param action the attempted action, as an infinitive: "write", "read", "create the folder".
 */
export function fileError(action: string, path: string, cause: unknown): AuricleError {
  if (cause instanceof AuricleError) return cause;
  const code = errorCode(cause);
  const advice = code && ADVICE[code];
  const reason = advice ? `${advice} (${code})` : cause instanceof Error ? cause.message : String(cause);
  return new AuricleError("file", `cannot ${action} ${path}: ${reason}`, { cause });
}

/** The operating system's code of an error, such as "ENOENT", if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return undefined;
}

/**
 * Writes a file whole or not at all: into a new file beside it, flushed to the disk, then renamed, and the folder flushed.
 * A read of `path` meanwhile, or after a crash or a power failure, finds the old content or the new; once this has
 * returned, the new. The mode and owner of an existing file stay, and a symbolic link stays one.
 * @throws AuricleError "file" saying what to do; `path` is then as it was.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  try {
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
  } catch (cause) {
    throw fileError("write", path, cause);
  }
}

/** The error codes of systems that cannot flush a folder: Windows, and some network file systems. */
const CANNOT_FLUSH = ["EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP", "EBADF"];

/** Makes files created, renamed or removed in a folder outlast a power failure. A link's folder is the link's own. */
export async function flushFolder(folder: string): Promise<void> {
  let file: number | undefined;
  try {
    file = await promisify(fs.open)(folder, "r");
    await promisify(fs.fsync)(file);
  } catch (cause) {
    if (!CANNOT_FLUSH.includes(errorCode(cause) ?? "")) throw cause;
  } finally {
    if (file !== undefined) await promisify(fs.close)(file);
  }
}

/** The whole content of a file. @throws AuricleError "file" saying what to do. */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw fileError("read", path, cause);
  }
}
