/** @file A search space for data: few options, in ranges that suit their task and size. */

import { MODEL_NAMES } from "../models/index.ts";
import type { TrainingConfig, TrainingValues } from "../runs/index.ts";

/** Facts about data on which a proposal depends. */
export interface ProposalFacts {
  /** As the file is to name them. */
  readonly data: string;
  readonly examples: number;
  /** By class or tag: how many examples have it. */
  readonly counts: readonly number[];
  /** The training that would be made of the data if nothing were searched. */
  readonly config: Pick<
    TrainingConfig,
    "kind" | "task" | "model" | "epochs" | "batchSize" | "optimizer" | "learningRate" | "weightDecay"
  >;
}

/** Data with fewer examples leave much to chance, so each configuration is trained with several seeds. */
const FEW_EXAMPLES = 500;
const SEEDS_FOR_FEW = 3;

/** Configurations: three rungs with a reduction of three bring three of them to the end. */
const CONFIGURATIONS = 27;

/** Steps of an epoch, at least: with fewer, a larger batch does not train. */
const LEAST_STEPS = 5;

/** The largest class has so many times the examples of the smallest before weights are worth a try. */
const UNEQUAL = 3;

/** Models to try beside the default, of about its size or stronger. */
const OTHERS: Readonly<Record<string, string>> = {
  "mel-cnn": "mel-resnet",
  lenet5: "fashion-cnn",
  "small-resnet": "small-mobilenet",
};

/** Returns the content of a sweep file. */
export function proposeSweep({ data, examples, counts, config }: ProposalFacts): object {
  const { epochs, learningRate, task, optimizer } = config;
  const seeds = examples < FEW_EXAMPLES ? SEEDS_FOR_FEW : 1;
  const space = {
    ...modelsOf(config.model),
    // A factor of ten up and down: the rate matters most.
    learningRate: { logUniform: [rounded(learningRate / 10), rounded(learningRate * 10)] },
    ...batchesOf(examples, config.batchSize),
    ...(optimizer === "adamw" && { weightDecay: { logUniform: [1e-3, 1e-1] } }),
    ...(task === "classification" && { labelSmoothing: [0, 0.1] }),
    augment: [false, true],
    ...(task === "classification" && areUnequal(counts) && { balance: ["none", "weights", "sampling"] }),
  };
  const base: TrainingValues = { epochs, optimizer };
  return {
    data,
    base,
    space,
    strategy: "asha",
    ...(seeds > 1 && { seeds }),
    budget: { runs: CONFIGURATIONS * seeds },
  };
}

function modelsOf(model: string): object {
  const other = MODEL_NAMES.find((name) => name === OTHERS[model]);
  return other === undefined ? {} : { model: [model, other] };
}

/** Half, once and twice the usual, as far as an epoch keeps enough steps. */
function batchesOf(examples: number, usual: number): object {
  const sizes = [usual / 2, usual, usual * 2].filter((size) => size <= examples / LEAST_STEPS);
  return sizes.length > 1 ? { batchSize: sizes } : {};
}

function areUnequal(counts: readonly number[]): boolean {
  const present = counts.filter((count) => count > 0);
  return present.length > 1 && Math.max(...present) >= UNEQUAL * Math.min(...present);
}

function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
