/** @file Messages for refusals by the operating system: files, memory. No bugs, and nothing that a stack trace would explain. */

import process from "node:process";

/** An open-files limit that suffices: Node.js opens all modules of a program at once, threads and recordings some more. */
const ENOUGH_FILES = 512;

/** Errors of finding modules. A package.json that cannot be opened looks to Node.js as if there were none. */
const RESOLUTION =
  /^(ERR_)?(MODULE_NOT_FOUND|UNSUPPORTED_DIR_IMPORT|PACKAGE_\w+|INVALID_PACKAGE_\w+|UNKNOWN_FILE_EXTENSION)$/;

/**
 * Returns the message for an error that prevented the command from being loaded. At a low limit on open files Node.js
 * fails even to find modules, or takes them for those of another kind, whose syntax they are not.
 * @param limit the number of files that this process may open
 * @returns undefined if the system is not to blame
 */
export function loadingMessage(error: unknown, limit: number = openFilesLimit()): string | undefined {
  const code = codeOf(error);
  const isNotFound = error instanceof SyntaxError || (typeof code === "string" && RESOLUTION.test(code));
  if (isTooManyFiles(code) || (isNotFound && limit < ENOUGH_FILES)) {
    return `Auricle could not be loaded: ${tooFewFiles(limit)}`;
  }
  return systemMessage(error, limit);
}

/**
 * Returns the message for an error that the operating system caused: too few open files, no memory, a failed system call.
 * @param limit the number of files that this process may open
 * @returns undefined for any other error
 */
export function systemMessage(error: unknown, limit: number = openFilesLimit()): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error);
  if (isTooManyFiles(code)) return tooFewFiles(limit);
  if (code === "ENOMEM" || (error instanceof RangeError && /alloc/i.test(error.message))) {
    return `the system is out of memory (${error.message}); use a smaller batch, fewer threads (--threads 1), or raise the limit (ulimit -v unlimited)`;
  }
  return "syscall" in error ? `the system refused the operation: ${error.message}` : undefined;
}

function isTooManyFiles(code: unknown): boolean {
  return code === "EMFILE" || code === "ENFILE";
}

function tooFewFiles(limit: number): string {
  const allowed = Number.isFinite(limit) ? `only ${limit} open files` : "too few open files";
  return `the system allows ${allowed} (ulimit -n); raise the limit: ulimit -n ${Math.max(ENOUGH_FILES, Number.isFinite(limit) ? 2 * limit : 0)}`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** Infinity where there is none or it cannot be known, as on Windows. */
function openFilesLimit(): number {
  const report: unknown = process.report?.getReport();
  const limits = report instanceof Object && "userLimits" in report ? report.userLimits : undefined;
  const files = limits instanceof Object && "open_files" in limits ? limits.open_files : undefined;
  const soft = files instanceof Object && "soft" in files ? Number(files.soft) : NaN;
  return Number.isNaN(soft) ? Infinity : soft;
}
