/** @file A data set of pictures, changed at random for training. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { deriveKey } from "../../random/generator.ts";
import { writeUnits } from "../../runtime/unit-bytes.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { Example } from "../collection/collection.ts";
import { balancedSchedule, type Schedule } from "../balanced-schedule.ts";
import type { MixedIn } from "../audio/features/augment/mixup.ts";
import { checkRead, type Dataset, type Following } from "../dataset.ts";
import { pictureAugmenter } from "./augment/augmenter.ts";
import type { PictureAugmentationConfig } from "./augment/config.ts";
import { placesOf } from "./picture-places.ts";
import type { PixelFormat } from "./pixels/messages.ts";
import { ResidentPictures } from "./resident-pictures.ts";
import { shownValue } from "../../shown-value.ts";

/** Pixels by example: a `PixelStore`, or any other. */
export interface PixelSource {
  readonly format: Pick<PixelFormat, "width" | "height" | "channels">;
  has(example: Example): boolean;
  /** `[height, width, channels]`. */
  read(example: Example): Uint8Array;
  /** Where pixels stay in memory: the same as `read` gives, each time. */
  inMemory?(example: Example): Uint8Array | undefined;
}

export interface PictureDatasetOptions {
  /** In messages. Default "pictures". */
  readonly name?: string;
  readonly classNames?: readonly string[];
  /** The numbers that the bytes 0 and 255 become. Default [0, 1]. */
  readonly range?: readonly [number, number];
  /** Default "none". */
  readonly augmentation?: PictureAugmentationConfig;
  /** The seed of the random changes and of a balanced order. Default 0. */
  readonly seed?: number;
  /** Whether each class is equally often in an epoch, as far as it has pictures at all. Default false: each picture once. */
  readonly balanced?: boolean;
}

const OPTIONS: OptionNames<PictureDatasetOptions> = {
  name: true,
  classNames: true,
  range: true,
  augmentation: true,
  seed: true,
  balanced: true,
};

export interface PictureDataset extends Dataset {
  /** The pictures, in order. */
  readonly examples: readonly Example[];
  /** The time spent on reading and augmentation so far, in seconds. */
  readonly timings: { readonly read: number; readonly augment: number };
}

/**
 * A data set of pictures. Inputs are `[height, width, channels]`, targets are the examples' as float32. Pictures that the store has
 * not are left out.
 *
 * The random changes depend on the seed, the epoch and the example's id alone (mixup on the batch as well): not on other examples,
 * nor on what was read before, nor on the number of threads.
 * @throws AuricleError "argument" for options out of range; "data" without a picture, and for targets of different lengths.
 */
