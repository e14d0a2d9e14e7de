/** @file Types of a run on sound: its request, its data, and its outcome. */

import type { AudioCollection, SplitReport } from "../../data/audio/index.ts";
import type { SeedsSummary } from "../../report/index.ts";
import type { EpochMetrics } from "../metrics-log.ts";
import type { RunWarnings } from "../run-warnings.ts";
import type { TrainingValues } from "../options/training-values.ts";
import type { RunControls } from "../train-in-folder.ts";
import type { SoundResult } from "./sound-result.ts";
import type { SoundJob } from "./train-sound.ts";

/** A request for a new run; anything left out has a default that depends on the data and the recipe. */
export interface SoundRequest extends TrainingValues {
  /** A data set's name, or the path of a folder or a list. */
  readonly data: string;
}

/** How a run on sound is carried out; none of it changes what comes out. */
export interface SoundControls extends RunControls {
  readonly featureFolder?: string;
  /** false: `featureFolder` is removed at the end, and not spoken of. Default true. */
  readonly cache?: boolean;
  /** Refuses the data when a single recording cannot be used. */
  readonly strict?: boolean;
}

/** How a training on sound ended. */
export type SoundOutcome =
  | {
      readonly status: "finished";
      readonly kind: "sound";
      /** The run's folder, absolute. */
      readonly path: string;
      readonly result: SoundResult;
      readonly metrics: readonly EpochMetrics[];
      /** false where the run was finished before. */
      readonly hasTrained: boolean;
    }
  | {
      readonly status: "interrupted";
      readonly path: string;
      readonly epochsDone: number;
      /** As many as there were to be. */
      readonly epochs: number;
      /** Where it is one of several: the folder of all, absolute, how many are finished, and how many there are to be. */
      readonly seeds?: { readonly path: string; readonly done: number; readonly of: number };
    };

/** Several runs that differ by their seed. */
export interface SeedsOutcome extends SeedsSummary {
  readonly status: "seeds";
  /** The folder that holds the runs, absolute. */
  readonly path: string;
  /** The seeds whose model is no better than guessing. */
  readonly notLearned: readonly number[];
}

/** A run with its data and warnings. */
export interface SoundRun {
  readonly job: SoundJob;
  readonly collection: AudioCollection;
  readonly report: SplitReport;
  readonly warnings: RunWarnings;
}
