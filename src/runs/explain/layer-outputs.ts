/** @file The outputs of a model's layers for a recording or a picture. Browser-safe. */

import { hearRecording } from "../../audio-model/heard-recording.ts";
import { AudioModel } from "../../audio-model/index.ts";
import { layerFeatures, type LayerFeatures } from "../../explain/index.ts";
import { ImageModel } from "../../image-model/index.ts";
import { indexOfLargest } from "../../audio-model/outputs.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { FloatArray } from "../../tensor/array.ts";
import type { TrainedModel } from "../trained-model.ts";
import { choosePart } from "./choose-part.ts";
import { findInput, type ExplainedInput } from "./explained-input.ts";
import { clearestWindow } from "./explain-recording.ts";
import { readPicture } from "./explain-picture.ts";

/** Which outputs of layers are wanted. */
export interface LayerOutputsOptions {
  /** By their names. Default: each convolution's output as the next layers take it. */
  readonly layers?: readonly string[];
  /** Where the window of a recording begins, in seconds. Default: where the model's answer is clearest. */
  readonly start?: number;
  /** The number of the picture, from 0, in a file that holds many. Default 0. */
  readonly example?: number;
}

const OPTIONS: OptionNames<LayerOutputsOptions> = { layers: true, start: true, example: true };

/** The outputs of layers for an input. Plain data. */
export interface LayerOutputs {
  /** The input of the network: features `[steps, …]`, or a picture `[height, width, channels]`, 0 … 1. */
  readonly input: FloatArray;
  /** Where the window begins in the recording, in seconds; absent for a picture. */
  readonly start?: number;
  /** The answer to this input: probabilities of classes or tags, or numbers. */
  readonly outputs: Float32Array;
  readonly layers: readonly LayerFeatures[];
}

/** @throws AuricleError as `findInput`; "argument" for a layer, start or number that there is not; "file" for a file that cannot be read */
export async function layerOutputs(
  trained: TrainedModel,
  input: ExplainedInput,
  options: LayerOutputsOptions,
  signal?: AbortSignal,
): Promise<LayerOutputs> {
  checkOptions("activations", options, OPTIONS, "model, file, ");
  const { kind, model, path: place } = trained;
  const { layers, start, example } = options;
  const found = await findInput(trained, input);
  const named = layers ? { layers } : {};
  if (kind === "images") {
    const looker = new ImageModel(model, place);
    const { picture } = await readPicture(looker, found, { start, example });
    const [outputs] = await looker.predictInputs([picture.data]);
    const x = { shape: [1, ...picture.shape], data: picture.data };
    return { input: picture, outputs, layers: await layerFeatures(model, x, named) };
  }
  const part = await choosePart(new AudioModel(model, place), found, { start, example, signal });
  const heard = await hearRecording(model, part.audio, "activations", place);
  const window = start === undefined ? clearestWindow(heard, indexOfLargest(heard.outputs)) : 0;
  const step = heard.cut.starts[window];
  const x = heard.cut.windows([step]);
  const { hopLength, sampleRate } = heard.front;
  return {
    input: { shape: x.shape.slice(1), data: x.data },
    start: part.offset + (step * hopLength) / sampleRate,
    outputs: heard.windows[window],
    layers: await layerFeatures(model, x, named),
  };
}
