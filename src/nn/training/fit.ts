/** @file The training loop. */
import { AuricleError } from "../../errors.ts";
import { deriveKey, Generator } from "../../random/generator.ts";
import { beginPhase } from "../../runtime/recording.ts";
import {
  checkCallbacks,
  type BatchLogs,
  type Callback,
  type EpochLogs,
  type TrainingControl,
} from "../callbacks/callback.ts";
import { isMonitoringSchedule } from "../schedules/index.ts";
import type { BatchReader } from "./batch-reader.ts";
import { checkedClassWeights, type ClassWeights } from "./check-examples.ts";
import { perOutput, type GivenPerOutput } from "../per-output.ts";
import { checkBatchSize, checkNotEmpty, evaluateSource, Figures, indexRange, readerOf } from "./evaluate.ts";
import { refuseUntrained, type ExampleSource } from "./example-source.ts";
import { takeTurn } from "./pause.ts";
import type { SharedTraining, TrainingShare } from "./share-training.ts";
import { trainBatch } from "./train-batch.ts";
import type { History, StepResult, Trainer } from "./trainer.ts";
import { shownValue } from "../../shown-value.ts";

/** Options of `fit` that do not depend on the form of the examples. */
export interface LoopOptions {
  /** The number of the last epoch, plus 1; so with `initialEpoch: 3, epochs: 5` two are done. Default 1, as in Keras. */
  readonly epochs?: number;
  /** Default 32, as in Keras. The last batch of an epoch may be smaller. */
  readonly batchSize?: number;
  /** Takes the examples in another random order each epoch, which depends on the model's seed and the epoch. Default true. */
  readonly shuffle?: boolean;
  /**
   * Multiplies the loss of the examples of each class, in training only; classes left out have weight 1. For several
   * outputs: the weights of those whose loss is over classes, by name.
   */
  readonly classWeight?: GivenPerOutput<ClassWeights>;
  readonly callbacks?: Callback | readonly Callback[];
  /** Default 0. */
  readonly initialEpoch?: number;
  /**
   * Goes on where the training of this model stopped, also after `loadModel`: with its next epoch, its history and
   * the state of callbacks of the same names. The result is bit for bit that of one training. Default false.
   */
  readonly resume?: boolean;
  /** Ends the training after the current batch; `fit` then returns as usual, best weights restored. For Ctrl-C. */
  readonly signal?: AbortSignal;
  /**
   * When the loss or a gradient becomes NaN or infinite: throws an error that names the layer and the operation it
   * came from. The weights stay as before that step. Default true.
   */
  readonly terminateOnNaN?: boolean;
  /**
   * Trains this model in several processes, each on a share of every batch: `shareTraining(ranks)`. All must call `fit` with the same
   * model, examples and options. The losses are those of one process with the same `batchSize`, up to rounding, unless a layer is a batch normalisation without
   * `syncBatchNorm`: that has the statistics of each rank's share, and the mean of their running values. Callbacks run on all ranks. Default: this process alone.
   */
  readonly share?: TrainingShare;
}

/** @throws AuricleError for options that make no sense, unusable examples, and "numeric" as `terminateOnNaN` says. */
export function fitSource(
  trainer: Trainer,
  source: ExampleSource,
  validation: ExampleSource | undefined,
  options: LoopOptions,
): Promise<History> {
  return new Loop(trainer, source, validation, options).run();
}

class Loop {
  private readonly trainer: Trainer;
  private readonly source: ExampleSource;
  private readonly validation: ExampleSource | undefined;
  private readonly options: LoopOptions;
  private readonly callbacks: readonly Callback[];
  private readonly reader: BatchReader;
  private readonly validationReader: BatchReader | undefined;
  private readonly batchSize: number;
  private readonly epochs: number;
  private readonly control: TrainingControl;
  private shared: SharedTraining | undefined;
  private stopped = false;
  /** With several ranks: that all know of the end. */
  private agreed = false;

