/** @file Writing files whole or not at all, and errors of the file system in words. Browser-safe. */

import { store } from "#here/io/store/store";
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
 * Writes a file whole or not at all: see `Store.writeAtomic`.
 * @throws AuricleError "file" saying what to do; `path` is then as it was.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  try {
    await store.writeAtomic(path, data);
  } catch (cause) {
    throw fileError("write", path, cause);
  }
}

/** The whole content of a file. @throws AuricleError "file" saying what to do. */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  try {
    return await store.read(path);
  } catch (cause) {
    throw fileError("read", path, cause);
  }
}
