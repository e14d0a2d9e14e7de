/** @file The number that an explanation is of: a class, a tag or a number of a regression. Browser-safe. */
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { logitsOf } from "../nn/layers/logits.ts";
import type { NetworkOutput } from "../nn/network-outputs.ts";
import type { InferenceNetwork } from "../nn/inference-network.ts";
import { copyRows } from "../nn/training/example-source.ts";
import type { Rows } from "../nn/training/run-batches.ts";
import { multiply } from "../ops/arithmetic.ts";
import { reshape } from "../ops/reshape.ts";
import { sum } from "../ops/sum.ts";
import { didYouMean } from "../options.ts";
import type { NumericArray } from "../tensor/array.ts";
import { BATCH_OPTIONS, runFunction, type BatchOptions, type ExplainedModel } from "./programs.ts";
import { shownValue } from "../shown-value.ts";

/** Which of a model's numbers is explained. */
export interface ScoreOptions extends BatchOptions {
  /** The name of the output, for a model with several. Default: the only one. */
  readonly output?: string;
  /**
   * The class, tag or number, counted from 0 along the output's last axis: one for all examples, or a list with one for each.
   * Default: for each example the one with the greatest value; in a regression of several numbers that says little.
   */
  readonly class?: number | readonly number[];
  /**
   * "logits": the values before a last softmax or sigmoid, whose gradients vanish where the model is sure; a model that gives
   * logits is explained by them as they are. "outputs": the outputs, whatever they are. Default "logits".
   */
  readonly score?: ScoreKind;
}

export type ScoreKind = "logits" | "outputs";

/** The names of {@link ScoreOptions}, for checks of options. */
export const SCORE_OPTIONS = { output: true, class: true, score: true, ...BATCH_OPTIONS } as const;

/** The score of some examples: output and class are settled. */
export interface Score {
  readonly output: NetworkOutput;
  /** The class of each example. */
  readonly classes: readonly number[];
  /** Part of a function's name: equal ones trace the same. */
  readonly key: string;
  /** The number of classes: the length of a further input that chooses one. */
  readonly width: number;
  /** The score of each example, `[N]`, where `chosen` `[N, width]` is 1 at its class and else 0. */
  trace(outputs: readonly Tensor[], chosen: Tensor): Tensor;
  /** Writes the choice of the examples. */
  choose(examples: ArrayLike<number>, chosen: Float32Array | Int32Array): void;
}

/**
 * Settles output and class of each example. An output with an axis besides its last is added up over it: the score of a class is
 * its sum over all positions.
 * @throws AuricleError "argument" for an output or a class that the model does not have
 */
export async function resolveScore(
  model: ExplainedModel,
  arrays: readonly NumericArray[],
  options: ScoreOptions,
): Promise<Score> {
  const { network } = model;
  const output = outputNamed(network, options.output);
  const kind = options.score ?? "logits";
  if (kind !== "logits" && kind !== "outputs") {
    throw new AuricleError(
      "argument",
      `${network.name}: score must be "logits" or "outputs"; got ${shownValue(kind)}`,
    );
  }
  const width = output.shape.at(-1) ?? 1;
  const index = network.outputs.indexOf(output);
  const values = (outputs: readonly Tensor[]) => {
    const given = outputs[index];
    const found = kind === "logits" ? (logitsOf(given) ?? given) : given;
    return reshape(found, [found.shape[0], -1, width]);
  };
  const key = `${index} ${kind}`;
  const [length] = arrays[0].shape;
  const classes =
    options.class === undefined
      ? await greatest(model, arrays, { key, width, values }, options)
      : checkClasses(network, output, options.class, length);
  return {
    output,
    classes,
    key,
    width,
    trace: (outputs, chosen) =>
      sum(multiply(values(outputs), reshape(chosen, [chosen.shape[0], 1, width])), [1, 2]),
    choose: (examples, chosen) => {
      for (let i = 0; i < examples.length; i++) {
        chosen.fill(0, i * width, (i + 1) * width);
        chosen[i * width + classes[examples[i]]] = 1;
      }
    },
  };
}

/** @throws AuricleError "argument" naming the outputs, unless there is one of that name, or only one and no name is given. */
function outputNamed({ name: network, outputs }: InferenceNetwork, name: string | undefined): NetworkOutput {
  const names = outputs.map((output) => output.name);
  if (name === undefined && outputs.length === 1) return outputs[0];
  const found = outputs.find((output) => output.name === name);
  if (found) return found;
  throw new AuricleError(
    "argument",
    `${network}: output must be one of ${names.join(", ")}; ` +
      (name === undefined ? 'none was named: { output: "…" }' : `got "${name}"${didYouMean(name, names)}`),
  );
}

function checkClasses(
  { name }: InferenceNetwork,
  output: NetworkOutput,
  given: number | readonly number[],
  length: number,
): readonly number[] {
  const width = output.shape.at(-1) ?? 1;
  const classes = typeof given === "number" ? new Array<number>(length).fill(given) : given;
  const rule = `${name}: class must be a whole number in 0 … ${width - 1}, as output ${output.name} has ${width}`;
  if (!Array.isArray(classes)) {
    throw new AuricleError("argument", `${rule}, or a list of them; got ${shownValue(given)}`);
  }
  if (classes.length !== length) {
    throw new AuricleError(
      "argument",
      `${name}: class must be one number, or one for each of the ${length} examples; got ${classes.length}`,
    );
  }
  const wrong = classes.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < width));
  if (wrong < 0) return classes;
  const where = typeof given === "number" ? "" : ` for example ${wrong}`;
  throw new AuricleError("argument", `${rule}; got ${shownValue(classes[wrong])}${where}`);
}

/** The place of each example's greatest value. */
async function greatest(
  model: ExplainedModel,
  arrays: readonly NumericArray[],
  { key, width, values }: Pick<Score, "key" | "width"> & { values(outputs: readonly Tensor[]): Tensor },
  options: BatchOptions,
): Promise<readonly number[]> {
  const classes: number[] = [];
  const fn = {
    name: `values ${key}`,
    trace: (inputs: readonly Tensor[]) => [
      sum(values(model.network.applyAll(inputs, { training: false })), [1]),
    ],
  };
  const rows: Rows = {
    length: arrays[0].shape[0],
    read: (examples, input) => arrays.forEach((array, i) => copyRows(array, examples, input(i))),
    take: (examples, output) => {
      const data = output(0);
      examples.forEach((_, i) => {
        classes.push(greatestOf(data.subarray(i * width, (i + 1) * width)));
      });
    },
  };
  await runFunction(model, fn, rows, options);
  return classes;
}

/** The place of the greatest; of equal ones the first. */
function greatestOf(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
