/** @file A layer of Keras in Auricle's terms, and how one is written. Browser-safe. */
import type { LayerConfig } from "../../nn/network-plan.ts";
import type { Attributes } from "../../nn/operations/call.ts";
import type { ConfigReader } from "./config-reader.ts";

/** A weight: its name in Auricle, and the names that Keras has had for it. */
export interface WeightNames {
  readonly name: string;
  readonly theirs: readonly string[];
}

/** A layer of Keras in Auricle's terms. */
export interface MappedLayer {
  /** In order, each taking what the one before gives; none for a layer that does nothing in inference. The first has the weights. */
  readonly layers: readonly LayerConfig[];
  /** In the order in which Keras stores them. */
  readonly weights: readonly WeightNames[];
  /** Weights that Keras keeps in the configuration. */
  readonly constants?: ReadonlyMap<string, readonly number[]>;
  /** Weights that Keras stores behind these, and that are not needed. */
  readonly unused?: readonly string[];
}

/** Maps the configuration of a class. @throws AuricleError "file" for one that Auricle has nothing for */
export type Mapping = (read: ConfigReader, context: Keras) => MappedLayer;

/** The facts about a file that decide what a configuration means. */
export interface Keras {
  /** Whether Keras 3 wrote it. */
  readonly isKeras3: boolean;
}

/** One layer, without an activation of its own. */
export function plain(
  className: string,
  config: LayerConfig["config"] = {},
  weights: readonly WeightNames[] = [],
) {
  return { layers: [{ className, config }], weights };
}

/** A layer of ONNX's operations, the first on the layer's inputs and constants, each other one on the result before it. */
export function steps(
  inputs: number,
  constants: readonly number[],
  ...all: readonly { operation: string; attributes?: Attributes; inputs?: readonly number[] }[]
): MappedLayer {
  const given = inputs + constants.length;
  return plain("Operations", {
    inputs,
    operands: constants.map((value) => ({ type: "float32", shape: [], values: [value] })),
    steps: all.map(({ operation, attributes = {}, inputs: taken }, i) => ({
      operation,
      attributes,
      inputs: taken ?? [i === 0 ? 0 : given + i - 1],
    })),
  });
}

/** @throws AuricleError "file" for other orders of axes. */
export function requireChannelsLast(read: ConfigReader): void {
  if (read.text("data_format", "channels_last") !== "channels_last") {
    read.refuse("data_format", '"channels_last"');
  }
}
