/**
 * @file The rules by which a training is judged: what its answers and its layers look like when something went wrong.
 * Browser-safe.
 *
 * A failure needs positive evidence, never only the lack of a good figure: the answers to a few clips may well be wrong by
 * chance, but a network that gives the same answer to all of them, or a loss of guessing on the very examples that it was
 * trained on, is no chance.
 */

import type { AnswerFigures } from "./answers.ts";
import type { LayerFigures } from "./layer-figures.ts";

/** Kinds of findings, for programs. */
export type FindingCode =
  | "answers-alike"
  | "loss-of-guessing"
  | "inference-differs"
  | "does-not-generalise"
  | "examples-differ"
  | "dead-layer"
  | "alike-from-layer"
  | "extreme-values";

/** Something that was found in a trained model. */
export interface TrainingFinding {
  readonly code: FindingCode;
  /** Whether the model is of no use because of it; else it is a likely cause, or to be watched. */
  readonly failure: boolean;
  /** The measurement, in a sentence. */
  readonly observation: string;
  /** A likely cause and what to try, in a sentence or two. */
  readonly advice: string;
}

/** All that the rules look at. */
export interface TrainingEvidence {
  readonly training: SampleEvidence;
  /** Examples that were not trained on, where there are any. */
  readonly heldOut?: SampleEvidence;
  /** The mean training loss of the last epoch, as the training saw it; where it is known. */
  readonly lastLoss?: number;
  /** The loss of guessing on the same scale, with label smoothing. */
  readonly lastGuessLoss?: number;
}

export interface SampleEvidence {
  /** undefined where all targets are the same. */
  readonly answers: AnswerFigures | undefined;
  readonly layers: readonly LayerFigures[];
}

/** Answers that vary by less than this share of what their targets do are alike. */
const ALIKE = 0.02;
/** The share of the loss of guessing from which on nothing has been learnt. */
const GUESSING = 0.97;
/** A loss below this share of guessing is one of a network that has learnt something. */
const LEARNT = 0.6;
/** Random weights give answers that agree with the targets up to about this correlation. */
const RANDOM_AGREEMENT = 0.3;
/** Held-out examples below this number say nothing. */
const ENOUGH_EXAMPLES = 20;
/** The factor between samples from which on they are not of one kind. */
const DIFFERENT = 8;
/** Values beyond this many standard deviations do not occur in data that a normalisation fits. */
const MOST_DEVIATIONS = 50;
/** An activation beyond it leaves float32 few digits for the rest. */
const MOST_ACTIVATION = 1e6;

/** The findings, failures first; none where nothing is wrong. */
export function judge(evidence: TrainingEvidence): TrainingFinding[] {
  const failures = [
    ...answersAlike(evidence),
    ...inferenceDiffers(evidence),
    ...lossOfGuessing(evidence),
    ...doesNotGeneralise(evidence),
  ].slice(0, 1);
  const causes = [
    ...examplesDiffer(evidence),
    ...extremeValues(evidence),
    ...(failures.length > 0 ? lostDifferences(evidence) : []),
  ];
  return [...failures, ...causes];
}

const GENERAL_ADVICE =
  "Try a tenth of the learning rate, no augmentation, or more epochs, and check that labels match their examples; " +
  "a model that cannot overfit a single batch has an error in itself or in its data.";

function answersAlike({ training, heldOut }: TrainingEvidence): TrainingFinding[] {
  const answers = heldOut?.answers ?? training.answers;
  if (!answers || answers.examples < 2 || answers.spread >= ALIKE) return [];
  return [
    {
      code: "answers-alike",
      failure: true,
      observation:
        `The model gives the same output for all ${answers.examples} ${heldOut?.answers ? "held-out " : ""}` +
        `examples: its outputs vary ${percent(answers.spread)} as much as the targets.`,
      advice: GENERAL_ADVICE,
    },
  ];
}

function lossOfGuessing({ training: { answers } }: TrainingEvidence): TrainingFinding[] {
  if (!answers || !isGuessing(answers, RANDOM_AGREEMENT)) return [];
  return [
    {
      code: "loss-of-guessing",
      failure: true,
      observation: `The loss on training examples is ${figure(answers.loss)}; a constant prediction has ${figure(answers.guessLoss)}${accuracies(answers)}.`,
      advice: GENERAL_ADVICE,
    },
  ];
}

/**
 * A network that is too sure of itself may have a high loss and be right all the same: then answers and targets agree.
 * @param agreement that is no more than a guess's
 */
function isGuessing(answers: AnswerFigures, agreement: number): boolean {
  return answers.loss >= GUESSING * answers.guessLoss && answers.agreement <= agreement;
}

/** Two standard errors of a correlation that is 0. */
function chanceAgreement({ examples }: AnswerFigures): number {
  return 2 / Math.sqrt(examples);
}

