/** @file Measures what every layer of a network gives for a sample of examples, without keeping feature maps. */

import { compile } from "../../../graph/compile.ts";
import type { Tensor } from "../../../graph/tensor.ts";
import { equal, multiply, subtract } from "../../../ops/arithmetic.ts";
import { max, mean } from "../../../ops/reduce.ts";
import { abs } from "../../../ops/select.ts";
import { broadcastAlong } from "../../../ops/sum.ts";
import { sizeOf } from "../../../tensor/shape.ts";
import type { Model } from "../../model.ts";
import { compileOptions } from "../../training/engine-options.ts";

/** The values of one layer's output, over all examples and places of a sample. */
export interface LayerFigures {
  /** The layer's name, or "input". */
  readonly name: string;
  /** Keras' class name, or "Input". */
  readonly className: string;
  /** The root of the mean square. */
  readonly rms: number;
  /** The largest absolute value. */
  readonly largest: number;
  /** The share of values that are exactly 0, 0 … 1. */
  readonly zeros: number;
  /**
   * The mean variance of a place from example to example, divided by the mean square: 0 where every example gives the same
   * output.
   */
  readonly variation: number;
}

/** How many examples are measured together; what varies from example to example is compared within such a group. */
const GROUP = 8;

/** The figures of one group, before they are joined. */
interface Moments {
  square: number;
  largest: number;
  zeros: number;
  betweenExamples: number;
}

/**
 * The figures of the input and of every layer of a network with one input, in inference, in the order of computation.
 * Everything is reduced where it is computed, so that the memory needed is that of an inference of eight examples.
 * @param inputs `[N, …]`, row-major; a group of fewer than eight at the end is left out unless it is the only one
 */
export function measureLayers(model: Model, inputs: Float32Array): LayerFigures[] {
  const { network } = model;
  const [inputShape] = network.inputShapes;
  const size = sizeOf(inputShape);
  const examples = inputs.length / size;
  const group = Math.min(GROUP, examples);
  const names = [
    { name: "input", className: "Input" },
    ...network.nodes.map(({ layer }) => ({ name: layer.name, className: layer.layer.className })),
  ];
  const program = compile(
    (x) => {
      const outputs = network.trace([x], { training: false }).map(({ output }) => output);
      return [x, ...outputs].flatMap(momentsOf);
    },
    [[group, ...inputShape]],
    compileOptions(network, model.engine),
  );
  const totals = names.map((): Moments => ({ square: 0, largest: 0, zeros: 0, betweenExamples: 0 }));
  const groups = Math.floor(examples / group);
  for (let i = 0; i < groups; i++) {
    const data = inputs.subarray(i * group * size, (i + 1) * group * size);
    const values = program({ shape: [group, ...inputShape], data }).map((array) => array.data[0]);
    totals.forEach((total, layer) => addTo(total, values.slice(layer * 4, layer * 4 + 4)));
  }
  return names.map((name, layer) => ({ ...name, ...figuresOf(totals[layer], groups) }));
}

/** Four scalars, in the order that {@link addTo} takes them. */
function momentsOf(output: Tensor): Tensor[] {
  const average = mean(output, 0);
  const deviation = subtract(output, broadcastAlong(average, output.shape, [0]));
  return [
    mean(multiply(output, output)),
    max(abs(output)),
    mean(equal(output, 0)),
    mean(multiply(deviation, deviation)),
  ];
}

function addTo(total: Moments, [square, largest, zeros, betweenExamples]: readonly number[]): void {
  total.square += square;
  total.largest = Math.max(total.largest, largest);
  total.zeros += zeros;
  total.betweenExamples += betweenExamples;
}

function figuresOf({ square, largest, zeros, betweenExamples }: Moments, groups: number) {
  return {
    rms: Math.sqrt(square / groups),
    largest,
    zeros: zeros / groups,
    variation: square > 0 ? betweenExamples / square : 0,
  };
}
