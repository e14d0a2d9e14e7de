/**
 * @file Windows of clips as a data set: cut out of stored features, augmented, with the clip's target.
 * Browser-safe.
 *
 * A batch is put together when it is asked for, by the thread that trains. For 32 windows of 129 × 128
 * numbers, cutting them out takes 0.2 ms from memory and 0.6 ms from files that the operating system has in
 * memory, gain and masks 1.2 ms (one core of a 2-core server), far less than a step of training on them. And
 * the engine computes on all processors, so that threads that read ahead would cost it the time that they save.
 * Waveforms cost more where noise is added, 13 ns a sample, and so do the networks that take them.
 */

import { AuricleError } from "../../../../errors.ts";
import { checkOptionList, type OptionNames } from "../../../../options.ts";
import { sizeOf } from "../../../../tensor/shape.ts";
import { balancedSchedule } from "../../../balanced-schedule.ts";
import { checkRead, type Dataset, type Following } from "../../../dataset.ts";
import type { AudioClip } from "../../collection.ts";
import { augmenter, type Augmenter } from "../augment/augmenter.ts";
import type { MixedIn } from "../augment/mixup.ts";
import type { AugmentationConfig } from "../augment/config.ts";
import type { MaskFill, WindowShape } from "../augment/masks.ts";
import type { FeatureStore } from "../feature-store.ts";
import { everyClip, randomWindows } from "./random-windows.ts";
import { regularWindows } from "./regular-windows.ts";
import type { WindowPlan } from "./window-plan.ts";
import { shownValue } from "../../../../shown-value.ts";

interface CommonOptions {
  /** Steps of time of one window; samples for a waveform. */
  readonly windowFrames: number;
  /** Default "clips". */
  readonly name?: string;
  /** Names of the numbers in a target. */
  readonly classNames?: readonly string[];
}

/** Windows at random positions, others in each epoch: for training. */
export interface RandomWindowOptions extends CommonOptions {
  readonly mode: "random";
  /** Windows of each clip in an epoch. Default 1. */
  readonly windowsPerClip?: number;
  /** Same seed and epoch, same windows and augmentation. Default 0. */
  readonly seed?: number;
  /**
   * Each class equally often in an epoch, to within one window, instead of each clip; the number of windows
   * stays. Default false.
   */
  readonly balanced?: boolean;
  /** Default "none". */
  readonly augmentation?: AugmentationConfig;
  /**
   * The new value of masked values, which should mean nothing to the network: one number for each value of a step,
   * `[…store.stepShape]`, such as the training mean of each bin; or "mean", of each channel over the window, for networks
   * that normalise each example by itself. Default "mean".
   */
  readonly maskFill?: MaskFill;
}

/** Evenly spaced windows, the same in each epoch: for evaluation. */
export interface RegularWindowOptions extends CommonOptions {
  readonly mode: "regular";
  /** Default: for each clip the fewest that leave no step out. */
  readonly windowsPerClip?: number;
}

const REGULAR_OPTIONS: OptionNames<RegularWindowOptions> = {
  windowFrames: true,
  name: true,
  classNames: true,
  mode: true,
  windowsPerClip: true,
};

const RANDOM_OPTIONS: OptionNames<RandomWindowOptions> = {
  ...REGULAR_OPTIONS,
  seed: true,
  balanced: true,
  augmentation: true,
  maskFill: true,
};

export type WindowDatasetOptions = RandomWindowOptions | RegularWindowOptions;

export interface WindowDataset extends Dataset {
  /** The clips that the windows are of. */
  readonly clips: readonly AudioClip[];
  /** Index in `clips` of an example's clip, in the present epoch. */
  clipOf(example: number): number;
  /** First step of an example's window, in the present epoch. */
  firstFrameOf(example: number): number;
  /** The time spent on reading so far, in seconds, for which training waited. */
  readonly timings: { readonly read: number; readonly augment: number };
}

/**
 * A data set of windows. Inputs are `[windowFrames, …store.stepShape]`, targets are the clips' as float32.
 *
 * Clips among the store's problems are left out. Every clip must have a whole window: `prepareFeatures` pads
 * shorter recordings with silence to `minimumFrames`.
 * @throws AuricleError "argument" for options out of range and clips shorter than a window; "data" when no
 * clip is left.
 */
