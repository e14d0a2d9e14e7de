import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { FloatArray, NumericArray } from "../../tensor/array.ts";
import type { Model } from "../model.ts";
import type { ModelOutputs, PerOutput } from "../per-output.ts";
import { evaluateSource, Figures, indexRange, readerOf, resultsOf } from "../training/evaluate.ts";
import type { ExampleSource, ModelInputs } from "../training/example-source.ts";
import { sourceOf } from "../training/model-data.ts";
import { takeTurn } from "../training/pause.ts";
import type { Trainer } from "../training/trainer.ts";
import { numericError } from "./numeric-error.ts";
import { shownValue } from "../../shown-value.ts";

export interface OverfitOptions {
  /** The greatest number of steps. Default 100. */
  readonly steps?: number;
  /** Ends as soon as a step's loss is not above this. Default: all steps are made. */
  readonly targetLoss?: number;
  /** Ends the attempt after the step at hand, with the signal's reason. */
  readonly signal?: AbortSignal;
}

const OPTIONS: OptionNames<OverfitOptions> = { steps: true, targetLoss: true, signal: true };

/** The result of the attempt. All figures are of the one batch, which serves for training and evaluation. */
export interface OverfitReport {
  /** The loss of each step, before its update; dropout and the like at work. */
  readonly losses: readonly number[];
  /** Accuracy of each step, for a loss over classes. */
  readonly accuracies?: readonly number[];
  /** Loss after the last update, in inference. */
  readonly finalLoss: number;
  /** ln(classes), for a loss over classes: what a first loss near chance is. */
  readonly chanceLoss?: number;
  /** Whether a step's loss fell to a tenth of the first one, or every example was right. */
  readonly passed: boolean;
  /** The conclusion, in a sentence. */
  readonly verdict: string;
}

/** A model that learns at all gets the loss of a few examples down by this factor. */
const LEARNED = 0.1;

/**
 * Trains on a single batch, over and over: a model, loss and data that fit together memorise it. Weights, the
 * optimizer's state and the count of steps are put back afterwards.
 * @param model compiled
 * @param x a batch of examples `[N, …]`, some 8 to 64
 * @throws AuricleError "argument" for steps below 1, "numeric" when the loss becomes NaN, and as `fit`.
 */
export async function overfitOneBatch<Outputs extends ModelOutputs = FloatArray>(
  model: Model<Outputs>,
  x: ModelInputs,
  y: PerOutput<Outputs, NumericArray>,
  options: OverfitOptions = {},
): Promise<OverfitReport> {
  checkOptions("overfitOneBatch", options, OPTIONS, "model, x, y, ");
  const { steps = 100, targetLoss = -Infinity, signal } = options;
  if (!Number.isInteger(steps) || steps < 1) {
    throw new AuricleError(
      "argument",
      `overfitOneBatch: steps must be a whole number above 0; got ${shownValue(steps)}`,
    );
  }
  if (typeof targetLoss !== "number" || Number.isNaN(targetLoss)) {
    throw new AuricleError(
      "argument",
      `overfitOneBatch: targetLoss must be a number; got ${shownValue(targetLoss)}`,
    );
  }
  const { trainer } = model;
  const source = sourceOf(trainer, x, y);
  const before = trainer.snapshot();
  try {
    const curve = await trainOneBatch(trainer, source, steps, targetLoss, signal);
    const { loss: finalLoss } = await evaluateSource(trainer, source, source.length);
    return reportOf(trainer, curve, finalLoss);
  } finally {
    trainer.restore(before);
  }
}

interface Curve {
  readonly losses: number[];
  readonly accuracies: number[];
}

async function trainOneBatch(
  trainer: Trainer,
  source: ExampleSource,
  steps: number,
  targetLoss: number,
  signal: AbortSignal | undefined,
): Promise<Curve> {
  const curve: Curve = { losses: [], accuracies: [] };
  const indices = indexRange(0, source.length);
  const reader = readerOf(trainer, source);
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    const program = trainer.programs.train({
      batchSize: source.length,
      targets: source.targets,
      weighted: source.weighted,
    });
    if (step === 0) await reader.read(program, indices);
    const result = trainer.trainStep(program);
    if (!Number.isFinite(result.gradientNorm))
      throw numericError(trainer, program, result, `step ${step + 1}`);
    const figures = new Figures(trainer);
    figures.add(resultsOf(program, result.loss), source, result.loss);
    const { accuracy } = figures.results();
    curve.losses.push(result.loss);
    if (accuracy !== undefined) curve.accuracies.push(accuracy);
    if (result.loss <= targetLoss) break;
    const turn = takeTurn();
    if (turn) await turn;
  }
  return curve;
}

function reportOf({ outputs }: Trainer, { losses, accuracies }: Curve, finalLoss: number): OverfitReport {
  const overClasses = outputs.every(({ loss }) => loss.answers === "classes");
  const chanceLoss = overClasses
    ? outputs.reduce((sum, { shape, lossWeight }) => sum + lossWeight * Math.log(shape.at(-1) ?? 1), 0)
    : undefined;
  const [first] = losses;
  const lowest = Math.min(...losses);
  const allRight = accuracies.at(-1) === 1;
  const passed = allRight || lowest <= LEARNED * first;
  const fall = `the loss of the batch went from ${first.toPrecision(3)} to ${lowest.toPrecision(3)} in ${losses.length} steps`;
  const farFromChance = chanceLoss !== undefined && first > 2 * chanceLoss;
  const verdict = passed
    ? `${fall}: the model can learn${allRight ? ", and every example is right" : ""}`
    : `${fall}: it cannot memorise even one batch; check that targets belong to inputs, that inputs are ` +
      `scaled, and try another learning rate` +
      (farFromChance ? `; the first loss is far above chance, ${chanceLoss.toPrecision(3)}` : "");
  return {
    losses,
    ...(accuracies.length > 0 && { accuracies }),
    finalLoss,
    ...(chanceLoss !== undefined && { chanceLoss }),
    passed,
    verdict,
  };
}
