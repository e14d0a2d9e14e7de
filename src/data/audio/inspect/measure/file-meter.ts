/** @file The work on one file: identifies its content, and measures it unless a measurement exists. Browser-safe. */

import { fileError } from "../../../../io/atomic-file.ts";
import { problemOf } from "../../../../io/file-problem.ts";
import { CHANGING, TRIES, WatchedContent } from "../../features/cache/watched-content.ts";
import { RecordingMeter } from "./measure-recording.ts";
import { MeasurementCache } from "./measurement-cache.ts";
import type { MeasuringMessage, MeasuringTask } from "./messages.ts";

export class FileMeter {
  private readonly cache: MeasurementCache;
  private readonly meter = new RecordingMeter();

  constructor(cacheFolder: string) {
    this.cache = new MeasurementCache(cacheFolder);
  }

  /**
   * Emits the measurement of a file, or why there is none; begins again where the file is changed meanwhile.
   * @throws the signal's reason, and what `emit` throws.
   */
  async measure(task: MeasuringTask, emit: Emit, signal?: AbortSignal): Promise<void> {
    let again = task;
    for (let tries = 1; !(await this.measureOnce(again, emit, signal)); tries++) {
      if (tries === TRIES) return emit({ kind: "problem", path: task.path, problem: CHANGING });
      again = { path: task.path, content: undefined };
    }
  }

  /** @returns false where the file was changed */
  private async measureOnce(
    task: MeasuringTask,
    emit: Emit,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const { path } = task;
    let content: WatchedContent;
    try {
      content = await WatchedContent.of(path, task);
    } catch (error) {
      emit({ kind: "problem", path, problem: problemOf(path, fileError("read", path, error)) });
      return true;
    }
    const { hash, hashed } = content;
    if (hashed !== undefined) emit({ kind: "content", path, hash, hashed });
    const known = await this.cache.lookUp(hash);
    if (known) {
      emit({ kind: "measured", path, content: hash, measurement: known, cached: true });
      return true;
    }
    const steps = this.meter.measure(path);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const step = await steps.next().catch((error: unknown) => ({ error }));
        if ("error" in step) {
          if (!(await isUnchanged(content))) return false;
          emit({ kind: "problem", path, problem: problemOf(path, step.error) });
          return true;
        }
        if (step.done) return true;
        if ("seconds" in step.value) emit({ kind: "decoded", seconds: step.value.seconds });
        else if (await isUnchanged(content)) {
          emit({ kind: "measured", path, content: hash, ...step.value, cached: false });
        } else return false;
      }
    } finally {
      // Closes the file where it was not read to its end.
      await steps.return();
    }
  }
}

type Emit = (message: MeasuringMessage) => void;

/** A file that is gone has changed too: trying again says how. */
function isUnchanged(content: WatchedContent): Promise<boolean> {
  return content.isUnchanged().catch(() => false);
}
