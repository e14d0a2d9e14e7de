/** @file The styles as a folder of wav files, a folder for each style. Node only. */

import { availableParallelism } from "node:os";
import { AuricleError } from "../../../errors.ts";
import { runInThreads } from "../../../io/task-threads.ts";
import { checkOptions, type OptionNames } from "../../../options.ts";
import { renderStyle } from "./render-style.ts";
import { claimFolder, isComplete, writeSound } from "./rendering-file.ts";
import {
  completeStylesOptions,
  STYLES_OPTIONS,
  stylesCollectionPlan,
  type StylesOptions,
  type StyleTrack,
} from "./styles-plan.ts";
import { shownValue } from "../../../shown-value.ts";

/** A worker loads JavaScript. Where this file runs as TypeScript, a test runner compiles it as it goes. */
const canStartWorkers = import.meta.url.endsWith(".js");

export interface WriteStylesOptions extends StylesOptions {
  /** Threads; 0 renders in the calling one. Default: one for each processor, 0 where none can be started. */
  readonly workers?: number;
}

const OPTIONS: OptionNames<WriteStylesOptions> = { workers: true, ...STYLES_OPTIONS };

/** How far the writing is. */
export interface RenderingProgress {
  /** Tracks that are there, those included that were before. */
  readonly done: number;
  readonly total: number;
}

/**
 * Writes the tracks of `stylesCollectionPlan` as wav files of 16 bits, `<folder>/blues/blues.00007.wav`. Files that
 * are there already are left alone, so an interrupted call is continued by the next one with the same options. The
 * bytes do not depend on the number of workers.
 * @returns the tracks.
 * @throws AuricleError "argument" for a number out of range; "data" when the folder holds anything else; "file" when
 * it cannot be written; "unsupported" when a worker thread fails, or is asked for where there can be none.
 */
export async function writeStylesFolder(
  folder: string,
  options: WriteStylesOptions = {},
  onProgress?: (progress: RenderingProgress) => void,
): Promise<readonly StyleTrack[]> {
  checkOptions("writeStylesFolder", options, OPTIONS, "folder, ");
  const { workers = canStartWorkers ? availableParallelism() : 0, ...plan } = options;
  checkWorkers(workers);
  const tracks = stylesCollectionPlan(plan);
  await claimFolder(folder, { data: "styles", ...completeStylesOptions(plan) });
  const missing: StyleTrack[] = [];
  for (const track of tracks) if (!(await isComplete(folder, track))) missing.push(track);
  let done = tracks.length - missing.length;
  onProgress?.({ done, total: tracks.length });
  await renderAll(folder, missing, workers, () => onProgress?.({ done: ++done, total: tracks.length }));
  return tracks;
}

function checkWorkers(workers: number): void {
  if (!Number.isInteger(workers) || workers < 0) {
    throw new AuricleError(
      "argument",
      `styles: workers must be a whole number from 0; got ${shownValue(workers)}`,
    );
  }
  if (workers > 0 && !canStartWorkers) {
    throw new AuricleError(
      "unsupported",
      `styles: workers need the built package, and this is its TypeScript source; use workers: 0; got ${shownValue(workers)}`,
    );
  }
}

/** The answer of a worker thread for one track: an error as plain data, as a message keeps no class. */
export interface RenderedTrack {
  readonly failure?: Pick<AuricleError, "code" | "message">;
}

/** Renders one track and writes its file. */
export async function writeTrack(folder: string, track: StyleTrack): Promise<void> {
  await writeSound(folder, track, renderStyle(track.style, track));
}

async function renderAll(
  folder: string,
  tracks: readonly StyleTrack[],
  workers: number,
  onTrack: () => void,
): Promise<void> {
  if (workers === 0) {
    for (const track of tracks) {
      await writeTrack(folder, track);
      onTrack();
    }
    return;
  }
  await runInThreads<StyleTrack, RenderedTrack>({
    script: new URL("./styles-worker-node.js", import.meta.url),
    workerData: folder,
    tasks: tracks,
    threads: workers,
    isEnd: () => true,
    onMessage({ failure }) {
      if (failure) throw new AuricleError(failure.code, failure.message);
      onTrack();
    },
    what: "styles",
  });
}
