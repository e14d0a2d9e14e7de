/** @file From recordings to their features, computed once and kept on disk. Browser-safe. */

import type { FrontEndOptions } from "../../../audio/front-end/config.ts";
import { frontEnd } from "../../../audio/front-end/front-end.ts";
import { nextTurn } from "../../../io/next-turn.ts";
import { threadsFor } from "../../../io/task-threads.ts";
import { checkOptions, type OptionNames } from "../../../options.ts";
import { sizeOf } from "../../../tensor/shape.ts";
import type { AudioClip } from "../collection.ts";
import { ContentIndex } from "./cache/content-index.ts";
import { defaultFeatureFolder, FeatureCache } from "./cache/feature-cache.ts";
import { examineFiles, type ExaminedFile } from "./examine-files.ts";
import type { FeatureStore } from "./feature-store.ts";
import { frontEndFingerprint } from "./front-end-fingerprint.ts";
import { Preparation, type PreparationProgress } from "./preparation.ts";
import { samplesForSteps } from "./samples-for-steps.ts";
import { StoredFeatures } from "./stored-features.ts";
import { FileProcessor } from "./workers/file-processor.ts";
import type {
  ClipFeatures,
  ClipRange,
  FileTask,
  ProcessorMessage,
  ProcessorSettings,
} from "./workers/messages.ts";
import { checkWorkers, runTasks } from "./workers/run-tasks.ts";

export interface PrepareOptions {
  /**
   * Clips of fewer steps of time are padded with silence at their end, before the front end, up to this number:
   * the steps of a window. So a short sound is followed by the front end's features of silence, as
   * it is when a model listens to that sound alone. Default 1.
   */
  readonly minimumFrames?: number;
  /** Default: "features" in the user's cache folder for auricle, as the operating system has it. */
  readonly cacheFolder?: string;
  /**
   * Bytes of the cache folder above which features that were not used for longest are removed. Those of the
   * clips at hand stay, even where they alone take more. Default 10 GB.
   */
  readonly sizeLimit?: number;
  /**
   * Bytes: features that take no more together stay in memory once they were read. Also how much may be kept
   * where the cache folder cannot be written. Default 512 MB.
   */
  readonly memoryLimit?: number;
  /** Threads that decode and compute; 0: the calling one. Default: one for each processor, at most 8. */
  readonly workers?: number;
  /** Refuses when a single clip cannot be used. Default false: it is named in the store's problems. */
  readonly strict?: boolean;
  /** Stops soon; features in the cache by then stay there. */
  readonly signal?: AbortSignal;
  /** Called after each clip, and now and then within long ones. */
  readonly onProgress?: (progress: PreparationProgress) => void;
}

const PREPARE_OPTIONS: OptionNames<PrepareOptions> = {
  minimumFrames: true,
  cacheFolder: true,
  sizeLimit: true,
  memoryLimit: true,
  workers: true,
  strict: true,
  signal: true,
  onProgress: true,
};

const SIZE_LIMIT = 10e9;
const MEMORY_LIMIT = 512e6;

/** How long the event loop may wait while the cache is read, in milliseconds. */
const TURN_MILLISECONDS = 30;

/**
 * Computes the features of whole clips, or finds them in the cache folder.
 *
 * There they are kept by the content of the recording, the part of it that the clip is, and the front
 * end's fingerprint: moved or copied recordings, or another split, are found again. The features are the same bits
 * with any number of workers. Recordings of more than 12 minutes at 22,050 Hz are computed in segments:
 * see `ClipExtractor`.
 *
 * @example
 * const store = await prepareFeatures(collection.clips, { kind: "melSpectrogram" }, { minimumFrames: 128 });
 * const data = windowDataset(store, store.clips, { mode: "random", windowFrames: 128 });
 * @throws AuricleError "argument" for options that make no sense; "data" when no clip can be used, or, with
 * `strict`, not all; "file" when the cache folder cannot be written and memory does not suffice; the signal's
 * reason.
 */
