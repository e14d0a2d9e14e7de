/**
 * @file Unpacks tar archives. The package tar reads them; what it finds is written here, one entry after the other, so that
 * nothing is written any longer once unpacking has failed. Node only.
 */

import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { Parser, type ReadEntry } from "tar";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError } from "../io/atomic-file.ts";
import { placeOfEntry, type UnpackRequest } from "./archive-entry.ts";
import { UnpackBudget } from "../io/unpack-budget.ts";
import { writeEntry } from "./write-entry.ts";

/** The types of entries that are made: files, and the folders around them. */
const TAR_FILES: ReadonlySet<string> = new Set(["File", "OldFile", "ContiguousFile", "Directory"]);

/** @throws AuricleError "file" as `unpackArchive`; then nothing is written any longer. */
export async function unpackTar(request: UnpackRequest): Promise<void> {
  const { archive, onProgress } = request;
  // Aborted by the first thing that goes wrong, with it as the reason: in the parser, in an entry, or on the disk.
  const failure = new AbortController();
  try {
    const total = (await stat(archive)).size;
    const entries = new EntryWriter(request, new UnpackBudget(archive, total), failure);
    // A damaged archive must not pass for a whole one.
    const parser = new Parser({ strict: true, onReadEntry: (entry) => entries.write(entry) });
    parser.on("error", (error) => failure.abort(error));
    try {
      await feed(parser, archive, failure.signal, (received) => onProgress?.({ received, total }));
    } finally {
      await entries.finish();
    }
    failure.signal.throwIfAborted();
  } catch (error) {
    const cause: unknown = failure.signal.aborted ? failure.signal.reason : error;
    if (cause instanceof AuricleError) throw cause;
    if (errorCode(cause)?.startsWith("E")) throw fileError("unpack", archive, cause);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AuricleError("file", `${archive}: it is damaged: ${reason}; download it again`, { cause });
  }
}

/** Gives the parser the archive, as fast as its entries are written. */
async function feed(
  parser: Parser,
  archive: string,
  signal: AbortSignal,
  onReceived: (bytes: number) => void,
): Promise<void> {
  let received = 0;
  for await (const piece of createReadStream(archive, { signal }) as AsyncIterable<Buffer>) {
    if (!parser.write(piece)) await once(parser, "drain", { signal });
    signal.throwIfAborted();
    received += piece.length;
    onReceived(received);
  }
  const ended = once(parser, "end", { signal });
  parser.end();
  await ended;
}

/** Writes the entries of an archive; the parser hands over the next one when the last one has been read. */
class EntryWriter {
  private readonly request: UnpackRequest;
  private readonly budget: UnpackBudget;
  private readonly failure: AbortController;
  private pending: Promise<void> = Promise.resolve();

  constructor(request: UnpackRequest, budget: UnpackBudget, failure: AbortController) {
    this.request = request;
    this.budget = budget;
    this.failure = failure;
  }

  write(entry: ReadEntry): void {
    const before = this.pending;
    this.pending = Promise.all([before, this.unpack(entry)]).then(
      () => undefined,
      (error: unknown) => this.failure.abort(error),
    );
  }

  /** Resolves when nothing is written any longer. */
  finish(): Promise<void> {
    return this.pending;
  }

  private async unpack(entry: ReadEntry): Promise<void> {
    const { archive, folder, strip = 0 } = this.request;
    this.budget.entry();
    const place = TAR_FILES.has(entry.type) ? placeOfEntry(archive, entry.path, strip) : undefined;
    if (place === undefined || entry.type === "Directory") {
      entry.resume();
      if (place !== undefined) await mkdir(join(folder, place), { recursive: true });
      return;
    }
    const path = join(folder, place);
    await mkdir(dirname(path), { recursive: true });
    // An entry that is cut off has no end: the signal ends it.
    await writeEntry({ source: Readable.from(entry) }, path, this.budget, this.failure.signal);
  }
}
