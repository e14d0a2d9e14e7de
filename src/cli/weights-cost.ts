/** @file The cost of weights in fewer bits: measured on a run's own test examples, or else on sounds and pictures that code makes. */
import { AuricleError } from "../errors.ts";
import type { Model } from "../nn/index.ts";
import {
  evaluateRun,
  type EvaluateOptions,
  figuresOf,
  openTrainedModel,
  type EvaluationFigures,
  type TrainedModel,
} from "../runs/index.ts";
import { roundedWeights, weightsAgreement, type Agreement } from "../web-export/index.ts";
import type { WeightForm } from "../web-runtime/plan.ts";
import { headline } from "./run-figures.ts";
import type { TextStream } from "./terminal.ts";

/** The same examples with weights in float32, and with rounded ones. */
interface TestCost {
  readonly measuredOn: "test examples";
  readonly exact: EvaluationFigures;
  readonly rounded: EvaluationFigures;
}

export type WeightsCost = TestCost | Agreement;

/** Warns where a run's examples cannot be read, and measures on others. */
export async function weightsCost(
  trained: TrainedModel,
  form: WeightForm,
  warn: (text: string) => void,
): Promise<WeightsCost> {
  // As many threads as the model was opened with.
  const { threads } = trained.model.engine;
  const round = (model: Model) => model.setWeights(roundedWeights(model.network, form));
  if (trained.config) {
    try {
      return await costOnTests(trained.path, { threads, change: round }, warn);
    } catch (error) {
      if (!(error instanceof AuricleError)) throw error;
      warn(`the run's test examples cannot be evaluated (${error.message}): built-in ones take their place`);
    }
  }
  const { model: rounded } = await openTrainedModel(trained.path, { threads }, warn);
  round(rounded);
  return weightsAgreement(trained.model, rounded);
}

async function costOnTests(
  path: string,
  { threads, change }: Pick<EvaluateOptions, "threads" | "change">,
  warn: (text: string) => void,
): Promise<TestCost> {
  const observer = { preparing: () => undefined, note: () => undefined, warning: warn };
  const options = { observer, threads, download: false };
  const exact = await evaluateRun(path, options);
  // What is said of the data once need not be said again.
  const silent = { ...observer, warning: () => undefined };
  const rounded = await evaluateRun(path, { ...options, observer: silent, change });
  return {
    measuredOn: "test examples",
    exact: figuresOf(exact.evaluations[0]),
    rounded: figuresOf(rounded.evaluations[0]),
  };
}

/** The cost in words. */
export function formatWeightsCost(
  cost: WeightsCost,
  form: WeightForm,
  { kind }: Pick<TrainedModel, "kind">,
  stream: TextStream,
): string[] {
  if (cost.measuredOn === "test examples") {
    return [
      `float32: ${headline(cost.exact, kind, stream)}`,
      `${form}: ${headline(cost.rounded, kind, stream)}`,
    ];
  }
  const { measuredOn, examples, same, largestDifference } = cost;
  const answers =
    same === undefined ? "" : `${Math.round(same * examples)} of ${examples} get the same answer, and `;
  return [
    `With ${form}, on ${measuredOn}: ${answers}no output differs by more than ${largestDifference.toPrecision(2)}.`,
  ];
}