/** Training went well, and the same examples are guessed at once the network is used: its statistics are not its own. */
function inferenceDiffers({ training, lastLoss, lastGuessLoss }: TrainingEvidence): TrainingFinding[] {
  const { answers } = training;
  if (!answers || lastLoss === undefined || lastGuessLoss === undefined) return [];
  if (!isGuessing(answers, RANDOM_AGREEMENT) || lastLoss > LEARNT * lastGuessLoss) return [];
  return [
    {
      code: "inference-differs",
      failure: true,
      observation:
        `The training loss of the last epoch was ${figure(lastLoss)}; on the same examples the trained model has ` +
        `${figure(answers.loss)}, no better than guessing.`,
      advice:
        "The cause is layers that behave differently at inference: batch normalisation whose running statistics do not yet " +
        "match the data (a smaller momentum, more steps, or larger batches help), or dropout.",
    },
  ];
}

function doesNotGeneralise({ training, heldOut }: TrainingEvidence): TrainingFinding[] {
  const [known, fresh] = [training.answers, heldOut?.answers];
  if (!known || !fresh || fresh.examples < ENOUGH_EXAMPLES) return [];
  if (known.loss > LEARNT * known.guessLoss || !isGuessing(fresh, chanceAgreement(fresh))) return [];
  return [
    {
      code: "does-not-generalise",
      failure: true,
      observation:
        `The model has learnt its training examples (loss ${figure(known.loss)}${accuracies(known)}) but is no better than ` +
        `guessing on ${fresh.examples} others (loss ${figure(fresh.loss)}${accuracies(fresh)}).`,
      advice:
        "Labels may not match their examples, the held-out examples may be of another kind (another microphone, rate or " +
        "level), or there are too few examples to learn from.",
    },
  ];
}

/** The first layer that sees something else in training than afterwards. */
function examplesDiffer({ training, heldOut }: TrainingEvidence): TrainingFinding[] {
  if (!heldOut) return [];
  for (const [i, known] of training.layers.entries()) {
    const fresh = heldOut.layers[i];
    const factor = known.rms / fresh.rms;
    if (!(factor > DIFFERENT || factor < 1 / DIFFERENT)) continue;
    return [
      {
        code: "examples-differ",
        failure: false,
        observation: `${layerName(known)} outputs ${figure(known.rms)} (root mean square) on training examples and ${figure(fresh.rms)} on held-out ones.`,
        advice:
          "Augmentation or normalisation makes the training examples unlike the model's input at inference: try training " +
          "without augmentation, and look for training examples that are silent or cut off.",
      },
    ];
  }
  return [];
}

function extremeValues({ training, heldOut }: TrainingEvidence): TrainingFinding[] {
  for (const [i, known] of training.layers.entries()) {
    const largest = Math.max(known.largest, heldOut?.layers[i].largest ?? 0);
    const isNormalised = known.className === "Normalization";
    if (!(largest > (isNormalised ? MOST_DEVIATIONS : MOST_ACTIVATION))) continue;
    return [
      {
        code: "extreme-values",
        failure: false,
        observation: isNormalised
          ? `${layerName(known)} outputs up to ${figure(largest)} standard deviations.`
          : `${layerName(known)} outputs values up to ${figure(largest)}.`,
        advice: isNormalised
          ? "Some features hardly vary in the examples that the statistics were computed from: set a floor for the deviation or leave those features out."
          : "Scale the inputs to a deviation of about 1, lower the learning rate, or clip gradients.",
      },
    ];
  }
  return [];
}

/** The layer that keeps what differs between examples from those behind it. */
function lostDifferences(evidence: TrainingEvidence): TrainingFinding[] {
  const dead = evidence.training.layers.find(({ zeros }) => zeros === 1);
  return dead ? [deadLayer(dead)] : alikeFromLayer(evidence);
}

function deadLayer(dead: LayerFigures): TrainingFinding {
  return {
    code: "dead-layer",
    failure: false,
    observation: `${layerName(dead)} outputs 0 for every example, so no information reaches the following layers.`,
    advice:
      "Its units died in a step that was too large: lower the learning rate, start with a warm-up, or use an activation " +
      "that is not flat below 0, such as leaky ReLU.",
  };
}

/** The first layer from which on the examples can no longer be told apart. */
function alikeFromLayer({ training, heldOut }: TrainingEvidence): TrainingFinding[] {
  const layers = (heldOut ?? training).layers;
  const isLost = ({ variation }: LayerFigures) => variation < 1e-6;
  const index = layers.findIndex(isLost);
  if (index <= 0) return [];
  return [
    {
      code: "alike-from-layer",
      failure: false,
      observation: `${layerName(layers[index])} outputs the same values for all examples, to within a millionth.`,
      advice: layers[index].className.includes("BatchNormalization")
        ? "Its running variance is far above that of these examples: the training data had a wider range of values."
        : "Its weights or inputs are so large or so small that the differences between examples are lost.",
    },
  ];
}

function layerName({ name, className }: LayerFigures): string {
  return className === "Input" ? "The input" : `Layer ${name} (${className})`;
}

function accuracies({ accuracy, guessAccuracy }: AnswerFigures): string {
  if (accuracy === undefined || guessAccuracy === undefined) return "";
  return `, accuracy ${percent(accuracy)} against ${percent(guessAccuracy)} by guessing`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function figure(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
