/** @file A trained model as plain data: its layers with their shapes, weights, costs and what their units see. Browser-safe. */

import { audioDescription } from "../audio-model/description.ts";
import {
  axisStepsOf,
  firstStepMiddle,
  frequenciesOf,
  frontEnd,
  windowSamples,
  type FrontEnd,
} from "../audio/front-end/index.ts";
import type { FrontEndConfig } from "../audio/front-end/config.ts";
import type { PixelFormat } from "../data/images/pixels/messages.ts";
import { nameOfValue } from "../explain/layer-choice.ts";
import { receptiveField, type FieldAxis } from "../explain/receptive-field.ts";
import { AuricleError } from "../errors.ts";
import { imageDescription } from "../image-model/description.ts";
import type { Network } from "../nn/index.ts";
import type { AxisUnit } from "../nn/summary.ts";
import { didYouMean } from "../options.ts";
import type { FloatArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { factsOf, type ModelFacts, type TrainedModel } from "./trained-model.ts";

/** One weight of a layer. */
export interface WeightFacts {
  /** As `weights` takes it: "conv2d_1/kernel". */
  readonly path: string;
  /** "kernel", "bias", … */
  readonly name: string;
  readonly shape: Shape;
  /** false for running statistics. */
  readonly trainable: boolean;
}

/** One use of a layer. */
export interface LayerFacts {
  /** As `activations` takes it; the second use of a layer is "name#2". */
  readonly name: string;
  /** The type, and the options with which it can be made again. */
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** The names of the inputs or layers whose outputs it takes. */
  readonly from: readonly string[];
  /** For one example. */
  readonly outputShape: Shape;
  /** Words of all weights; 0 for a layer that is used again. */
  readonly parameters: number;
  /** For one example, in inference. */
  readonly multiplyAdds: number;
  /**
   * The part of the input that one unit depends on, along each axis of positions, in the input's own units: milliseconds and hertz or
   * bands, or pixels. Absent where windows do not describe it.
   */
  readonly field?: readonly FieldAxis[];
  readonly weights: readonly WeightFacts[];
}

/** The places of features in a recording. */
export interface FeatureAxes {
  /** From one step to the next, in seconds. */
  readonly step: number;
  /** The middle of the first step, in seconds from the beginning. */
  readonly first: number;
  /** The length of what one step is made of, in seconds. */
  readonly span: number;
  /** The middle of each bin in Hz; absent where bins have none. */
  readonly frequencies?: Float64Array;
}

/** A trained model with its layers. */
export interface ModelInspection extends ModelFacts {
  /** The network's name. */
  readonly name: string;
  /** The inputs by name; shapes are those of one example. */
  readonly inputs: readonly {
    readonly name: string;
    readonly shape: Shape;
    readonly axisNames?: readonly string[];
  }[];
  /** The front end that makes the input of sound, and the steps of a window. */
  readonly frontEnd?: FrontEndConfig;
  readonly windowFrames?: number;
  /** The places of the steps and bins of these features. */
  readonly axes?: FeatureAxes;
  /** The form that pictures are brought to. */
  readonly pixels?: PixelFormat;
  /** Words of all weights, and of those that gradients train. */
  readonly parameters: number;
  readonly trainableParameters: number;
  /** For one example, in inference. */
  readonly multiplyAdds: number;
  readonly layers: readonly LayerFacts[];
}

/** @throws AuricleError "file" where the model's metadata do not say what it takes. */
export function inspectModel(trained: TrainedModel): ModelInspection {
  const { model, kind, path } = trained;
  const { network } = model;
  const words = (weights: Network["weights"]) => weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const sound = kind === "sound" ? audioDescription(model.metadata, path) : undefined;
  const front = sound && frontEnd(sound.frontEnd);
  return {
    ...factsOf(trained),
    name: network.name,
    inputs: network.inputs.map(({ name, shape, axisNames }) => ({
      name,
      shape,
      ...(axisNames && { axisNames }),
    })),
    ...(sound && front
      ? { frontEnd: sound.frontEnd, windowFrames: sound.windowFrames, axes: featureAxes(front) }
      : { pixels: imageDescription(model, path).pixels }),
    parameters: words(network.weights),
    trainableParameters: words(network.weights.filter(({ trainable }) => trainable)),
    multiplyAdds: network.nodes.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0),
    layers: layersOf(trained, front && axisStepsOf(front)),
  };
}

function featureAxes(front: FrontEnd): FeatureAxes {
  const { sampleRate, hopLength } = front;
  const frequencies = frequenciesOf(front);
  return {
    step: hopLength / sampleRate,
    first: firstStepMiddle(front) / sampleRate,
    span: windowSamples(front) / sampleRate,
    ...(frequencies && { frequencies }),
  };
}

function layersOf({ model }: TrainedModel, units: readonly AxisUnit[] | undefined): readonly LayerFacts[] {
  const { network } = model;
  const seen = new Set<string>();
  return network.nodes.map(({ layer, inputs, outputShape, multiplyAdds }, node) => {
    const name = nameOfValue(network, network.inputs.length + node);
    const field = receptiveField(model, name, units ? { units } : {});
    const weights = network.weights.filter((weight) => weight.layer === layer.name);
    const isAgain = seen.has(layer.name);
    seen.add(layer.name);
    return {
      name,
      className: layer.layer.className,
      config: layer.layer.config,
      from: inputs.map((value) => nameOfValue(network, value)),
      outputShape,
      parameters: isAgain ? 0 : weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      multiplyAdds,
      ...(field && { field }),
      weights: weights.map((weight) => ({
        path: weight.path,
        name: weight.name,
        shape: weight.shape,
        trainable: weight.trainable,
      })),
    };
  });
}

/** @throws AuricleError "argument" naming all paths, for one that there is not. */
export function weightsOf(
  { model, path: place }: TrainedModel,
  paths?: readonly string[],
): Readonly<Record<string, FloatArray>> {
  const all = model.getWeights();
  const wanted = paths ?? [...all.keys()];
  return Object.fromEntries(
    wanted.map((path) => {
      const weight = all.get(path);
      if (weight) return [path, weight];
      const known = [...all.keys()];
      throw new AuricleError(
        "argument",
        `${place}: weights are ${known.join(", ")}; got "${path}"${didYouMean(path, known)}`,
      );
    }),
  );
}
