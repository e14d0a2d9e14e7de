/** @file Turns what runs report to their observers into events. Browser-safe. */

import type { ObtainProgress } from "../data/obtain-options.ts";
import type { TrainingObserver } from "../runs/observer.ts";
import type { ReadControls } from "../runs/run-kind.ts";
import type { PreparationEvent, TrainingEvent } from "./events.ts";

type Reading = Pick<ReadControls, "observer" | "onProgress">;

/** Tells of the reading of files. */
export function readingEvents(emit: (event: PreparationEvent) => void): Reading {
  return {
    onProgress: (progress: ObtainProgress) => emit({ kind: "obtaining", progress }),
    observer: {
      preparing: (progress) => emit({ kind: "preparing", progress }),
      note: (text) => emit({ kind: "note", text }),
      warning: (text) => emit({ kind: "warning", text }),
    },
  };
}

/** Tells of a training, the reading of its files included. */
export function trainingEvents(
  emit: (event: TrainingEvent) => void,
): Reading & { readonly observer: TrainingObserver } {
  const { onProgress, observer } = readingEvents(emit);
  return {
    onProgress,
    observer: {
      ...observer,
      begun: (path) => emit({ kind: "begun", path }),
      started: (info) => emit({ kind: "started", info }),
      batch: (progress) => emit({ kind: "batch", progress }),
      epoch: (metrics, isBest) => emit({ kind: "epoch", metrics, isBest }),
      profiled: (profile, path) => emit({ kind: "profiled", profile, path }),
    },
  };
}
