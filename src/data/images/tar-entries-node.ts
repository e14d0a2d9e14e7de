/** @file Some files of a tar archive, read into memory. Node only; `tar-entries-browser.ts` is for browsers. */

import { once } from "node:events";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { Parser, type ReadEntry } from "tar";
import { AuricleError } from "../../errors.ts";

/**
 * Reads the files with the given names, in whatever folder of the archive they are, as it may be compressed or not.
 * @param largest bytes that one of them may have
 * @throws AuricleError "file" for an archive that is damaged, lacks one of them or has a larger one.
 */
export async function readTarEntries(
  archive: string,
  names: readonly string[],
  largest: number,
): Promise<Uint8Array[]> {
  const found = new Map<string, Uint8Array>();
  const failure = new AbortController();
  const take = async (entry: ReadEntry): Promise<void> => {
    const name = basename(entry.path);
    if (!names.includes(name)) return void entry.resume();
    if (entry.size > largest) {
      throw new AuricleError(
        "file",
        `${archive}: ${entry.path} claims ${entry.size} bytes; at most ${largest} are expected; download it again`,
      );
    }
    found.set(name, await entry.concat());
  };
  const pending: Promise<void>[] = [];
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => void pending.push(take(entry).catch((error: unknown) => failure.abort(error))),
  });
  parser.on("error", (error) => failure.abort(error));
  const { signal } = failure;
  try {
    for await (const piece of createReadStream(archive, { signal }) as AsyncIterable<Buffer>) {
      if (!parser.write(piece)) await once(parser, "drain", { signal });
      signal.throwIfAborted();
    }
    const ended = once(parser, "end", { signal });
    parser.end();
    await ended;
    await Promise.all(pending);
    signal.throwIfAborted();
  } catch (error) {
    const cause: unknown = signal.aborted ? signal.reason : error;
    if (cause instanceof AuricleError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AuricleError("file", `${archive}: it is damaged: ${reason}; download it again`, { cause });
  }
  return names.map((name) => {
    const bytes = found.get(name);
    if (bytes) return bytes;
    throw new AuricleError("file", `${archive}: ${name} is not in it; download it again`);
  });
}
