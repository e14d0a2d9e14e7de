/** @file Types of a run on sound: its request, its data, and its outcome. */

import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import type { AudioCollection, SplitFractions, SplitReport } from "../../data/audio/index.ts";
import type { AudioModelName } from "../../models/index.ts";
import type { SeedsSummary } from "../../report/index.ts";
import type { EpochMetrics } from "../metrics-log.ts";
import type { RunWarnings } from "../run-warnings.ts";
import type { RunControls } from "../train-in-folder.ts";
import type { RecipeName } from "./recipes.ts";
import type { SoundConfig } from "./sound-config.ts";
import type { SoundResult } from "./sound-result.ts";
import type { SoundJob } from "./train-sound.ts";

/** A request for a new run; anything left out has a default that depends on the data and the model. */
export interface SoundRequest {
  /** A data set's name, or the path of a folder or a list. */
  readonly data: string;
  /** Where the data can be read in several ways. */
  readonly reading: SoundConfig["reading"];
  readonly model: AudioModelName;
  /** Where what is left out comes from. Default "default". */
  readonly recipe?: RecipeName;
  readonly seed: number;
  /** Default: the model's own. */
  readonly frontEnd?: FrontEndOptions;
  /** Seconds of sound that the network hears at once. Default: the model's own. */
  readonly windowSeconds?: number;
  /** Default 0.85, 0.10, 0.05. */
  readonly fractions?: SplitFractions;
  /** Default true. */
  readonly official?: boolean;
  readonly fold?: { readonly of: number; readonly number: number };
  readonly force?: boolean;
  /** Whether to keep clips that hold the same sound in one part. Default true. */
  readonly duplicates?: boolean;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly optimizer?: SoundConfig["optimizer"];
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly schedule?: SoundConfig["schedule"];
  readonly labelSmoothing?: number;
  readonly balance?: SoundConfig["balance"];
  /** false: none; true: what suits the front end. Default: as the recipe has it, true in the default one. */
  readonly augment?: boolean;
  /** null: never stop early. Default: as the recipe has it, 10 in the default one. */
  readonly patience?: number | null;
  readonly transfer?: SoundConfig["transfer"];
  readonly target?: SoundConfig["target"];
  /** Default: "fixed". */
  readonly algorithms?: SoundConfig["algorithms"];
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
