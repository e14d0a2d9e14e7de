/** @file Writes an archive's entry to the disk. Node only. */

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { Transform, type Duplex, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { UnpackBudget } from "../io/unpack-budget.ts";

export interface EntryContent {
  readonly source: Readable;
  /** Decompresses the source. */
  readonly through?: Duplex;
  /** Called with each piece as it is written; an error that it returns ends the writing. */
  readonly check?: (piece: Uint8Array) => Error | undefined;
}

/**
 * Writes a file. When the promise settles, nothing is written any longer, so that the folder can be removed.
 * @param signal ends the writing when it is aborted
 * @throws AuricleError "file" when the archive unpacks to too much, and any error of source, check and disk.
 */
export async function writeEntry(
  { source, through, check }: EntryContent,
  path: string,
  budget: UnpackBudget,
  signal?: AbortSignal,
): Promise<void> {
  const checked = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      done(check?.(piece) ?? budget.excessOf(piece.length) ?? null, piece);
    },
  });
  const output = createWriteStream(path);
  try {
    await (through
      ? pipeline(source, through, checked, output, { signal })
      : pipeline(source, checked, output, { signal }));
  } finally {
    // A pipeline that fails does not wait for a file that is being opened.
    if (!output.closed) await once(output, "close").catch(() => undefined);
  }
}
