/** @file Recordings in files, read in parts. Browser-safe. */

import { store } from "#here/io/store/store";
import { AuricleError } from "../../errors.ts";
import { checkOptions } from "../../options.ts";
import type { MonoAudio } from "../audio.ts";
import type { AudioInfo } from "./audio-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import { openAudio } from "./open-audio.ts";
import { READ_OPTIONS, blocksOfMono, readMono, type ReadOptions } from "./read-mono.ts";

/** A recording whose file is open. */
export interface AudioFile {
  readonly info: AudioInfo;
  /**
   * A part of the recording, or all of it: one channel, the mean of all, at the rate asked for. Uncompressed formats
   * and those that can seek read only that part. Memory is that of the result, and some blocks.
   * @throws AuricleError "file" where no samples are there, or the data are damaged.
   */
  readMono(options?: ReadOptions): Promise<MonoAudio>;
  /** The same in blocks of `seconds`: put together, bit for bit what `readMono` gives. For recordings of any length. */
  blocks(options: ReadOptions & { readonly seconds: number }): AsyncIterable<MonoAudio>;
  close(): Promise<void>;
}

/**
 * Opens a recording and reads its header; its format is told by its contents.
 * @throws AuricleError "file" where it cannot be read, is empty, damaged, of no known format or without samples;
 * "unsupported" where a decoder is not installed.
 */
export async function openAudioFile(path: string): Promise<AudioFile> {
  const source = await fileSource(path);
  try {
    const reader = await openAudio(source);
    return {
      info: reader.info,
      readMono: (options) => readMono(reader, path, options),
      blocks: (options) => blocksOfMono(reader, path, options),
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Opens, reads and closes a file; see `AudioFile.readMono`. */
export async function readAudioFile(path: string, options: ReadOptions = {}): Promise<MonoAudio> {
  checkOptions("readAudioFile", options, READ_OPTIONS, "path, ");
  const file = await openAudioFile(path);
  try {
    return await file.readMono(options);
  } finally {
    await file.close();
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "a loop of symbolic links",
  EMFILE: "too many files are open",
};

/** The bytes of a file, for decoders. @throws AuricleError "file" where it cannot be opened, or later read. */
export async function fileSource(path: string): Promise<ByteSource> {
  try {
    // Asked before opening it: to open a pipe would wait for its other end.
    const { kind } = await store.look(path);
    if (kind !== "file")
      throw new AuricleError("file", `${path}: ${kind === "folder" ? "a folder" : "not a file"}`);
    const file = await store.open(path);
    return {
      name: path,
      size: file.size,
      async read(offset, length) {
        try {
          return await file.read(offset, length);
        } catch (error) {
          throw describeFault(path, error);
        }
      },
      close: () => file.close(),
    };
  } catch (error) {
    throw describeFault(path, error);
  }
}

function describeFault(path: string, error: unknown): AuricleError {
  if (error instanceof AuricleError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return new AuricleError("file", `${path}: cannot be read: ${PROBLEMS[code] ?? String(error)}`, {
    cause: error,
  });
}
