/** @file Reads the text of a list, and refuses anything but text. Browser-safe. */

import { store } from "#here/io/store/store";
import { AuricleError } from "../../errors.ts";
import { fileError, readFileBytes } from "../../io/atomic-file.ts";
import type { MediumWords } from "./words.ts";

/** The medium of the files in a list, as far as reading the list asks. */
export interface ListedMedium {
  readonly words: MediumWords;
  /** The format of a file's content, where it is of the medium; for messages. */
  formatOf(bytes: Uint8Array, path: string): Promise<string | undefined>;
}

/** Larger files are no lists: one of a million files has some 100 MB. A text of twice that is the longest there is. */
export const LARGEST_LIST = 2 ** 28;

/**
 * Reads a list as text: in UTF-8 or, as spreadsheets write it, UTF-16, with or without a byte order mark.
 * @throws AuricleError "file" for a path that cannot be read or is not a file, "data" for content that is not text.
 */
export async function readListText(path: string, medium: ListedMedium): Promise<string> {
  await checkFile(path, medium.words);
  const bytes = await readFileBytes(path);
  let text: string | undefined;
  try {
    text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    // Said below.
  }
  if (text === undefined || text.includes("\0")) throw await notText(path, bytes, medium);
  return text;
}

/** Reading a pipe or a device would wait for ever, or fill the memory. */
async function checkFile(path: string, { files }: MediumWords): Promise<void> {
  let status;
  try {
    status = await store.look(path);
  } catch (cause) {
    throw fileError("read", path, cause);
  }
  const refuse = (what: string) =>
    new AuricleError("file", `${path}: a list must be a file; this is ${what}`);
  if (status.kind === "folder") throw refuse("a folder");
  if (status.kind !== "file") throw refuse("a pipe, a socket or a device");
  if (status.bytes > LARGEST_LIST) {
    throw new AuricleError(
      "data",
      `${path}: it has ${Math.round(status.bytes / 1e6)} MB, too many for a list of ${files}: at most ` +
        `${Math.round(LARGEST_LIST / 1e6)} MB are read`,
    );
  }
}

function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  // A list begins with a letter, a quote or a bracket, which UTF-16 writes as that and a zero.
  if (bytes.length >= 4 && bytes.length % 2 === 0) {
    if (first !== 0 && second === 0 && bytes[2] !== 0 && bytes[3] === 0) return "utf-16le";
    if (first === 0 && second !== 0 && bytes[2] === 0 && bytes[3] !== 0) return "utf-16be";
  }
  return "utf-8";
}

async function notText(path: string, bytes: Uint8Array, medium: ListedMedium): Promise<AuricleError> {
  const format = await medium.formatOf(bytes, path);
  const { aFile, files } = medium.words;
  if (format === undefined)
    return new AuricleError("data", `${path}: it must be text in UTF-8; save it in that encoding`);
  return new AuricleError(
    "data",
    `${path}: this is ${aFile} (${format}), not a list: a list is a text with the columns path and label. Without ` +
      `one, put ${files} into folders named after their classes`,
  );
}