export function windowDataset(
  store: FeatureStore,
  clips: readonly AudioClip[],
  options: WindowDatasetOptions,
): WindowDataset {
  checkOptionList(
    "windowDataset",
    options,
    Object.keys(options?.mode === "random" ? RANDOM_OPTIONS : REGULAR_OPTIONS),
    "store, clips, ",
  );
  const { name = "clips", windowFrames, windowsPerClip } = options;
  checkCount(name, "windowFrames", windowFrames);
  if (windowsPerClip !== undefined) checkCount(name, "windowsPerClip", windowsPerClip);
  const usable = clips.filter((clip) => store.has(clip));
  checkClips(name, store, usable, windowFrames);
  const plan = planWindows(name, store, usable, options);
  return new ClipWindows(name, store, usable, plan, options);
}

function checkCount(name: string, option: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new AuricleError(
    "argument",
    `data set "${name}": ${option} must be a whole number from 1; got ${shownValue(value)}`,
  );
}

function checkMaskFill(name: string, fill: MaskFill, size: number): void {
  if (fill === "mean" || fill.length === size) return;
  throw new AuricleError(
    "argument",
    `data set "${name}": maskFill must be "mean" or ${size} numbers, one for each value of a step; got ${fill.length}`,
  );
}

function checkClips(
  name: string,
  store: FeatureStore,
  clips: readonly AudioClip[],
  windowFrames: number,
): void {
  if (clips.length === 0) {
    const problems = store.problems.slice(0, 3).map(({ path, problem }) => `${path}: ${problem}`);
    throw new AuricleError("data", [`data set "${name}": no clip could be read`, ...problems].join("\n"));
  }
  for (const clip of clips) {
    if (store.frames(clip) < windowFrames) {
      throw new AuricleError(
        "argument",
        `data set "${name}": a window has ${windowFrames} steps, and ${clip.id} has ${store.frames(clip)}; ` +
          `prepare the features with minimumFrames: ${windowFrames}`,
      );
    }
    if (clip.target.length !== clips[0].target.length) {
      throw new AuricleError(
        "data",
        `data set "${name}": all targets must have the same length; got ${clips[0].target.length} for ` +
          `${clips[0].id} and ${clip.target.length} for ${clip.id}`,
      );
    }
  }
}

function planWindows(
  name: string,
  store: FeatureStore,
  clips: readonly AudioClip[],
  options: WindowDatasetOptions,
): WindowPlan {
  const frames = clips.map((clip) => store.frames(clip));
  if (options.mode === "regular") return regularWindows(frames, options.windowFrames, options.windowsPerClip);
  const { windowFrames, windowsPerClip = 1, seed = 0, balanced = false } = options;
  const labels = clips.map(({ label }) => label);
  const unlabelled = labels.findIndex((label) => label < 0);
  if (balanced && unlabelled >= 0) {
    throw new AuricleError(
      "argument",
      `data set "${name}": balanced needs one class for each clip; ${clips[unlabelled].id} has none`,
    );
  }
  const length = clips.length * windowsPerClip;
  const schedule = balanced ? balancedSchedule(labels, length, seed) : everyClip(windowsPerClip);
  return randomWindows(clips, frames, windowFrames, schedule, length, seed);
}

class ClipWindows implements WindowDataset {
  readonly name: string;
  readonly clips: readonly AudioClip[];
  readonly length: number;
  readonly inputShape: readonly number[];
  readonly axisNames: readonly string[];
  readonly targetShape: readonly number[];
  readonly targetDtype = "float32";
  readonly classNames?: readonly string[];
  readonly labels?: Int32Array;
  readonly timings = { read: 0, augment: 0 };
  private readonly store: FeatureStore;
  private readonly plan: WindowPlan;
  private readonly augmentation: Augmenter | undefined;
  private followers: Following | undefined;

