import { AuricleError } from "../errors.ts";
import type { Layer, SymbolicTensor } from "../nn/layer.ts";
import {
  add,
  batchNormalization,
  concatenate,
  conv1d,
  conv2d,
  dense,
  dropout,
  globalAveragePooling1d,
  globalMaxPooling1d,
  maxPooling2d,
  reLU,
  reshape,
  zeroPadding2d,
} from "../nn/layers/index.ts";
import { graphNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { checkOptions } from "../options.ts";
import { AUDIO_MODEL_OPTIONS, audioInput, chain, type AudioModelOptions } from "./audio-blocks.ts";
import { shownValue } from "../shown-value.ts";

/** Filters of each timbral branch, 1.6 · 128, and of each temporal one, 1.6 · 32, rounded down. */
const TIMBRAL_FILTERS = 204;
const TEMPORAL_FILTERS = 51;
const MIDDLE_FILTERS = 64;

/**
 * musicnn (Pons and Serra 2019, "musicnn: pre-trained convolutional neural networks for music audio tagging",
 * arXiv:1909.06654), the small one: filters as tall as 0.4 and 0.7 of the mel bands, which see timbre, beside long ones in
 * time, which see rhythm; three 1D convolutions with residual connections over their outputs; maximum and mean
 * over time. Each convolution is followed by ReLU, then batch normalisation. 779,119 parameters for 10 classes.
 *
 * Made for 187 frames of 96 mel bands, 3 s at 16 kHz, as log10(1 + 10,000·x). Takes any number of frames, and 3 mel bands
 * or more, on which the number of parameters depends.
 * @throws AuricleError "shape" for fewer mel bands
 */
export function musicnn(options: AudioModelOptions = {}): Network {
  checkOptions("musicnn", options, AUDIO_MODEL_OPTIONS);
  const { inputShape = [187, 96, 1], classes = 10, seed, normalization = "none" } = options;
  const { inputs, features } = audioInput("musicnn", "spectrogram", inputShape, normalization);
  const [, bands] = inputShape;
  if (bands < 3) {
    throw new AuricleError(
      "shape",
      `musicnn: input must have at least 3 mel bands, since filters are 0.4 and 0.7 of them tall; got ${shownValue(inputShape)}; it was made for 96`,
    );
  }
  const first = normalize().apply(features);
  const found = concatenate().apply([
    ...[0.4, 0.7].map((part) => timbral(first, Math.floor(part * bands))),
    ...[128, 64, 32].map((length) => temporal(first, length)),
  ]);
  const front = reshape({ targetShape: [-1, found.shape[2]] }).apply(found);
  const one = chain(front, middle());
  const two = add().apply([chain(one, middle()), one]);
  const three = add().apply([chain(two, middle()), two]);
  const all = concatenate().apply([front, one, two, three]);
  const pooled = concatenate().apply([globalMaxPooling1d().apply(all), globalAveragePooling1d().apply(all)]);
  const outputs = chain(pooled, [
    normalize(),
    dropout({ rate: 0.5 }),
    dense({ units: 200, activation: "relu" }),
    normalize(),
    dropout({ rate: 0.5 }),
    dense({ units: classes }),
  ]);
  return graphNetwork({ inputs, outputs }, { name: "musicnn", seed });
}

/** Filters of 7 frames and `height` bands at every height, of which the highest response counts: `[T, F, 1]` to `[T, 1, C]`. */
function timbral(tensor: SymbolicTensor, height: number): SymbolicTensor {
  const responses = chain(tensor, [
    zeroPadding2d({ padding: [3, 0] }),
    conv2d({ filters: TIMBRAL_FILTERS, kernelSize: [7, height] }),
    reLU(),
    normalize(),
  ]);
  return highest(responses);
}

/** Filters of `length` frames and one band: `[T, F, 1]` to `[T, 1, C]`. */
function temporal(tensor: SymbolicTensor, length: number): SymbolicTensor {
  const responses = chain(tensor, [
    conv2d({ filters: TEMPORAL_FILTERS, kernelSize: [length, 1], padding: "same" }),
    reLU(),
    normalize(),
  ]);
  return highest(responses);
}

function highest(tensor: SymbolicTensor): SymbolicTensor {
  return maxPooling2d({ poolSize: [1, tensor.shape[1]] }).apply(tensor);
}

function middle(): Layer[] {
  return [conv1d({ filters: MIDDLE_FILTERS, kernelSize: 7, padding: "same" }), reLU(), normalize()];
}

/** The running statistics follow within tens of steps. */
function normalize(): Layer {
  return batchNormalization({ momentum: 0.9 });
}
