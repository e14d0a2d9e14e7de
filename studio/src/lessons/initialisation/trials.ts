/** @file The network under each rule: what flows through it, and its training beside the others. */
import { AuricleError, Generator, type Model } from "auricle";
import { histogramOf, type HistogramCounts } from "../../figures/histogram.ts";
import { pickDigits, type Digits } from "../digits.ts";
import { LAYER_NAMES, networkOf, type ActivationName, type NetworkRequest, type RuleName } from "./rules.ts";
import { rootMeanSquare, signalsOf } from "./signals.ts";

/** Examples that signals are looked at with. */
export const SIGNAL_BATCH = 32;
/** Examples of one training step. */
export const BATCH_SIZE = 16;
const BINS = 41;

export interface LayerSummary {
  readonly layer: string;
  /** Root mean squares. */
  readonly activationSize: number;
  readonly gradientSize: number;
  readonly activations: HistogramCounts;
  readonly gradients: HistogramCounts;
}

export interface RuleSignals {
  readonly rule: RuleName;
  /** The settings that they were computed with. */
  readonly activation: ActivationName;
  readonly own: number;
  readonly layers: readonly LayerSummary[];
  /** The first layer's filters, [3, 3, 1, filters]. */
  readonly filters: Float32Array;
}

/** One rule's network, with what its weights were at first. */
export class Trial {
  readonly rule: RuleName;
  private readonly request: NetworkRequest;
  private readonly model: Model;
  private readonly initial: ReturnType<Model["getWeights"]>;
  private readonly signal: ReturnType<typeof signalsOf>;
  /** Why it can be trained no further: its loss or a gradient was not finite. */
  failure: string | undefined;

  constructor(request: NetworkRequest) {
    this.rule = request.rule;
    this.request = request;
    this.model = networkOf(request);
    this.initial = this.model.getWeights();
    this.signal = signalsOf(this.model, LAYER_NAMES, SIGNAL_BATCH);
  }

  /** Puts the weights back to what they were before any training. */
  reset(learningRate: number): void {
    this.model.setWeights(this.initial);
    this.model.learningRate = learningRate;
    this.failure = undefined;
  }

  /** @returns the loss before the step; NaN once the training has failed */
  async train({ pictures, labels }: Digits): Promise<number> {
    if (this.failure !== undefined) return Number.NaN;
    try {
      const { loss } = await this.model.trainOnBatch(pictures, labels);
      return loss;
    } catch (error) {
      if (!(error instanceof AuricleError && error.code === "numeric")) throw error;
      this.failure = error.message;
      return Number.NaN;
    }
  }

  /** Activations and gradients of each layer, of a rule on one axis for all layers. */
  signals(batch: Digits): RuleSignals {
    const layers = this.signal(batch.pictures, batch.labels);
    const forward = layers.map(({ activations }) => rootMeanSquare(activations));
    const back = layers.map(({ gradients }) => rootMeanSquare(gradients));
    const activationRange = symmetric(forward);
    const gradientRange = symmetric(back);
    const { rule, activation, own } = this.request;
    return {
      rule,
      activation,
      own,
      layers: layers.map(({ layer, activations, gradients }, i) => ({
        layer,
        activationSize: forward[i],
        gradientSize: back[i],
        activations: histogramOf(activations, activationRange, BINS),
        gradients: histogramOf(gradients, gradientRange, BINS),
      })),
      filters: Float32Array.from(this.model.getWeights().get("conv_1/kernel")?.data ?? []),
    };
  }
}

/** Wide enough for most values of the layer whose values are largest; sizes that are not finite count for nothing. */
function symmetric(sizes: readonly number[]): [number, number] {
  const largest = Math.max(0, ...sizes.filter(Number.isFinite));
  const limit = largest > 0 ? Number((2.5 * largest).toPrecision(1)) : 1;
  return [-limit, limit];
}

/** The examples of each step: the same for all rules, all of them before any comes again. */
export function batchesOf(digits: Digits, seed: number): (step: number) => Digits {
  const count = digits.labels.data.length;
  const perEpoch = Math.floor(count / BATCH_SIZE);
  const orders = new Map<number, number[]>();
  return (step) => {
    const epoch = Math.floor(step / perEpoch);
    const order =
      orders.get(epoch) ??
      new Generator(seed * 1000 + epoch).shuffle(Array.from({ length: count }, (_, i) => i));
    orders.set(epoch, order);
    const from = (step % perEpoch) * BATCH_SIZE;
    return pickDigits(digits, order.slice(from, from + BATCH_SIZE));
  };
}
