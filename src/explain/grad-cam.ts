/** @file Grad-CAM: where the channels of a layer are active that speak for a class. Browser-safe. */
import type { Tensor } from "../graph/tensor.ts";
import { copyRows, type ModelInputs } from "../nn/training/example-source.ts";
import { relu } from "../ops/activation.ts";
import { multiply } from "../ops/arithmetic.ts";
import { gradients } from "../ops/gradients.ts";
import { mean } from "../ops/reduce.ts";
import { reshape } from "../ops/reshape.ts";
import { resize } from "../ops/resize.ts";
import { sum } from "../ops/sum.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import type { FloatArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { activationsOf } from "./activations.ts";
import { givenInputs } from "./inputs.ts";
import { mapNode, nameOfValue, shapeOfValue, valueUnder } from "./layer-choice.ts";
import { runFunction, type ExplainedModel } from "./programs.ts";
import { resolveScore, SCORE_OPTIONS, type ScoreOptions } from "./score.ts";

export interface GradCamOptions extends ScoreOptions {
  /**
   * A layer with positions, by its name as `activations` takes it. Default: the last convolution on the way to the output, after the
   * normalisation and activation that follow it.
   */
  readonly layer?: string;
  /** Whether what speaks against the class is left out, as in the paper. Default true. */
  readonly relu?: boolean;
}

const OPTIONS: OptionNames<GradCamOptions> = { layer: true, relu: true, ...SCORE_OPTIONS };

export interface GradCam {
  /** `[N, …]` with the positions of `over`, by bilinear interpolation. */
  readonly map: FloatArray;
  /** The same at the layer's own positions. */
  readonly coarse: FloatArray;
  /** The layer that the map is of. */
  readonly layer: string;
  /** The input that the map lies over; or where no input has the layer's axes, the first layer that has: a front end. */
  readonly over: string;
  readonly classes: readonly number[];
  /** The score of each example's class. */
  readonly scores: readonly number[];
}

/**
 * Computes a map of each example: the sum of a layer's channels, each weighted by the mean over positions of d score / d channel
 * (Selvaraju et al. 2017, arXiv:1610.02391), for layers of one or two axes of positions.
 *
 * @example
 * const { map } = await gradCam(model, pictures); // [N, height, width]
 * @param x `[N, …]` for each input, as `predict` takes it
 * @throws AuricleError as `inputGradient`; "argument" or "shape" for a layer that gives no map, or where there is no convolution
 */
export async function gradCam(
  model: ExplainedModel,
  x: ModelInputs,
  options: GradCamOptions = {},
): Promise<GradCam> {
  checkOptions("gradCam", options, OPTIONS, "model, x, ");
  const { network } = model;
  const { arrays, length } = givenInputs(network, x);
  const score = await resolveScore(model, arrays, options);
  const node = mapNode(network, score.output, options.layer);
  const under = valueUnder(network, node);
  const fine = positionsOf(shapeOfValue(network, under));
  const [features] = await activationsOf(model, arrays, [node], options);
  const rest = features.shape.slice(1);
  const keeps = options.relu ?? true;
  const coarse = emptyMap(length, positionsOf(rest));
  const map = emptyMap(length, fine);
  const scores: number[] = [];
  await runFunction(
    model,
    {
      name: `gradCam ${score.key} ${node} ${keeps}`,
      further: [[score.width], rest],
      trace(inputs, [chosen, given]) {
        const outputs = network.applyAll(inputs, { training: false, given: new Map([[node, given]]) });
        const values = score.trace(outputs, chosen);
        const own = classMap(given, gradients(sum(values), [given])[0], keeps);
        return [values, own, resize(own, fine)];
      },
    },
    {
      length,
      read(rows, input) {
        arrays.forEach((array, i) => copyRows(array, rows, input(i)));
        score.choose(rows, input(arrays.length));
        copyRows(features, rows, input(arrays.length + 1));
      },
      take(rows, output) {
        scores.push(...output(0).subarray(0, rows.length));
        [coarse, map].forEach(({ data }, i) => {
          const size = data.length / length;
          data.set(output(1 + i).subarray(0, rows.length * size), rows[0] * size);
        });
      },
    },
    options,
  );
  const own = network.inputs.length + node;
  return {
    map,
    coarse,
    layer: nameOfValue(network, own),
    over: nameOfValue(network, under),
    classes: score.classes,
    scores,
  };
}

/** `[N, …, 1]`: the channels of features, each times its mean gradient, added up. */
function classMap(features: Tensor, gradient: Tensor, keepsPositive: boolean): Tensor {
  const axes = features.shape.slice(1, -1).map((_, axis) => axis + 1);
  const weights = mean(gradient, axes, true);
  const total = sum(multiply(features, weights), [features.shape.length - 1]);
  const map = reshape(total, [...features.shape.slice(0, -1), 1]);
  return keepsPositive ? relu(map) : map;
}

function positionsOf(shape: Shape): Shape {
  return shape.slice(0, -1);
}

function emptyMap(length: number, positions: Shape): FloatArray {
  const shape = [length, ...positions];
  return { shape, data: new Float32Array(sizeOf(shape)) };
}
