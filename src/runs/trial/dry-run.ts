/** @file One batch through everything that a training does, and what the whole training would cost. Browser-safe. */

import { subset, type Dataset } from "../../data/dataset.ts";
import type { FileProblem } from "../../data/collection/collection.ts";
import type { MediumWords } from "../../data/collection/words.ts";
import { evenPlaces } from "../../evenly-spaced.ts";
import type { BatchLogs } from "../../nn/index.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { expectedLoss } from "../initial-loss.ts";
import type { ReadControls, RunRequest } from "../run-kind.ts";
import type { TrainingConfig } from "../training-config.ts";
import { prepareTrial, type Trial } from "./prepare-trial.ts";

/** The figures of a dry run. Plain data. */
export interface DryRun {
  readonly dataName: string;
  readonly words: MediumWords;
  readonly config: TrainingConfig;
  /** Examples of each part. */
  readonly split: { readonly train: number; readonly validation: number; readonly test: number };
  /** Examples that were read, and those that could not be. */
  readonly read: number;
  readonly problems: readonly FileProblem[];
  readonly network: {
    /** The shape of one example. */
    readonly inputShape: readonly number[];
    readonly outputShape: readonly number[];
    readonly layers: number;
    readonly parameters: number;
    readonly trainableParameters: number;
  };
  /** Windows or pictures in an epoch. */
  readonly examplesPerEpoch: number;
  readonly stepsPerEpoch: number;
  readonly threads: number;
  /** The first step, before its update. */
  readonly step: {
    readonly examples: number;
    readonly loss: number;
    /** The loss of guessing; undefined where that is not known. */
    readonly guessing: number | undefined;
    readonly gradientNorm: number;
  };
  /** After the last step that was made. */
  readonly evaluation: { readonly examples: number; readonly loss: number };
  /** Bytes of the network's weights, gradients, optimizer state and activations while it is trained. */
  readonly memory: number;
  /** Estimates from the steps that were made. */
  readonly seconds: {
    /** Reading all examples, once. */
    readonly prepare: number;
    readonly epoch: number;
  };
}

/** The first step compiles its programs; the others are timed. */
const STEPS = 4;

/**
 * Takes one batch through everything: reads its examples, builds the network, trains some steps on it and evaluates a batch of held
 * out examples. Nothing is written but features, to the folder of the controls.
 * @throws AuricleError as `startRun`.
 */
export async function dryRun(request: RunRequest, controls: ReadControls): Promise<DryRun> {
  const trial = await prepareTrial(request, { batches: 1, evaluates: true }, controls);
  const { collection, config, parts, job, model, stepsPerEpoch, trainingExamples } = trial;
  const batch = oneBatch(trial);
  controls.signal?.throwIfAborted();
  const { logs, seconds } = await trainSteps(trial, batch);
  const evaluated = await evaluateTwice(trial);
  const { network } = model;
  const numbers = (weights: typeof network.weights) =>
    weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const read = job.parts.train.length + job.parts.validation.length;
  return {
    dataName: collection.name,
    words: collection.words,
    config,
    split: { train: parts.train.length, validation: parts.validation.length, test: parts.test.length },
    read,
    problems: [...collection.problems, ...job.store.problems],
    network: {
      inputShape: network.inputShapes[0],
      outputShape: network.outputShape,
      layers: network.layers.length,
      parameters: numbers(network.weights),
      trainableParameters: numbers(network.weights.filter(({ trainable }) => trainable)),
    },
    examplesPerEpoch: trainingExamples,
    stepsPerEpoch,
    threads: job.engine.threads,
    step: {
      examples: batch.length,
      loss: logs.loss,
      guessing: expectedLoss(config.task, config.classNames.length).expected,
      gradientNorm: logs.gradientNorm,
    },
    evaluation: { examples: evaluated.examples, loss: evaluated.loss },
    memory: network.arena.bytes,
    seconds: {
      prepare: trial.readingSeconds,
      epoch: stepsPerEpoch * seconds + parts.validation.length * evaluated.seconds,
    },
  };
}

/** A batch of a training's examples. */
export function oneBatch({ training, config }: Trial): Dataset {
  return subset(training, evenPlaces(training.length, config.batchSize));
}

/** Trains on one batch; the figures of the first step, and the time of one of the others. */
async function trainSteps({ model }: Trial, batch: Dataset): Promise<{ logs: BatchLogs; seconds: number }> {
  const steps: BatchLogs[] = [];
  const ends: number[] = [];
  await model.fit(batch, {
    epochs: STEPS,
    batchSize: batch.length,
    callbacks: [
      {
        onBatchEnd(_batch, logs) {
          steps.push(logs);
          ends.push(performance.now());
        },
      },
    ],
  });
  return { logs: steps[0], seconds: (ends[STEPS - 1] - ends[0]) / 1000 / (STEPS - 1) };
}

/** The first evaluation compiles its program; the second one is timed, for one example. */
async function evaluateTwice({
  job,
  model,
}: Trial): Promise<{ examples: number; loss: number; seconds: number }> {
  const { kind, config, store, parts, targetScale } = job;
  const evaluated = { model, config, task: config.task, targetScale };
  await kind.evaluate(evaluated, store, parts.validation);
  const began = performance.now();
  const { loss, examples } = await kind.evaluate(evaluated, store, parts.validation);
  const seconds = (performance.now() - began) / 1000 / examples.length;
  return { examples: examples.length, loss, seconds };
}