export function pictureDataset(
  store: PixelSource,
  examples: readonly Example[],
  options: PictureDatasetOptions = {},
): PictureDataset {
  checkOptions("pictureDataset", options, OPTIONS, "store, examples, ");
  const { name = "pictures", range = [0, 1], augmentation = "none", seed = 0, classNames } = options;
  const { balanced = false } = options;
  const usable = examples.filter((example) => store.has(example));
  checkExamples(name, usable);
  checkRange(name, range);
  const { width, height, channels } = store.format;
  const shape = [height, width, channels] as const;
  const size = sizeOf(shape);
  const targetSize = usable[0].target.length;
  const augmenter = augmentation === "none" ? undefined : pictureAugmenter(augmentation, shape);
  const schedule = scheduleOf(name, usable, balanced, seed);
  // A balanced data set has other pictures in each epoch at a place, but of the same class.
  const labels = Int32Array.from(usable, (_, place) => usable[schedule.exampleOf(place)].label);
  const timings = { read: 0, augment: 0 };
  const places = placesOf(store, usable);
  const { buffers, bufferOf, offsets } = places;
  const resident = new ResidentPictures(places, size);
  const pixelsOf = (place: number) =>
    bufferOf[place] < 0
      ? store.read(usable[place])
      : buffers[bufferOf[place]].subarray(offsets[place], offsets[place] + size);
  const writeTarget = targetWriter(usable, targetSize);
  let isTrained = false;
  let epoch = 0;
  let followers: Following | undefined;
  const keyOf = ({ id }: Example, turn: number) => {
    const key = deriveKey(seed, "picture", epoch, id);
    return turn === 0 ? key : deriveKey(key, "turn", turn);
  };
  /** The picture that follows a share of a batch, changed as it is on the rank that has it; undefined where that is the share's first. */
  const follower = (indices: ArrayLike<number>): MixedIn | undefined => {
    const index = followers?.get(indices[indices.length - 1]);
    if (index === undefined || index === indices[0]) return undefined;
    const place = schedule.exampleOf(index);
    const one = { input: new Float32Array(size), target: new Float32Array(targetSize) };
    writeUnits([pixelsOf(place)], one.input);
    writeTarget(place, one.target, 0);
    augmenter?.one(one.input, keyOf(usable[place], schedule.turnOf(index)));
    return one;
  };
  const dataset: PictureDataset = {
    name,
    examples: usable,
    timings,
    length: usable.length,
    inputShape: shape,
    axisNames: ["height", "width", "channel"],
    targetShape: [targetSize],
    targetDtype: "float32",
    ...(classNames && { classNames }),
    ...(labels.every((label) => label >= 0) && { labels }),
    beginEpoch(number, _order, _batchSize, following) {
      epoch = number;
      followers = following;
      isTrained = true;
      schedule.beginEpoch?.(number);
    },
    read(indices, inputs, targets) {
      checkRead(dataset, indices, inputs, targets);
      const start = performance.now();
      const batch = inputs.subarray(0, indices.length * size);
      const keys = new Uint32Array(indices.length);
      const chosen = new Uint32Array(indices.length);
      for (let i = 0; i < indices.length; i++) {
        const place = schedule.exampleOf(indices[i]);
        chosen[i] = place;
        writeTarget(place, targets, i * targetSize);
        if (augmenter) keys[i] = keyOf(usable[place], schedule.turnOf(indices[i]));
      }
      // Pictures that are read once need not be copied into the network's memory.
      if (!isTrained || !resident.write(chosen, batch)) writeUnits(Array.from(chosen, pixelsOf), batch);
      const read = performance.now();
      if (augmenter && targets instanceof Float32Array) {
        keys.forEach((key, i) => augmenter.one(batch.subarray(i * size, (i + 1) * size), key));
        const following = augmenter.mixes ? follower(indices) : undefined;
        augmenter.batch(batch, targets.subarray(0, indices.length * targetSize), keys, following);
      }
      scaleTo(batch, range);
      timings.read += (read - start) / 1000;
      timings.augment += (performance.now() - read) / 1000;
    },
  };
  return dataset;
}

/** Writes the target of an example. One class of several is written as that: its number takes less memory than its target. */
function targetWriter(
  examples: readonly Example[],
  size: number,
): (example: number, targets: Float32Array | Int32Array, at: number) => void {
  const labels = Int32Array.from(examples, ({ label }) => label);
  const isClass = ({ target, label }: Example) =>
    label >= 0 && label < size && target.every((value, i) => value === (i === label ? 1 : 0));
  if (examples.every(isClass)) {
    return (example, targets, at) => {
      for (let t = 0; t < size; t++) targets[at + t] = 0;
      targets[at + labels[example]] = 1;
    };
  }
  return (example, targets, at) => targets.set(examples[example].target, at);
}

const EACH_ONCE: Schedule = { exampleOf: (place) => place, turnOf: () => 0 };

/** @throws AuricleError "argument" where pictures without a class are to be balanced. */
function scheduleOf(name: string, examples: readonly Example[], balanced: boolean, seed: number): Schedule {
  if (!balanced) return EACH_ONCE;
  const labels = examples.map(({ label }) => label);
  const unlabelled = labels.findIndex((label) => label < 0);
  if (unlabelled < 0) return balancedSchedule(labels, examples.length, seed);
  throw new AuricleError(
    "argument",
    `data set "${name}": balanced needs one class for each picture; ${examples[unlabelled].id} has none`,
  );
}

/** From 0 … 1, where the augmentations work. */
function scaleTo(values: Float32Array, [low, high]: readonly [number, number]): void {
  if (low === 0 && high === 1) return;
  for (let i = 0; i < values.length; i++) values[i] = low + values[i] * (high - low);
}

function checkExamples(name: string, examples: readonly Example[]): void {
  if (examples.length === 0) {
    throw new AuricleError("data", `data set "${name}": no picture could be read; see the store's problems`);
  }
  const { length } = examples[0].target;
  const other = examples.find(({ target }) => target.length !== length);
  if (!other) return;
  throw new AuricleError(
    "data",
    `data set "${name}": all targets must have the same length; got ${length} for ${examples[0].id} and ` +
      `${other.target.length} for ${other.id}`,
  );
}

function checkRange(name: string, range: readonly [number, number]): void {
  const [low, high] = range;
  if (range.length === 2 && Number.isFinite(low) && Number.isFinite(high) && low < high) return;
  throw new AuricleError(
    "argument",
    `data set "${name}": range must be [low, high]; got ${shownValue(range)}`,
  );
}
