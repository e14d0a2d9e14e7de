/** @file From pictures to their pixels in one size, decoded once and kept on disk. Node only. */

import { open } from "node:fs/promises";
import { join } from "node:path";
import envPaths from "env-paths";
import { AuricleError } from "../../../errors.ts";
import { readImageHeader } from "../../../image/decode-image.ts";
import type { ImageHeader } from "../../../image/image.ts";
import { checkMaxPixels, DEFAULT_MAX_PIXELS } from "../../../image/limits.ts";
import { checkResize } from "../../../image/resize/resize-image.ts";
import { runInThreads, threadsFor } from "../../../io/task-threads.ts";
import { checkOptions, type OptionNames } from "../../../options.ts";
import type { FileProblem } from "../../collection/collection.ts";
import type { PictureMessage, PictureTask, ProcessorSettings } from "./messages.ts";
import { processPicture } from "./picture-processor.ts";
import { choosePixelFormat, pixelCount, type PixelFormatOptions } from "./pixel-format.ts";
import { PixelStore, type Picture } from "./pixel-store.ts";

export interface PreparePixelsOptions extends PixelFormatOptions {
  /** Default: "pixels" in the user's cache folder for auricle. */
  readonly cacheFolder?: string;
  /** Bytes: pixels that take no more together stay in memory. Default 512 MB. */
  readonly memoryLimit?: number;
  /** Pictures with more pixels are refused. Default 2²⁶. */
  readonly maxPixels?: number;
  /** Threads; 1 works in the calling one. Default: one for each processor, at most 8. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Called after each picture. */
  readonly onProgress?: (progress: PixelProgress) => void;
}

export interface PixelProgress {
  readonly done: number;
  readonly total: number;
  /** How many of them were in the cache. */
  readonly cached: number;
}

const OPTIONS: OptionNames<PreparePixelsOptions> = {
  width: true,
  height: true,
  channels: true,
  fit: true,
  background: true,
  cacheFolder: true,
  memoryLimit: true,
  maxPixels: true,
  threads: true,
  signal: true,
  onProgress: true,
};

const MEMORY_LIMIT = 512e6;
/** Headers from which sizes are chosen: enough for a median. */
const MOST_HEADERS = 1000;
const HEADER_BYTES = 1 << 18;

/** Where pixels are kept unless told otherwise. */
export function defaultPixelFolder(): string {
  return join(envPaths("auricle").cache, "pixels");
}

/**
 * Decodes and resizes pictures, or finds them in the cache folder, where they are kept by their content and form. The bytes are the
 * same for any number of threads. Files that cannot be used are among the store's problems, by their paths.
 * @param options the form that is not given is chosen from the data: see {@link choosePixelFormat}
 * @throws AuricleError "argument" for options out of range; "data" when no picture can be used; "file" where the cache folder cannot
 *   be written and the pixels do not fit into memory; the signal's reason.
 */
export async function preparePixels(
  pictures: readonly Picture[],
  options: PreparePixelsOptions = {},
): Promise<PixelStore> {
  checkOptions("preparePixels", options, OPTIONS, "pictures, ");
  const { cacheFolder = defaultPixelFolder(), memoryLimit = MEMORY_LIMIT, signal, onProgress } = options;
  const { maxPixels = DEFAULT_MAX_PIXELS } = options;
  checkMaxPixels(maxPixels);
  const format = choosePixelFormat(await sampleHeaders(pictures), options);
  checkResize(format);
  const sendsPixels = pictures.length * pixelCount(format) <= memoryLimit;
  const settings: ProcessorSettings = { format, maxPixels, cacheFolder, sendsPixels };
  const store = new PixelStore(format, pictures);
  let cached = 0;
  let done = 0;
  const onMessage = (message: PictureMessage) => {
    store.receive(message, memoryLimit);
    if (message.kind === "picture" && message.wasCached) cached++;
    onProgress?.({ done: ++done, total: pictures.length, cached });
  };
  await run(pictures, settings, threadsFor(options.threads), signal, onMessage);
  if (store.pictures.length === 0) throw nothingLeft(store.problems);
  return store;
}

async function run(
  pictures: readonly Picture[],
  settings: ProcessorSettings,
  threads: number,
  signal: AbortSignal | undefined,
  onMessage: (message: PictureMessage) => void,
): Promise<void> {
  signal?.throwIfAborted();
  const tasks: PictureTask[] = pictures.map(({ path }, picture) => ({ picture, path }));
  if (threads > 0) {
    const script = new URL("./pixel-worker.js", import.meta.url);
    const isEnd = () => true;
    await runInThreads({
      script,
      workerData: settings,
      tasks,
      threads,
      signal,
      isEnd,
      onMessage,
      what: "pictures",
    });
    return;
  }
  for (const task of tasks) {
    onMessage(await processPicture(task, settings));
    signal?.throwIfAborted();
  }
}

function nothingLeft(problems: readonly FileProblem[]): AuricleError {
  const lines = problems.slice(0, 3).map(({ problem }) => problem);
  return new AuricleError("data", ["pictures: none can be used", ...lines].join("\n"));
}

/** The headers of up to 1,000 pictures, spread evenly; those that cannot be read are met again when they are decoded. */
async function sampleHeaders(pictures: readonly Picture[]): Promise<ImageHeader[]> {
  const step = Math.max(1, pictures.length / MOST_HEADERS);
  const headers: ImageHeader[] = [];
  for (let i = 0; i < pictures.length; i += step) {
    const { path } = pictures[Math.floor(i)];
    const header = await headerOf(path).catch(() => undefined);
    if (header) headers.push(header);
  }
  return headers;
}

async function headerOf(path: string): Promise<ImageHeader> {
  const file = await open(path);
  try {
    const buffer = new Uint8Array(HEADER_BYTES);
    const { bytesRead } = await file.read(buffer, 0, HEADER_BYTES, 0);
    return readImageHeader(buffer.subarray(0, bytesRead), path);
  } finally {
    await file.close();
  }
}
