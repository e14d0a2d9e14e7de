/** @file The outputs that a model is trained on: each with its loss, the loss's weight and its metrics. */
import { AuricleError } from "../../errors.ts";
import type { Shape } from "../../tensor/shape.ts";
import {
  isLossName,
  lossOf,
  type Loss,
  type LossConfig,
  type LossFunction,
  type LossName,
} from "../losses/index.ts";
import type { Metric } from "../metrics/index.ts";
import type { NetworkOutput } from "../network-outputs.ts";
import type { Network } from "../network.ts";
import { perOutput, type GivenPerOutput } from "../per-output.ts";
import type { MetricName } from "./model-metrics.ts";
import { shownValue } from "../../shown-value.ts";

/** By name, by name with parameters, or a function of one's own. Cross entropies take logits. */
export type LossOption = LossName | LossConfig | LossFunction;

export type MetricOption = MetricName | Metric;

/** How `compile` was told to train, in whatever form the outputs have. */
export interface OutputOptions {
  readonly loss: GivenPerOutput<LossOption>;
  readonly lossWeights?: GivenPerOutput<number>;
  readonly metrics?: GivenPerOutput<MetricOption | readonly MetricOption[]>;
}

/** An output with a loss. */
export interface TrainedOutput {
  readonly name: string;
  /** Its number among the network's outputs. */
  readonly index: number;
  /** The shape for one example, batch axis left out. */
  readonly shape: Shape;
  readonly loss: Loss;
  /** The factor for its loss before all are added. */
  readonly lossWeight: number;
  readonly metrics: readonly MetricOption[];
  /** The name of one of its figures: "genre_accuracy", or "accuracy" where the model has no other output. */
  figure(name: string): string;
  /** The name of its own array among several, for messages: "y.genre", or "y" where the model has no other output. */
  part(of: string): string;
}

/** A network and those of its outputs that have a loss. */
export interface TrainedNetwork {
  readonly network: Network;
  readonly outputs: readonly TrainedOutput[];
}

/**
 * The outputs that have a loss. One loss that is given alone is that of every output, as in Keras.
 * @throws AuricleError "argument" for unknown names, for an output with weights or metrics and no loss, and when an
 *   output gives probabilities but its loss takes logits.
 */
export function trainedOutputs(network: Network, options: OutputOptions): readonly TrainedOutput[] {
  const { outputs } = network;
  const { loss, lossWeights, metrics } = options;
  const losses = isForAll(network, loss) ? outputs.map(() => loss) : perOutput(network, "loss", loss);
  const weights =
    lossWeights === undefined ? [] : perOutput(network, "lossWeights", lossWeights).map(checkLossWeight);
  const chosen = metrics === undefined ? [] : perOutput(network, "metrics", metrics);
  const trained = outputs.flatMap((output, index): TrainedOutput[] => {
    const own = losses[index];
    if (own === undefined) {
      refuseWithoutLoss(network, output, { lossWeights: weights[index], metrics: chosen[index] });
      return [];
    }
    const { name, shape } = output;
    const found = lossOf(own);
    checkLogits(output, found);
    return [
      {
        name,
        index,
        shape,
        loss: found,
        lossWeight: weights[index] ?? 1,
        metrics: listOf(chosen[index]),
        figure: (figure) => (outputs.length === 1 ? figure : `${name}_${figure}`),
        part: (of) => (outputs.length === 1 ? of : `${of}.${name}`),
      },
    ];
  });
  if (trained.length > 0) return trained;
  const names = outputs.map(({ name }) => name).join(", ");
  throw new AuricleError(
    "argument",
    `${network.name}: loss must be given for at least one of the outputs ${names}`,
  );
}

function isForAll(network: Network, loss: OutputOptions["loss"]): loss is LossOption {
  if (typeof loss !== "object" || loss === null || Array.isArray(loss)) return !Array.isArray(loss);
  const isConfig = "name" in loss && typeof loss.name === "string" && isLossName(loss.name);
  return network.outputForm === "one" || (isConfig && !network.outputs.some(({ name }) => name === "name"));
}

function listOf(metrics: MetricOption | readonly MetricOption[] = []): readonly MetricOption[] {
  return isList(metrics) ? metrics : [metrics];
}

function isList(metrics: MetricOption | readonly MetricOption[]): metrics is readonly MetricOption[] {
  return Array.isArray(metrics);
}

function checkLossWeight(weight: number | undefined): number | undefined {
  if (weight === undefined || Number.isFinite(weight)) return weight;
  throw new AuricleError(
    "argument",
    `compile: lossWeights must be finite numbers; got ${shownValue(weight)}`,
  );
}

function refuseWithoutLoss(
  network: Network,
  { name }: NetworkOutput,
  options: Readonly<Record<string, unknown>>,
): void {
  const given = Object.keys(options).find((option) => options[option] !== undefined);
  if (given === undefined) return;
  throw new AuricleError(
    "argument",
    `${network.name}: output ${name} has ${given} but no loss; give it one, or leave out its ${given}`,
  );
}

/** @throws AuricleError "argument" when softmax or sigmoid would be applied twice. */
function checkLogits({ layer: { name, layer } }: NetworkOutput, loss: Loss): void {
  if (!loss.takesLogits || !layer.givesProbabilities) return;
  throw new AuricleError(
    "argument",
    `layer ${name}: gives probabilities, but the loss ${loss.name} takes logits and applies softmax or sigmoid ` +
      `itself; leave out the layer or its activation, and apply softmax to what predict returns where ` +
      `probabilities are wanted`,
  );
}
