/** @file LeNet-5's C3: a convolution whose outputs each see some of the input channels only. */
import { AuricleError } from "../../errors.ts";
import { constantTensor } from "../../graph/sources.ts";
import { add } from "../../ops/arithmetic.ts";
import { conv2d } from "../../ops/convolution.ts";
import { matrixProduct } from "../../ops/matrix-product.ts";
import { reshape } from "../../ops/reshape.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { floatArray, type FloatArray } from "../../tensor/array.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { Initializer } from "../initializers/index.ts";
import type { Layer } from "../layer.ts";
import { requireMemory } from "../size-limit.ts";
import { applyActivation, checkActivation, type ActivationOption } from "./activations.ts";
import { axesOf, spatialAdvice } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";
import { KERNEL_OPTIONS, weightRule, type KernelOptions } from "./weight-specs.ts";

export interface PartialConvOptions extends LayerOptions, KernelOptions, ActivationOption {
  /** For each output channel the input channels that it sees, counted from 0. */
  readonly connections: readonly (readonly number[])[];
  /** Height and width of the window, or one number for both. */
  readonly kernelSize: number | readonly number[];
}

const OPTIONS: OptionNames<PartialConvOptions> = {
  connections: true,
  kernelSize: true,
  activation: true,
  ...KERNEL_OPTIONS,
  ...LAYER_OPTIONS,
};

/**
 * 2D convolution, "valid", with a table of connections: `[N, H, W, C]` to `[N, H', W', connections.length]`. The kernel
 * `[height, width, K]` holds the K connected windows only, output by output in the table's order. LeCun et al. 1998,
 * section II-B, layer C3 and table I. An initializer sees each output's own fan.
 */
export function partialConv2d(options: PartialConvOptions): Layer {
  checkOptions("partialConv2d", options, OPTIONS);
  const check = checksFor("partialConv2d");
  const connections = check.other("connections", options.connections, {
    type: "list",
    wanted: "for each output a list of the input channels from 0, each once",
    parse: (value) => (isConnections(value) ? value : undefined),
  });
  const kernelSize = check.perAxis("kernelSize", options.kernelSize, 2);
  const useBias = check.boolean("useBias", options.useBias, true);
  const activation = checkActivation(check, options.activation);
  const kernel = weightRule(check, "kernel", options, "glorotUniform");
  const bias = weightRule(check, "bias", options, "zeros");
  const outputs = connections.length;
  const links = connections.flat().length;
  const taps = sizeOf(kernelSize);
  return makeLayer(
    {
      className: "PartialConv2D",
      factory: "partialConv2d",
      config: {
        connections,
        kernelSize,
        useBias,
        activation,
        ...kernel.config,
        ...bias.config,
      },
      options: OPTIONS,
      axes: axesOf(2),
      advice: spatialAdvice(2),
      weights([[, , channels]]) {
        checkChannels(connections, channels);
        const spec = kernel.spec("kernel", [...kernelSize, links], true);
        return [
          { ...spec, initializer: outputByOutput(spec.initializer, connections) },
          ...(useBias ? [bias.spec("bias", [outputs], false)] : []),
        ];
      },
      call([x], context) {
        const channels = x.shape[3];
        // The packed windows times a table of zeros and ones are the filter of a full convolution.
        requireMemory("the table of connections", [links, channels, outputs]);
        const packed = reshape(context.weight("kernel"), [taps, links]);
        const full = matrixProduct(packed, constantTensor(selection(connections, channels)));
        const sums = conv2d(x, reshape(full, [...kernelSize, channels, outputs]));
        return applyActivation(activation, useBias ? add(sums, context.weight("bias")) : sums);
      },
      window: { size: kernelSize, strides: [1, 1], dilations: [1, 1], padding: "valid" },
      connections: (_, [height, width]) => height * width * (taps * links + (useBias ? outputs : 0)),
    },
    options,
  );
}

function isConnections(value: unknown): value is readonly (readonly number[])[] {
  const isRow = (row: unknown): row is readonly number[] =>
    Array.isArray(row) &&
    row.length > 0 &&
    new Set(row).size === row.length &&
    row.every((channel) => Number.isInteger(channel) && channel >= 0);
  return Array.isArray(value) && value.length > 0 && value.every(isRow);
}

function checkChannels(connections: readonly (readonly number[])[], channels: number): void {
  const largest = Math.max(...connections.flat());
  if (largest < channels) return;
  throw new AuricleError(
    "shape",
    `partialConv2d: connections must name channels in 0 … ${channels - 1} of the input; got ${largest}`,
  );
}

/** `[K, C·outputs]`: 1 where connection k joins a channel and an output. */
function selection(connections: readonly (readonly number[])[], channels: number): FloatArray {
  const outputs = connections.length;
  const pairs = connections.flatMap((row, output) => row.map((channel) => channel * outputs + output));
  const table = new Float32Array(pairs.length * channels * outputs);
  pairs.forEach((pair, link) => {
    table[link * channels * outputs + pair] = 1;
  });
  return floatArray(table, [pairs.length, channels * outputs]);
}

/** Draws each output's windows `[height, width, its channels, 1]` and packs them beside each other. */
function outputByOutput(initializer: Initializer, connections: readonly (readonly number[])[]): Initializer {
  return {
    name: initializer.name,
    config: initializer.config,
    initialize([height, width, links], generator) {
      const packed = new Float32Array(height * width * links);
      let first = 0;
      for (const { length } of connections) {
        const own = initializer.initialize([height, width, length, 1], generator);
        own.forEach((value, i) => {
          packed[Math.floor(i / length) * links + first + (i % length)] = value;
        });
        first += length;
      }
      return packed;
    },
  };
}