  constructor(
    name: string,
    store: FeatureStore,
    clips: readonly AudioClip[],
    plan: WindowPlan,
    options: WindowDatasetOptions,
  ) {
    const { windowFrames, classNames } = options;
    this.name = name;
    this.store = store;
    this.clips = clips;
    this.plan = plan;
    this.length = plan.length;
    this.inputShape = [windowFrames, ...store.stepShape];
    this.axisNames = store.frontEnd.axisNames;
    this.targetShape = [clips[0].target.length];
    if (classNames) this.classNames = classNames;
    // A balanced data set has other clips in each epoch at a place, but of the same class.
    const labels = Int32Array.from({ length: plan.length }, (_, i) => clips[plan.clipOf(i)].label);
    if (labels.every((label) => label >= 0)) this.labels = labels;
    if (options.mode === "random" && options.augmentation && options.augmentation !== "none") {
      const [bins, channels] = store.stepShape.length === 2 ? store.stepShape : [1, store.stepShape[0]];
      const shape: WindowShape = [windowFrames, bins, channels];
      const { maskFill = "mean" } = options;
      checkMaskFill(name, maskFill, bins * channels);
      this.augmentation = augmenter(options.augmentation, store.frontEnd.config, shape, maskFill);
    }
  }

  clipOf(example: number): number {
    return this.plan.clipOf(example);
  }

  firstFrameOf(example: number): number {
    return this.plan.firstFrame(example);
  }

  beginEpoch(epoch: number, _order: Uint32Array, _batchSize: number, following?: Following): void {
    this.followers = following;
    this.plan.beginEpoch?.(epoch);
  }

  read(
    indices: ArrayLike<number>,
    inputs: Float32Array,
    targets: Float32Array | Int32Array,
  ): void | Promise<void> {
    checkRead(this, indices, inputs, targets);
    const missing = this.assemble(indices, inputs, targets);
    return missing && this.readMissing(missing, indices, inputs, targets);
  }

  /** Features that another process removed from the cache are computed again. */
  private async readMissing(
    missing: AudioClip,
    indices: ArrayLike<number>,
    inputs: Float32Array,
    targets: Float32Array | Int32Array,
  ): Promise<void> {
    for (let clip: AudioClip | undefined = missing; clip;) {
      await this.store.read(clip, 0, 1);
      clip = this.assemble(indices, inputs, targets);
    }
  }

  /**
   * Reads the window that follows a share of a batch, changed as it is on the rank that has it.
   * @returns undefined where that is the share's first window; a clip whose features are gone
   */
  private follower(indices: ArrayLike<number>): MixedIn | { readonly missing: AudioClip } | undefined {
    const { plan, store } = this;
    const index = this.followers?.get(indices[indices.length - 1]);
    if (index === undefined || index === indices[0]) return undefined;
    const clip = this.clips[plan.clipOf(index)];
    const input = new Float32Array(sizeOf(this.inputShape));
    if (!store.readNow(clip, plan.firstFrame(index), input)) return { missing: clip };
    this.augmentation?.one(input, plan.key(index));
    return { input, target: Float32Array.from(clip.target) };
  }

  /** Puts a batch together; stops at a clip whose features are gone, and returns it. */
  private assemble(
    indices: ArrayLike<number>,
    inputs: Float32Array,
    targets: Float32Array | Int32Array,
  ): AudioClip | undefined {
    const { plan, store, timings } = this;
    const size = sizeOf(this.inputShape);
    const [targetSize] = this.targetShape;
    const start = performance.now();
    for (let i = 0; i < indices.length; i++) {
      const clip = this.clips[plan.clipOf(indices[i])];
      const window = inputs.subarray(i * size, (i + 1) * size);
      if (!store.readNow(clip, plan.firstFrame(indices[i]), window)) return clip;
      targets.set(clip.target, i * targetSize);
    }
    const following = this.augmentation?.mixes ? this.follower(indices) : undefined;
    if (following && "missing" in following) return following.missing;
    const read = performance.now();
    if (this.augmentation && targets instanceof Float32Array) {
      const keys = Array.from(indices, (index) => plan.key(index));
      const rows = { inputs: inputs.subarray(0, keys.length * size), targets, targetSize };
      augmentBatch(this.augmentation, keys, rows, following);
    }
    timings.read += (read - start) / 1000;
    timings.augment += (performance.now() - read) / 1000;
    return undefined;
  }
}

function augmentBatch(
  augmentation: Augmenter,
  keys: readonly number[],
  {
    inputs,
    targets,
    targetSize,
  }: { readonly inputs: Float32Array; readonly targets: Float32Array; readonly targetSize: number },
  following: MixedIn | undefined,
): void {
  const size = inputs.length / keys.length;
  keys.forEach((key, i) => augmentation.one(inputs.subarray(i * size, (i + 1) * size), key));
  augmentation.batch(inputs, targets.subarray(0, keys.length * targetSize), keys, following);
}
