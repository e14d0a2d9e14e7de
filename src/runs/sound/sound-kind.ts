/** @file Runs on recordings: what they do in their own way. Browser-safe. */

import { frontEndFingerprint } from "../../data/audio/features/front-end-fingerprint.ts";
import { samplesForSteps } from "../../data/audio/features/samples-for-steps.ts";
import { listenerOf } from "../../audio-model/audio-model.ts";
import { audioDescription } from "../../audio-model/description.ts";
import { outsideRange } from "../../audio-model/outside-range.ts";
import type { AudioClip, AudioCollection } from "../../data/audio/index.ts";
import { withClips } from "../../data/audio/collection.ts";
import type { FeatureStore } from "../../data/audio/features/feature-store.ts";
import type { MaskFill } from "../../data/audio/features/augment/masks.ts";
import { windowDataset, type WindowDataset } from "../../data/audio/features/windows/window-dataset.ts";
import { openAudioCollection } from "../../data/audio/open.ts";
import { obtainOptions } from "../../data/obtain-options.ts";
import type { Model, Network } from "../../nn/index.ts";
import { describeKept } from "../feature-cache.ts";
import type { Warn } from "../observer.ts";
import { TargetScale } from "../target-scale.ts";
import type {
  FirstNetwork,
  KnownSearch,
  ModelInput,
  OpenOptions,
  PlannedFacts,
  PrepareControls,
  RunKind,
  RunRequest,
} from "../run-kind.ts";
import type { TrainingConfig } from "../training-config.ts";
import { withPreviews } from "./clip-previews.ts";
import { evaluateClips, timesOf, type EvaluatedSound } from "./evaluate-clips.ts";
import { inputNormalization, maskFillOf } from "./input-statistics.ts";
import { knownIn } from "./known-clips.ts";
import { describeModelInput, modelInputFor, type SoundInput } from "./model-input.ts";
import { newConfig } from "./new-config.ts";
import { originalRecording } from "./original-recording.ts";
import { parseSoundConfig, type SoundConfig } from "./sound-config.ts";
import { prepareCollection, readableCollection } from "./sound-data.ts";
import type { SoundJob } from "./sound-job.ts";
import { buildSoundModel, describeSoundModel } from "./sound-model.ts";
import { soundFacts } from "./report-facts.ts";
import { surveyRecordings } from "./survey-recordings.ts";

export const SOUND: RunKind = {
  name: "sound",
  parseConfig: parseSoundConfig,

  open(data: string, { strict, splitName, task, ...controls }: OpenOptions) {
    return openAudioCollection(data, { ...obtainOptions(controls), strict, splitName, task });
  },

  chooseInput(
    request: RunRequest,
    collection: AudioCollection,
    first: FirstNetwork | undefined,
    warn: Warn,
  ): Promise<ModelInput> {
    return modelInputFor(request, collection, first, warn);
  },

  prepare(collection: AudioCollection, input: SoundInput, controls: PrepareControls) {
    return prepareCollection(collection, input, controls);
  },

  readable: readableCollection,
  withExamples: (collection: AudioCollection, clips: readonly AudioClip[]) => withClips(collection, clips),

  findKnown(collection: AudioCollection, search: KnownSearch, compare: boolean, controls: PrepareControls) {
    return knownIn(collection, search, compare, controls);
  },

  newConfig(
    request: RunRequest,
    collection: AudioCollection,
    { input, store, split, examples }: SoundFacts,
  ): TrainingConfig {
    return newConfig(request, collection, { ...input, stepShape: store.stepShape, split, clips: examples });
  },

  async build({ config, store, parts, targetScale, engine }: Omit<SoundJob, "path">): Promise<Model> {
    const inputShape = [config.windowFrames, ...store.stepShape];
    const normalization = await inputNormalization({ config, store, parts });
    return buildSoundModel(config, { inputShape, normalization, targetScale }, engine);
  },

  describe(network: Network, { config, targetScale, engine }: Omit<SoundJob, "path">): Model {
    return describeSoundModel(network, config, targetScale, engine);
  },

  async training(job: Omit<SoundJob, "path">, network: Network): Promise<WindowDataset> {
    return trainingWindows(job, await maskFillOf(job, network));
  },

  keptRows({ store, config }: Omit<SoundJob, "path">) {
    const { frontEnd, kept } = store;
    const front = frontEndFingerprint(frontEnd, samplesForSteps(frontEnd, 1));
    return { folder: kept?.folder, input: [front, config.windowFrames] };
  },

  heldOut({ store, config }: Omit<SoundJob, "path">, clips: readonly AudioClip[]) {
    return windowDataset(store, clips, { mode: "regular", windowFrames: config.windowFrames });
  },

  windowTimes({ store, config }: Omit<SoundJob, "path">, clip: AudioClip) {
    const { windowFrames } = config;
    const dataset = windowDataset(store, [clip], { mode: "regular", windowFrames });
    return Array.from({ length: dataset.length }, (_, i) => {
      const { start, end } = timesOf(dataset, i, { store, windowFrames });
      return { start: clip.start + start, end: clip.start + end };
    });
  },

  evaluate(model: EvaluatedSound, store: FeatureStore, clips: readonly AudioClip[]) {
    return evaluateClips(model, store, clips);
  },

  scaleOf(model: Model, path: string) {
    const { targetScale } = audioDescription(model.metadata, path);
    return targetScale && new TargetScale(targetScale);
  },

  original: (_: AudioCollection, clip: AudioClip) => originalRecording(clip),

  seconds: (store: FeatureStore, clip: AudioClip) => store.duration(clip),

  notes(config: SoundConfig): string[] {
    const note = describeModelInput(config);
    return note === undefined ? [] : [note];
  },

  describeKept: (store: FeatureStore) => describeKept(store, "features"),
  report: soundFacts,

  withPreviews,

  async warnOfRange(
    model: Model,
    config: SoundConfig,
    { clips, name }: AudioCollection,
    warn: Warn,
    path: string,
  ): Promise<void> {
    const { heard } = audioDescription(model.metadata, path);
    if (!heard) return;
    const { range } = await surveyRecordings(clips);
    const outside = range ? outsideRange(range, heard, listenerOf(config.frontEnd, model)) : [];
    for (const { message } of outside) await warn(`${name} ${message}`);
  },
};

/** As {@link PlannedFacts}, of sound. */
interface SoundFacts extends PlannedFacts {
  readonly input: SoundInput;
  readonly store: FeatureStore;
}

/** Returns the windows that a run is trained on. @param maskFill the value that masks fill in */
export function trainingWindows(
  { config, store, parts, targetScale }: Omit<SoundJob, "path">,
  maskFill: MaskFill,
): WindowDataset {
  const { windowFrames, windowsPerClip, seed, balance, augmentation, classNames } = config;
  return windowDataset(store, targetScale ? targetScale.standardiseExamples(parts.train) : parts.train, {
    mode: "random",
    name: "training",
    windowFrames,
    windowsPerClip,
    seed,
    balanced: balance === "sampling",
    augmentation,
    maskFill,
    classNames,
  });
}