  constructor(
    trainer: Trainer,
    source: ExampleSource,
    validation: ExampleSource | undefined,
    options: LoopOptions,
  ) {
    const { batchSize = 32, epochs = 1, callbacks = [], classWeight } = options;
    checkBatchSize(batchSize);
    checkNotEmpty(source, "training");
    if (validation) checkNotEmpty(validation, "validation");
    if (!Number.isInteger(epochs) || epochs < 0) {
      throw new AuricleError(
        "argument",
        `fit: epochs must be a whole number, 0 or more; got ${shownValue(epochs)}`,
      );
    }
    this.trainer = trainer;
    this.source = source;
    this.validation = validation;
    this.options = options;
    this.callbacks = isList(callbacks) ? callbacks : [callbacks];
    checkCallbacks(this.callbacks);
    this.reader = readerOf(trainer, source, classWeightsFor(trainer, classWeight));
    this.validationReader = validation && readerOf(trainer, validation);
    this.batchSize = batchSize;
    this.epochs = epochs;
    this.control = this.makeControl();
  }

  async run(): Promise<History> {
    const { trainer, options } = this;
    trainer.checkIdle();
    const first = this.firstEpoch();
    trainer.busy = true;
    try {
      const { shuffle = true, classWeight } = options;
      const { share, terminateOnNaN } = options;
      const { source, reader } = this;
      this.shared = share?.({ trainer, source, reader, evenIfNotFinite: terminateOnNaN === false });
      await this.shared?.compare(JSON.stringify({ ...this.sizes(), first, shuffle, classWeight }));
      if (!options.resume) trainer.history = {};
      await this.callEach((callback) => callback.onTrainBegin?.(this.control));
      if (options.resume) this.restoreCallbacks();
      try {
        for (let epoch = first; epoch < this.epochs && !this.ended(); epoch++) await this.runEpoch(epoch);
      } finally {
        await this.callEach((callback) => callback.onTrainEnd?.(this.control));
      }
    } finally {
      trainer.busy = false;
    }
    return Object.fromEntries(Object.entries(trainer.history).map(([name, column]) => [name, [...column]]));
  }

  private firstEpoch(): number {
    const { initialEpoch, resume } = this.options;
    if (resume && initialEpoch !== undefined) {
      throw new AuricleError("argument", "fit: give initialEpoch or resume, not both");
    }
    const first = resume ? this.trainer.epoch : (initialEpoch ?? 0);
    if (!Number.isInteger(first) || first < 0) {
      throw new AuricleError("argument", `fit: initialEpoch must be a whole number, 0 or more; got ${first}`);
    }
    return first;
  }

  private sizes() {
    const { batchSize, epochs } = this;
    return { batchSize, epochs };
  }

  /** All ranks end together, or some would wait for others. */
  private ended(): boolean {
    return this.shared ? this.agreed : this.wantsToEnd();
  }

  private wantsToEnd(): boolean {
    return this.stopped || this.options.signal?.aborted === true;
  }

  private async runEpoch(epoch: number): Promise<void> {
    const { trainer, source } = this;
    await this.callEach((callback) => callback.onEpochBegin?.(epoch, this.control));
    const endPhase = beginPhase("epoch");
    const order = indexRange(0, source.length);
    if (this.options.shuffle ?? true) {
      new Generator(deriveKey(trainer.network.seed, "shuffle", epoch)).shuffle(order);
    }
    const own = this.shared?.ownOrder(order, this.batchSize);
    source.beginEpoch?.(epoch, own?.order ?? order, own?.batchSize ?? this.batchSize, own?.following);
    const figures = new Figures(trainer);
    let { learningRate } = trainer;
    for (let batch = 0; batch * this.batchSize < source.length; batch++) {
      // An epoch that was cut short is not counted: resuming does it again.
      if (this.ended()) return;
      const indices = order.subarray(batch * this.batchSize, (batch + 1) * this.batchSize);
      const logs = await this.runBatch(epoch, batch, indices, figures);
      learningRate = logs.learningRate;
      for (const callback of this.callbacks) {
        const pending = callback.onBatchEnd?.(batch, logs, this.control);
        if (pending) await pending;
      }
    }
    this.reader.checking = false;
    const logs: EpochLogs = {
      ...figures.results(),
      ...(await this.validate()),
      learningRate,
    };
    endPhase();
    await this.endEpoch(epoch, logs);
    if (this.shared) {
      this.agreed = await this.shared.agree(this.wantsToEnd(), `the end of epoch ${epoch + 1}`);
    }
  }

