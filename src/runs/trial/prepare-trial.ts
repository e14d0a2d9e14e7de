/**
 * @file A training made ready for a trial: everything is decided as for a run, but only some examples are read, and no folder is
 * made. Browser-safe.
 */

import { nameProblems, type Collection, type Example, type SplitParts } from "../../data/audio/index.ts";
import { AuricleError } from "../../errors.ts";
import { evenlySpaced } from "../../evenly-spaced.ts";
import type { Model } from "../../nn/index.ts";
import { checkReading, checkRequest, checkTrained } from "../check-request.ts";
import { divide } from "../divide-data.ts";
import { kindOfData } from "../kinds.ts";
import { completeValues } from "../options/training-values.ts";
import { readingOf, splitOf, transferOf } from "../requested.ts";
import type { Job, ReadControls, RunRequest, TrainingSet } from "../run-kind.ts";
import { firstModel, firstNetworkOf, prepareJob, refuseAuto } from "../one-run.ts";
import { compileModel } from "../compile-model.ts";
import type { TrainingConfig } from "../training-config.ts";
import { ReadingPace } from "./reading-pace.ts";

/** A compiled model with some of the examples that a run would train it on. */
export interface Trial {
  readonly config: TrainingConfig;
  /** All examples, whether read or not. */
  readonly collection: Collection;
  /** All examples of each part. Duplicates are not looked for, so a run may divide a few examples otherwise. */
  readonly parts: SplitParts<Example>;
  /** With the examples that were read. */
  readonly job: Omit<Job, "path">;
  readonly model: Model;
  /** The examples that were read, as training sees them. */
  readonly training: TrainingSet;
  /** Steps of an epoch over all examples. */
  readonly stepsPerEpoch: number;
  /** Windows or pictures in an epoch. */
  readonly trainingExamples: number;
  /** An estimate for reading all examples of all parts, once. */
  readonly readingSeconds: number;
}

/** The number of examples to read. */
export interface TrialSize {
  /** Batches for training. */
  readonly batches: number;
  /** Whether a batch for evaluation is read as well. */
  readonly evaluates: boolean;
}

/**
 * Makes a training ready.
 * @throws AuricleError as of `startRun`, "data" when no example of the training part that was tried could be read.
 */
export async function prepareTrial(
  request: RunRequest,
  { batches, evaluates }: TrialSize,
  controls: ReadControls,
): Promise<Trial> {
  refuseAuto(request, "A trial");
  const kind = await kindOfData(request.data);
  const warn = (text: string) => controls.observer.warning(text);
  const first = await firstNetworkOf(request, kind, controls);
  const collection = await kind.open(request.data, { ...controls, ...readingOf(request) });
  checkReading(request, collection);
  const input = await kind.chooseInput(request, collection, first?.isUsed ? first : undefined, warn);
  const split = splitOf(request);
  const { report, ...parts } = divide(collection, split, [], undefined);
  checkRequest(request, collection, parts);
  checkTrained(split, collection, report);
  const transfer = transferOf(request);
  const { batchSize } = completeValues(kind.name, request, {
    task: collection.task,
    examples: parts.train.length,
    hasValidation: parts.validation.length > 0,
    ...(input.pixels && { pixels: input.pixels }),
    ...(transfer && { transfer: transfer.how }),
  });
  const tried = {
    train: evenlySpaced(parts.train, batches * batchSize),
    heldOut: evenlySpaced(heldOutOf(parts), evaluates ? batchSize : 0),
  };
  const chosen = new Set([...tried.train, ...tried.heldOut]);
  const pace = new ReadingPace(controls.observer);
  const { observer } = pace;
  const store = await kind.prepare(kind.withExamples(collection, [...chosen]), input, {
    ...controls,
    observer,
  });
  const all = parts.train.length + parts.validation.length + parts.test.length;
  const readingSeconds = pace.secondsFor(all);
  const usable = (examples: readonly Example[]) => examples.filter((example) => store.has(example));
  const read = { train: usable(tried.train), validation: usable(tried.heldOut), test: [] };
  if (read.train.length === 0) {
    throw new AuricleError(
      "data",
      `${collection.name}: none of the ${tried.train.length} training ${collection.words.examples} that were tried can be read: ` +
        nameProblems(store.problems),
    );
  }
  const facts = { input, store, split, examples: parts.train.length };
  const config = kind.newConfig(request, collection, facts);
  const job = await prepareJob(kind, config, store, { parts: read }, controls);
  const model = await firstModel(job, warn);
  const training = await kind.training(job, model.network);
  const trainingExamples = Math.round((training.length / read.train.length) * parts.train.length);
  const stepsPerEpoch = Math.ceil(trainingExamples / config.batchSize);
  compileModel(model, config, config.epochs * stepsPerEpoch);
  return { config, collection, parts, job, model, training, stepsPerEpoch, trainingExamples, readingSeconds };
}

/** The examples that training is judged by. */
function heldOutOf(parts: SplitParts<Example>): readonly Example[] {
  return [parts.validation, parts.test, parts.train].find(({ length }) => length > 0) ?? [];
}
