/** @file Tells whether a training has taught a network anything, and where it went wrong if it has not. Browser-safe. */

import type { Dataset } from "../../../data/dataset.ts";
import { AuricleError } from "../../../errors.ts";
import { evenPlaces } from "../../../evenly-spaced.ts";
import { checkOptions, type OptionNames } from "../../../options.ts";
import { sizeOf } from "../../../tensor/shape.ts";
import type { AnswerKind } from "../../losses/registry.ts";
import type { Model } from "../../model.ts";
import { keptRows, type Rows } from "../../training/kept-rows.ts";
import { compareWithGuessing, guessingLoss, type Sample } from "./answers.ts";
import { judge, type SampleEvidence, type TrainingFinding } from "./findings.ts";
import { measureLayers } from "./layer-figures.ts";

export interface DiagnosisData {
  /** The examples that the model was trained on, as training saw them: augmented, if they were. */
  readonly training: Dataset;
  /** Examples that it was not trained on. */
  readonly heldOut?: Dataset;
  /** The mean training loss of the last epoch. */
  readonly lastLoss?: number;
  /** Updates that were made; where it is known, a training of fewer than 50 is not expected to have taught anything. */
  readonly steps?: number;
}

const DIAGNOSIS_DATA: OptionNames<DiagnosisData> = {
  training: true,
  heldOut: true,
  lastLoss: true,
  steps: true,
};

/**
 * "learned"; "failed" where the model is of no use, since its answers are those of somebody who guesses; "too-short" where
 * that is so after fewer than 50 updates.
 */
export type TrainingVerdict = "learned" | "too-short" | "failed";

/** Whether a model has learnt anything, and the findings. */
export interface TrainingDiagnosis {
  readonly verdict: TrainingVerdict;
  /** The failure first, then its likely causes; empty where nothing was found. */
  readonly findings: readonly TrainingFinding[];
}

/** Examples that are looked at, evenly spaced, and numbers that they may take together. */
const EXAMPLES = 256;
const NUMBERS = 1 << 24;

/** Updates that teach a network something if anything does. */
const ENOUGH_STEPS = 50;

/**
 * Judges a trained model by up to 256 examples of each kind: whether its answers differ from always guessing the same,
 * whether they differ between examples, and whether any layer gives values out of a sane range. Changes nothing.
 * @param model compiled, with one input and one output
 * @throws AuricleError "argument" for a model with several inputs or outputs, and as `predict`
 */
export async function diagnoseTraining(model: Model, data: DiagnosisData): Promise<TrainingDiagnosis> {
  checkOptions("diagnoseTraining", data, DIAGNOSIS_DATA, "model, ");
  const { training, heldOut, lastLoss, steps = Infinity } = data;
  const { inputs, outputs } = model.network;
  if (inputs.length !== 1 || outputs.length !== 1) {
    throw new AuricleError(
      "argument",
      `diagnoseTraining: takes a model with one input and one output; ${model.name} has ${inputs.length} and ${outputs.length}`,
    );
  }
  const known = await lookAt(model, training);
  const { loss } = model.trainer.output;
  const smoothing = loss.config?.labelSmoothing ?? 0;
  const findings = judge({
    training: known.evidence,
    ...(heldOut && heldOut.length > 0 && { heldOut: (await lookAt(model, heldOut)).evidence }),
    ...(lastLoss !== undefined &&
      loss.answers !== undefined && {
        lastLoss,
        lastGuessLoss: guessingLoss(loss.answers, known.targetMeans, smoothing),
      }),
  });
  const hasFailed = findings.some(({ failure }) => failure);
  return { verdict: !hasFailed ? "learned" : steps < ENOUGH_STEPS ? "too-short" : "failed", findings };
}

interface Look {
  readonly evidence: SampleEvidence;
  readonly targetMeans: readonly number[];
}

async function lookAt(model: Model, dataset: Dataset): Promise<Look> {
  const inputSize = sizeOf(dataset.inputShape);
  const count = Math.max(1, Math.min(EXAMPLES, dataset.length, Math.floor(NUMBERS / inputSize)));
  const indices = Uint32Array.from(evenPlaces(dataset.length, count));
  const inputs = new Float32Array(count * inputSize);
  const targetSize = count * sizeOf(dataset.targetShape);
  const targets = dataset.targetDtype === "int32" ? new Int32Array(targetSize) : new Float32Array(targetSize);
  await dataset.read(indices, inputs, targets);
  const outputs = await model.predict({ shape: [count, ...dataset.inputShape], data: inputs });
  const { loss } = model.trainer.output;
  const width = model.outputShape.at(-1) ?? 1;
  const kept = keptRows({ outputs: outputs.data, targets }, loss, width);
  const sample = loss.answers && sampleOf(loss.answers, kept, width);
  return {
    evidence: {
      answers: sample && compareWithGuessing(sample),
      layers: measureLayers(model, inputs),
    },
    targetMeans: sample ? meansOf(sample) : [],
  };
}

/** Each position of an output is an example of its own. */
function sampleOf(kind: AnswerKind, { outputs, targets }: Rows, width: number): Sample {
  if (kind !== "classes" || targets instanceof Float32Array) {
    return { kind, outputs, targets: Float32Array.from(targets), width };
  }
  const oneHot = new Float32Array(targets.length * width);
  targets.forEach((label, i) => (oneHot[i * width + label] = 1));
  return { kind, outputs, targets: oneHot, width };
}

function meansOf({ targets, width }: Sample): number[] {
  const means = new Array<number>(width).fill(0);
  const rows = targets.length / width;
  targets.forEach((value, i) => (means[i % width] += value / rows));
  return means;
}
