/**
 * @file Convolutions and matrix products with known weights, as nodes that can still change: factors and terms for each output channel
 * that come behind them, such as a batch normalisation and a bias, become part of the weights.
 */
import type { Attributes, OnnxBuilder } from "./builder.ts";
import type { TracedNode } from "./traces.ts";
import { NO_AXIS, numbersOf, type Flowing, type Known } from "./values.ts";

interface Sums {
  readonly type: "Conv" | "ConvTranspose" | "Gemm";
  readonly input: string;
  readonly attributes: Attributes;
  readonly weights: Float64Array;
  readonly shape: readonly number[];
  /** The number of output channels. */
  readonly channels: number;
  /** For each weight the output channel that it belongs to. */
  readonly channelOf: (weight: number) => number;
  /** The axis of the result that the channels are on. */
  readonly axis: number;
  /** For each output channel. */
  readonly factors: Float64Array;
  readonly terms?: Float64Array | undefined;
  /** The operation whose result it is. */
  readonly node: TracedNode;
}

export class SumsRegister {
  private readonly builder: OnnxBuilder;
  private readonly known = new Map<string, Sums & { readonly constants: readonly string[] }>();

  constructor(builder: OnnxBuilder) {
    this.builder = builder;
  }

  /** Adds a node whose weights are known; returns the name of its result. */
  add(sums: Omit<Sums, "factors">): string {
    return this.insert({ ...sums, factors: new Float64Array(sums.channels).fill(1) });
  }

  /**
   * Makes a factor or a term part of the sums that it belongs to.
   * @param node the operation that applies it to its first input; to either, for sums and products
   * @param given the input that the value is of
   * @returns the name of the sums that have it in them; undefined where there are none, or something else needs them as they were
   */
  take(
    by: "add" | "subtract" | "multiply",
    node: TracedNode,
    given: TracedNode,
    value: Flowing,
    operand: Known,
  ): string | undefined {
    const sums = this.known.get(value.name);
    if (!sums || !isUsedOnce(sums.node, given)) return undefined;
    const axis = value.axes[sums.axis];
    const length = axis === NO_AXIS ? 1 : operand.tensor.shape[axis];
    const isVector = operand.tensor.shape.every((own, i) => own === 1 || i === axis);
    if (!isVector || (length !== 1 && length !== sums.channels)) return undefined;
    const numbers = numbersOf(operand);
    const at = (channel: number) => numbers[length === 1 ? 0 : channel];
    if (by === "multiply") {
      return this.insert({
        ...sums,
        node,
        factors: sums.factors.map((factor, channel) => factor * at(channel)),
        terms: sums.terms?.map((term, channel) => term * at(channel)),
      });
    }
    const sign = by === "add" ? 1 : -1;
    const terms = sums.terms ?? new Float64Array(sums.channels);
    return this.insert({ ...sums, node, terms: terms.map((term, channel) => term + sign * at(channel)) });
  }

  private insert(sums: Sums): string {
    const { builder } = this;
    const names = [builder.uniqueName("weights"), ...(sums.terms ? [builder.uniqueName("bias")] : [])];
    const name = builder.node(sums.type, [sums.input, ...names], sums.attributes);
    this.known.set(name, { ...sums, constants: names });
    return name;
  }

  /** Adds the weights of the sums that some values depend on. */
  finish(values: readonly string[]): void {
    for (const { output } of this.builder.nodesBehind(values)) {
      const sums = this.known.get(output[0]);
      if (!sums) continue;
      const { weights, shape, channelOf, factors, terms, constants } = sums;
      const [weightsName, biasName] = constants;
      const scaled = Float32Array.from(weights, (weight, i) => weight * factors[channelOf(i)]);
      this.builder.constantNamed(weightsName, scaled, shape);
      if (terms) this.builder.constantNamed(biasName, Float32Array.from(terms), [terms.length]);
    }
  }
}

/** Whether nothing but the way to `given` uses a node's result; on it lie operations that only rearrange. */
function isUsedOnce(node: TracedNode, given: TracedNode): boolean {
  for (let at = given; ; [at] = at.inputs) {
    if (at.consumers.length !== 1 || at.isOutput) return false;
    if (at === node) return true;
    if (at.inputs.length !== 1) return false;
  }
}
