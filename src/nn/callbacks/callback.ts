/** @file The hooks, data and controls that a callback has while a model is trained. */
import { AuricleError } from "../../errors.ts";
import { unknownOption } from "../../options.ts";
import type { FloatArray } from "../../tensor/array.ts";

/** Copies of all weights by path, running statistics included. */
export type Weights = ReadonlyMap<string, FloatArray>;

/** Figures of an epoch: loss, the metrics by name, and the same over the validation examples as valLoss, … */
export type EpochLogs = Readonly<Record<string, number>>;

/** Figures of one batch. */
export interface BatchLogs {
  /** The mean over the batch's examples, before the update. */
  readonly loss: number;
  /** Number of examples. */
  readonly size: number;
  /** The square root of the sum of all squared gradients, before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
}

/** The training that a callback belongs to. */
export interface TrainingControl {
  /** Number of the last epoch to come, plus 1. */
  readonly epochs: number;
  readonly batchesPerEpoch: number;
  /** The learning rate of the next update. Setting it replaces the optimizer's schedule from now on. */
  learningRate: number;
  getWeights(): Weights;
  setWeights(weights: Weights): void;
  /** Ends the training after this batch, or this epoch; `fit` returns as usual. */
  stop(): void;
}

/** The state that a callback needs to go on after a training that was interrupted. */
export interface CallbackState {
  /** Plain JSON. */
  readonly values: Readonly<Record<string, number | string | boolean | null>>;
  readonly weights?: Weights;
}

/**
 * Functions that `fit` calls, each may be async. Plain objects will do: `{ onEpochEnd: (epoch, logs) => … }`.
 * Epochs and batches are counted from 0. A callback that throws ends the training.
 */
export interface Callback {
  /** Under which its state is saved. */
  readonly name?: string;
  onTrainBegin?(training: TrainingControl): void | Promise<void>;
  onEpochBegin?(epoch: number, training: TrainingControl): void | Promise<void>;
  onBatchEnd?(batch: number, logs: BatchLogs, training: TrainingControl): void | Promise<void>;
  onEpochEnd?(epoch: number, logs: EpochLogs, training: TrainingControl): void | Promise<void>;
  /** After every callback's `onEpochEnd`, when the training's state is whole: the moment for a checkpoint. */
  onEpochComplete?(epoch: number, logs: EpochLogs, training: TrainingControl): void | Promise<void>;
  /** However the training ends: also after a stop, an abort or an error. */
  onTrainEnd?(training: TrainingControl): void | Promise<void>;
  /** For checkpoints; called between epochs. */
  state?(): CallbackState;
  /** Goes on from a saved state; called after `onTrainBegin` of a training that is resumed. */
  restore?(state: CallbackState): void;
}

const EVENTS = [
  "onTrainBegin",
  "onEpochBegin",
  "onBatchEnd",
  "onEpochEnd",
  "onEpochComplete",
  "onTrainEnd",
] as const satisfies readonly (keyof Callback)[];

/**
 * Refuses callbacks that would never be called.
 * @throws AuricleError "argument" for anything but an object, and for an unknown event
 */
export function checkCallbacks(callbacks: readonly Callback[]): void {
  callbacks.forEach((callback: unknown, i) => {
    if (typeof callback !== "object" || callback === null) {
      const came =
        typeof callback === "function"
          ? `the function ${callback.name}; call it: ${callback.name}({ … })`
          : String(callback);
      throw new AuricleError(
        "argument",
        `fit: callbacks[${i}] must be an object with functions, as { onEpochEnd(epoch, logs) { … } }; got ${came}`,
      );
    }
    const events: readonly string[] = EVENTS;
    const unknown = Object.keys(callback).find((key) => key.startsWith("on") && !events.includes(key));
    if (unknown !== undefined) throw unknownOption(`fit: callbacks[${i}]`, unknown, events);
  });
}
