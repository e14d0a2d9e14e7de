/** @file JSON that comes from a file, of any content. Browser-safe. */
import { AuricleError } from "../../errors.ts";

/** Levels of lists and objects: far more than any description has, and fewer than fill a call stack. */
const DEEPEST = 400;

/** Descriptions of networks are some megabytes at most. */
const MOST_BYTES = 2 ** 26;

/**
 * Parses JSON of a file.
 * @param mostBytes the length that is read. Default 64 MiB.
 * @throws AuricleError "file" where it is none, too much of it, or nested too deep
 */
export function parseJson(bytes: Uint8Array, where: string, mostBytes: number = MOST_BYTES): unknown {
  if (bytes.length > mostBytes) {
    throw new AuricleError("file", `${where}: has ${bytes.length} bytes; at most ${mostBytes} are read`);
  }
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inText) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inText = false;
    } else if (byte === 0x22) inText = true;
    else if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  if (deepest > DEEPEST)
    throw new AuricleError("file", `${where}: is nested more than ${DEEPEST} levels deep`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AuricleError("file", `${where}: is not JSON: ${reason}`, { cause });
  }
}
