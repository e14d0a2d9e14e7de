import type { AudioCollection, SplitParts } from "../../data/audio/index.ts";
import type { FeatureStore } from "../../data/audio/features/feature-store.ts";
import type { Job, Run } from "../run-kind.ts";
import type { SoundConfig } from "./sound-config.ts";

/** As {@link Job}, of sound. */
export interface SoundJob extends Job {
  readonly config: SoundConfig;
  readonly store: FeatureStore;
  readonly parts: SplitParts;
}

/** As {@link Run}, of sound. */
export interface SoundRun extends Run {
  readonly job: SoundJob;
  readonly collection: AudioCollection;
}