  private async runBatch(
    epoch: number,
    batch: number,
    indices: Uint32Array,
    figures: Figures,
  ): Promise<BatchLogs> {
    const { trainer, source, reader } = this;
    const when = `epoch ${epoch + 1}, batch ${batch + 1}`;
    const result = this.shared
      ? await this.runShared(this.shared, indices, figures, when)
      : await trainBatch(
          { trainer, source, reader, evenIfNotFinite: this.options.terminateOnNaN === false },
          indices,
          figures,
          when,
        );
    const turn = takeTurn();
    if (turn) await turn;
    return { ...result, size: indices.length };
  }

  private async runShared(
    shared: SharedTraining,
    indices: Uint32Array,
    figures: Figures,
    when: string,
  ): Promise<StepResult> {
    const { isLast, ...result } = await shared.step(indices, figures, this.wantsToEnd(), when);
    this.agreed = isLast;
    return result;
  }

  private async validate(): Promise<Record<string, number>> {
    const { validation, validationReader } = this;
    if (!validation || !validationReader) return {};
    const endPhase = beginPhase("validation");
    const results = await evaluateSource(this.trainer, validation, this.batchSize, validationReader);
    endPhase();
    validationReader.checking = false;
    const renamed = Object.entries(results).map(
      ([name, value]) => [validationName(this.trainer, name), value] as const,
    );
    return Object.fromEntries(renamed);
  }

  private async endEpoch(epoch: number, logs: EpochLogs): Promise<void> {
    const { trainer } = this;
    const { schedule } = trainer.optimizer;
    if (isMonitoringSchedule(schedule)) schedule.observe(logs.valLoss ?? logs.loss);
    await this.callEach((callback) => callback.onEpochEnd?.(epoch, logs, this.control));
    for (const [name, value] of Object.entries({ epoch, ...logs })) {
      (trainer.history[name] ??= []).push(value);
    }
    trainer.epoch = epoch + 1;
    trainer.callbackStates = this.callbacks.flatMap((callback) => {
      const state = callback.state?.();
      return state && callback.name !== undefined ? [{ name: callback.name, state }] : [];
    });
    await this.callEach((callback) => callback.onEpochComplete?.(epoch, logs, this.control));
  }

  /** Saved states go to callbacks of the same names, in order. */
  private restoreCallbacks(): void {
    const saved = [...this.trainer.callbackStates];
    for (const callback of this.callbacks) {
      const index = saved.findIndex(({ name }) => name === callback.name);
      if (index >= 0) callback.restore?.(saved.splice(index, 1)[0].state);
    }
  }

  private async callEach(call: (callback: Callback) => void | Promise<void>): Promise<void> {
    for (const callback of this.callbacks) await call(callback);
  }

  private makeControl(): TrainingControl {
    const { trainer } = this;
    const { network } = trainer;
    return {
      epochs: this.epochs,
      batchesPerEpoch: Math.ceil(this.source.length / this.batchSize),
      get learningRate() {
        return trainer.learningRate;
      },
      set learningRate(value) {
        trainer.learningRate = value;
      },
      getWeights: () => network.getWeights(),
      setWeights: (weights) => network.setWeights(weights),
      stop: () => {
        this.stopped = true;
      },
    };
  }
}

function isList(callbacks: Callback | readonly Callback[]): callbacks is readonly Callback[] {
  return Array.isArray(callbacks);
}

/** "valLoss" and, as in Keras, "val_genre_loss" for one of several outputs. */
function validationName(trainer: Trainer, name: string): string {
  const isOfOutput = trainer.outputs.length > 1 && name !== "loss";
  return isOfOutput ? `val_${name}` : `val${name[0].toUpperCase()}${name.slice(1)}`;
}

/** For each trained output by class. @throws AuricleError "argument" when its loss is not over classes. */
export function classWeightsFor(
  trainer: Trainer,
  classWeight: LoopOptions["classWeight"],
): readonly (Float32Array | undefined)[] {
  if (classWeight === undefined) return [];
  const { network, outputs } = trainer;
  const given = perOutput(network, "classWeight", classWeight);
  refuseUntrained(network, outputs, "classWeight", given);
  return outputs.map(({ index, name, loss, shape, part }) => {
    const weights = given[index];
    if (weights === undefined) return undefined;
    if (loss.targets === "classes")
      return checkedClassWeights(weights, shape.at(-1) ?? 1, part("classWeight"));
    const of = outputs.length > 1 ? ` of output ${name}` : "";
    throw new AuricleError(
      "argument",
      `fit: classWeight needs a loss over classes, softmaxCrossEntropy; the loss${of} is ${loss.name}; use sampleWeight`,
    );
  });
}
