/** @file Errors of a browser's storage with the codes that operating systems have for them. Browser-safe. */

export class StorageError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StorageError";
    this.code = code;
  }
}

/** The codes by the names of a browser's errors. */
const CODES: Readonly<Record<string, string>> = {
  NotFoundError: "ENOENT",
  NotAllowedError: "EACCES",
  SecurityError: "EACCES",
  QuotaExceededError: "ENOSPC",
  NoModificationAllowedError: "EBUSY",
  InvalidStateError: "EBUSY",
  // A file whose content was changed after the page had opened it.
  NotReadableError: "EIO",
};

/**
 * An error of a browser as one of the system.
 * @param mismatch the code for a file in place of a folder, or the other way round
 */
export function storageError(error: unknown, mismatch: "ENOTDIR" | "EISDIR"): unknown {
  if (!(error instanceof DOMException)) return error;
  const code = error.name === "TypeMismatchError" ? mismatch : CODES[error.name];
  return code === undefined ? error : new StorageError(code, error.message, { cause: error });
}
