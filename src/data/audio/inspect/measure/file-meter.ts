/** @file The work on one file: which content it has, and what is measured of it unless that is known. Node only. */

import { basename } from "node:path";
import { fileError } from "../../../../io/atomic-file.ts";
import { hashContent } from "../../features/cache/content-index.ts";
import { RecordingMeter } from "./measure-recording.ts";
import { MeasurementCache } from "./measurement-cache.ts";
import type { MeasuringMessage, MeasuringTask } from "./messages.ts";

export class FileMeter {
  private readonly cache: MeasurementCache;
  private readonly meter = new RecordingMeter();

  constructor(cacheFolder: string) {
    this.cache = new MeasurementCache(cacheFolder);
  }

  /** Emits what is measured of a file, or why it cannot be. @throws the signal's reason, and what `emit` throws. */
  async measure(
    { path, content }: MeasuringTask,
    emit: (message: MeasuringMessage) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const refuse = (error: unknown) => emit({ kind: "problem", path, problem: problemOf(path, error) });
    const hashed = Date.now();
    let hash = content;
    if (hash === undefined) {
      try {
        hash = hashContent(path);
      } catch (error) {
        return refuse(fileError("read", path, error));
      }
      emit({ kind: "content", path, hash, hashed });
    }
    const known = this.cache.lookUp(hash);
    if (known) return emit({ kind: "measured", path, content: hash, measurement: known, cached: true });
    const steps = this.meter.measure(path);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const step = await steps.next().catch((error: unknown) => ({ error }));
        if ("error" in step) return refuse(step.error);
        if (step.done) return;
        if ("seconds" in step.value) emit({ kind: "decoded", seconds: step.value.seconds });
        else emit({ kind: "measured", path, content: hash, ...step.value, cached: false });
      }
    } finally {
      // Closes the file where it was not read to its end.
      await steps.return();
    }
  }
}

/** Decoders' messages begin with the file's name, which goes without saying here. */
function problemOf(path: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const prefix = [path, basename(path)].find((name) => message.startsWith(`${name}: `));
  return prefix === undefined ? message : message.slice(prefix.length + 2);
}