export async function prepareFeatures(
  clips: readonly AudioClip[],
  options: FrontEndOptions,
  prepareOptions: PrepareOptions = {},
): Promise<FeatureStore> {
  checkOptions("prepareFeatures", prepareOptions, PREPARE_OPTIONS, "clips, frontEnd, ");
  const { minimumFrames = 1, workers = threadsFor(), signal } = prepareOptions;
  const { sizeLimit = SIZE_LIMIT, memoryLimit = MEMORY_LIMIT, onProgress } = prepareOptions;
  checkWorkers(workers);
  const front = frontEnd(options);
  const minimumSamples = samplesForSteps(front, minimumFrames);
  const stepShape = front.outputShape(minimumSamples).slice(1);
  const cache = new FeatureCache(prepareOptions.cacheFolder ?? defaultFeatureFolder());
  const settings: ProcessorSettings = {
    frontEnd: front.config,
    fingerprint: frontEndFingerprint(front, samplesForSteps(front, 1)),
    minimumSamples,
    cacheFolder: cache.folder,
  };
  const preparation = new Preparation(clips, 4 * sizeOf(stepShape), memoryLimit, onProgress);
  const index = await ContentIndex.open(cache.folder);
  const files = await examineFiles(clips, index, (message) => preparation.receive(message));
  const tell = (message: ProcessorMessage) => {
    if (message.kind === "content") learnContent(index, files, message);
    preparation.receive(message);
  };
  // Long recordings first: none should be left to one worker when the others are done.
  const largestFirst = [...files.values()].sort((a, b) => b.state.bytes - a.state.bytes);
  const tasks = await takeFromCache(largestFirst, settings, tell, signal);
  try {
    await runTasks(tasks, settings, { workers, signal, onMessage: tell });
  } finally {
    // Without it the recordings are read once more the next time.
    await index.save().catch(() => undefined);
  }
  if (tasks.length > 0) await cache.evict(sizeLimit, preparation.paths());
  preparation.checkProblems(prepareOptions.strict ?? false);
  return new StoredFeatures({
    frontEnd: front,
    stepShape,
    memoryLimit,
    cacheFolder: cache.folder,
    ...preparation.results(),
    prepareAgain: (clip) => prepareAgain(clip, settings),
  });
}

function learnContent(
  index: ContentIndex,
  files: ReadonlyMap<string, ExaminedFile>,
  { path, hash, hashed }: Extract<ProcessorMessage, { kind: "content" }>,
): void {
  const file = files.get(path);
  if (file) index.learn(path, file.state, hash, hashed);
}

/** Finds the features of files whose content is known; returns the files left to prepare. */
async function takeFromCache(
  files: readonly ExaminedFile[],
  settings: ProcessorSettings,
  tell: (message: ProcessorMessage) => void,
  signal: AbortSignal | undefined,
): Promise<FileTask[]> {
  const processor = new FileProcessor(settings);
  const tasks: FileTask[] = [];
  let turn = performance.now();
  for (const { task } of files) {
    const { content } = task;
    if (content === undefined) {
      tasks.push(task);
      continue;
    }
    const missing: ClipRange[] = [];
    for (const range of task.clips) {
      const features = await processor.lookUp(content, range);
      if (features) tell({ kind: "clip", clip: range.clip, features, cached: true });
      else missing.push(range);
    }
    if (missing.length > 0) tasks.push({ ...task, clips: missing });
    if (performance.now() - turn > TURN_MILLISECONDS) {
      await nextTurn();
      signal?.throwIfAborted();
      turn = performance.now();
    }
  }
  tell({ kind: "end", seconds: processor.seconds });
  return tasks;
}

/** For features that another process removed from the cache. */
async function prepareAgain(clip: AudioClip, settings: ProcessorSettings): Promise<ClipFeatures> {
  const preparation = new Preparation([clip], 0, Infinity, undefined);
  const task = {
    path: clip.path,
    content: undefined,
    clips: [{ clip: 0, start: clip.start, end: clip.end }],
  };
  await new FileProcessor(settings).process(task, (message) => preparation.receive(message), undefined);
  preparation.checkProblems(true);
  const [{ features }] = preparation.results().clips;
  if (!features) throw new Error(`no features of ${clip.id}`);
  return features;
}
