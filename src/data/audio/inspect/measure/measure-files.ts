/** @file All files of a collection measured, or found among earlier measurements. Browser-safe. */

import type { OptionNames } from "../../../../options.ts";
import type { AudioClip } from "../../collection.ts";
import type { FileProblem } from "../../../collection/collection.ts";
import { ContentIndex } from "../../features/cache/content-index.ts";
import { defaultFeatureFolder } from "../../features/cache/feature-cache.ts";
import { examineFiles, type ExaminedFile } from "../../features/examine-files.ts";
import type { PreparationProgress } from "../../features/preparation.ts";
import { checkWorkers } from "../../features/workers/run-tasks.ts";
import { FileMeter } from "./file-meter.ts";
import { MeasurementCache } from "./measurement-cache.ts";
import type { Measurement } from "./measurement.ts";
import type { MeasuringMessage, MeasuringTask } from "./messages.ts";
import { nextTurn } from "../../../../io/next-turn.ts";
import { runInThreads, threadsFor } from "../../../../io/task-threads.ts";

export interface MeasureOptions {
  /** Where measurements are kept; default: where features are. */
  readonly cacheFolder?: string;
  /** Threads; 0: the calling one. Default: one for each processor, at most 8. */
  readonly workers?: number;
  /** Stops soon; measurements made by then are kept. */
  readonly signal?: AbortSignal;
  /** Called after each file, and now and then within long ones; "clips" are files here. */
  readonly onProgress?: (progress: PreparationProgress) => void;
}

/** The names of {@link MeasureOptions}. */
export const MEASURE_OPTIONS: OptionNames<MeasureOptions> = {
  cacheFolder: true,
  workers: true,
  signal: true,
  onProgress: true,
};

export interface MeasuredFile {
  readonly path: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly content: string;
  readonly measurement: Measurement;
}

export interface MeasuredFiles {
  /** Those that could be decoded, in the order of their first clips. */
  readonly files: readonly MeasuredFile[];
  /** Why each of the others could not. */
  readonly problems: readonly FileProblem[];
}

/** How long the event loop may wait while the cache is read, in milliseconds. */
const TURN_MILLISECONDS = 30;

/**
 * Measures the files that clips are parts of, each once and as a whole. Earlier measurements are found again by the
 * content of the files.
 * @throws AuricleError "argument" for a number of workers that makes no sense; the signal's reason.
 */
export async function measureFiles(
  clips: readonly AudioClip[],
  options: MeasureOptions = {},
): Promise<MeasuredFiles> {
  const { cacheFolder = defaultFeatureFolder(), workers = threadsFor(), signal } = options;
  checkWorkers(workers);
  const paths = [...new Set(clips.map(({ path }) => path))];
  const results = new MeasuringResults(paths, cacheFolder, options.onProgress);
  const index = await ContentIndex.open(cacheFolder);
  const examined = await examineFiles(clips, index, (message) => {
    if (message.kind === "problem") results.refuse(clips[message.clip].path, message.problem);
  });
  const onMessage = (message: MeasuringMessage) => {
    if (message.kind === "content") {
      const file = examined.get(message.path);
      if (file) index.learn(message.path, file.state, message.hash, message.hashed);
    }
    results.receive(message);
  };
  const unknown = await tellKnown(examined, new MeasurementCache(cacheFolder), onMessage, signal);
  try {
    if (workers === 0) {
      const meter = new FileMeter(cacheFolder);
      for (const task of unknown) await meter.measure(task, onMessage, signal);
    } else if (unknown.length > 0) {
      await runInThreads<MeasuringTask, MeasuringMessage>({
        script: new URL("./measuring-worker.js", import.meta.url),
        workerData: cacheFolder,
        tasks: unknown,
        threads: workers,
        signal,
        onMessage,
        what: "inspection",
        isEnd: ({ kind }) => kind === "measured" || kind === "problem",
      });
    }
  } finally {
    await results.stored;
    // Without it the files are read once more the next time.
    await index.save().catch(() => undefined);
  }
  return results.all();
}

/** Reports the results available already; returns the files left to measure. */
async function tellKnown(
  examined: ReadonlyMap<string, ExaminedFile>,
  cache: MeasurementCache,
  tell: (message: MeasuringMessage) => void,
  signal: AbortSignal | undefined,
): Promise<MeasuringTask[]> {
  const unknown: MeasuringTask[] = [];
  let turn = performance.now();
  // Long recordings first, so that in the end none is left to one worker alone.
  for (const { task } of [...examined.values()].sort((a, b) => b.state.bytes - a.state.bytes)) {
    const { path, content, signature } = task;
    const measurement = content === undefined ? undefined : await cache.lookUp(content);
    if (content === undefined || !measurement) unknown.push({ path, content, signature });
    else tell({ kind: "measured", path, content, measurement, cached: true });
    if (performance.now() - turn > TURN_MILLISECONDS) {
      await nextTurn();
      signal?.throwIfAborted();
      turn = performance.now();
    }
  }
  return unknown;
}

/** The results so far. */
class MeasuringResults {
  private readonly paths: readonly string[];
  private readonly cache: MeasurementCache;
  private readonly onProgress: MeasureOptions["onProgress"];
  private readonly measured = new Map<string, MeasuredFile>();
  private readonly problems = new Map<string, string>();
  private readonly start = performance.now();
  private canStore = true;
  /** Settled when all measurements so far are kept. */
  stored = Promise.resolve();
  private cached = 0;
  private audioSeconds = 0;

  constructor(paths: readonly string[], cacheFolder: string, onProgress: MeasureOptions["onProgress"]) {
    this.paths = paths;
    this.cache = new MeasurementCache(cacheFolder);
    this.onProgress = onProgress;
  }

  receive(message: MeasuringMessage): void {
    switch (message.kind) {
      case "content":
        return;
      case "decoded":
        this.audioSeconds += message.seconds;
        break;
      case "problem":
        return this.refuse(message.path, message.problem);
      case "measured": {
        const { path, content, measurement, cached } = message;
        this.measured.set(path, { path, content, measurement });
        if (cached) this.cached++;
        else this.store(content, measurement);
      }
    }
    this.report();
  }

  refuse(path: string, problem: string): void {
    this.problems.set(path, problem);
    this.report();
  }

  all(): MeasuredFiles {
    return {
      files: this.paths.flatMap((path) => this.measured.get(path) ?? []),
      problems: this.paths.flatMap((path) => {
        const problem = this.problems.get(path);
        return problem === undefined ? [] : [{ path, problem }];
      }),
    };
  }

  private store(content: string, measurement: Measurement): void {
    this.stored = this.stored.then(async () => {
      if (!this.canStore) return;
      try {
        await this.cache.store(content, measurement);
      } catch {
        // A folder that cannot be written costs the time to measure again, no more.
        this.canStore = false;
      }
    });
  }

  private report(): void {
    const seconds = Math.max(1e-3, (performance.now() - this.start) / 1000);
    this.onProgress?.({
      done: this.measured.size + this.problems.size,
      clips: this.paths.length,
      cached: this.cached,
      audioSeconds: this.audioSeconds,
      rate: this.audioSeconds / seconds,
    });
  }
}
