/** @file From pictures to their pixels in one size, decoded once and kept on disk. Browser-safe. */

import { store as files } from "#here/io/store/store";
import { AuricleError } from "../../../errors.ts";
import { readImageHeader } from "../../../image/decode-image.ts";
import type { ImageHeader } from "../../../image/image.ts";
import { checkMaxPixels, DEFAULT_MAX_PIXELS } from "../../../image/limits.ts";
import { checkResize } from "../../../image/resize/resize-image.ts";
import { runInThreads, threadsFor } from "../../../io/task-threads.ts";
import { checkOptions, type OptionNames } from "../../../options.ts";
import { defaultFeatureFolder } from "../../audio/features/cache/feature-cache.ts";
import type { FileProblem } from "../../collection/collection.ts";
import type { Dataset } from "../../dataset.ts";
import { archiveShape, readArchives } from "./archive-pixels.ts";
import type { PictureMessage, PictureTask, PixelFormat, ProcessorSettings } from "./messages.ts";
import { processPicture } from "./picture-processor.ts";
import { choosePixelFormat, pixelCount, type PictureForm, type PixelFormatOptions } from "./pixel-format.ts";
import { PixelStore, type Picture } from "./pixel-store.ts";

export interface PreparePixelsOptions extends PixelFormatOptions {
  /** The archives that pictures with an `index` are in, by path, as an `ImageCollection` has them. */
  readonly archives?: ReadonlyMap<string, Dataset>;
  /** Default: "features" in the user's cache folder for auricle. */
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
  archives: true,
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
  const { cacheFolder = defaultFeatureFolder(), memoryLimit = MEMORY_LIMIT, signal, onProgress } = options;
  const { maxPixels = DEFAULT_MAX_PIXELS } = options;
  checkMaxPixels(maxPixels);
  const start = performance.now();
  const { archives = new Map() } = options;
  const format = await pixelFormatOf(pictures, options);
  const ownFiles = pictures.flatMap(({ path, index }, picture) =>
    index === undefined ? [{ picture, path }] : [],
  );
  const sendsPixels = ownFiles.length * pixelCount(format) <= memoryLimit;
  const settings: ProcessorSettings = { format, maxPixels, cacheFolder, sendsPixels };
  const store = new PixelStore(format, pictures, await readArchives(archives, format));
  let cached = 0;
  let done = 0;
  const onMessage = (message: PictureMessage) => {
    store.receive(message, memoryLimit);
    if (message.kind === "picture" && message.wasCached) cached++;
    onProgress?.({ done: ++done, total: ownFiles.length, cached });
  };
  await run(ownFiles, settings, threadsFor(options.threads), signal, onMessage);
  store.timings.total = (performance.now() - start) / 1000;
  if (store.pictures.length === 0) throw nothingLeft(store.problems);
  return store;
}

/**
 * The size and form that pictures get; what is not given is chosen from up to 1,000 of their headers: see
 * {@link choosePixelFormat}.
 * @throws AuricleError "argument" for sizes out of range; "data" for archives of arrays that are no pictures.
 */
export async function pixelFormatOf(
  pictures: readonly Picture[],
  { width, height, channels, fit, background, archives = new Map() }: PreparePixelsOptions,
): Promise<PixelFormat> {
  const given = { width, height, channels, fit, background };
  const isGiven = width !== undefined && height !== undefined && channels !== undefined;
  const format = choosePixelFormat(isGiven ? [] : await sampleHeaders(pictures, archives), given);
  checkResize(format);
  return format;
}

async function run(
  tasks: readonly PictureTask[],
  settings: ProcessorSettings,
  threads: number,
  signal: AbortSignal | undefined,
  onMessage: (message: PictureMessage) => void,
): Promise<void> {
  signal?.throwIfAborted();
  if (threads > 0) {
    const script = new URL("./pixel-worker.js", import.meta.url);
    const isEnd = () => true;
    await runInThreads({
      script,
      workerData: settings,
      tasks,
      threads,
      tasksPerWorker: 2,
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
  const lines = problems.slice(0, 3).map(({ path, problem }) => `${path}: ${problem}`);
  return new AuricleError("data", ["pictures: none can be used", ...lines].join("\n"));
}

/** Finds the headers of up to 1,000 pictures, spread evenly; those that cannot be read are met again when they are decoded. */
async function sampleHeaders(
  pictures: readonly Picture[],
  archives: ReadonlyMap<string, Dataset>,
): Promise<PictureForm[]> {
  const step = Math.max(1, pictures.length / MOST_HEADERS);
  const headers: PictureForm[] = [];
  for (let i = 0; i < pictures.length; i += step) {
    const { path } = pictures[Math.floor(i)];
    const archive = archives.get(path);
    const header = archive
      ? { ...archiveShape(archive), orientation: 1 }
      : await headerOf(path).catch(() => undefined);
    if (header) headers.push(header);
  }
  return headers;
}

async function headerOf(path: string): Promise<ImageHeader> {
  const file = await files.open(path);
  try {
    return readImageHeader(await file.read(0, HEADER_BYTES), path);
  } finally {
    await file.close();
  }
}
