import { conv2d, dense, flatten, maxPooling2d } from "../nn/layers/index.ts";
import { graphNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { checkOptions } from "../options.ts";
import { AUDIO_MODEL_OPTIONS, audioInput, chain, type AudioModelOptions } from "./audio-blocks.ts";

/**
 * A first network on spectrograms of 120 frames and 129 frequencies: one convolution, one pooling, and a dense layer that
 * has nearly all of the 156,114 parameters. A course's starting point, meant to be improved.
 */
export function notebook(options: AudioModelOptions = {}): Network {
  checkOptions("notebook", options, AUDIO_MODEL_OPTIONS);
  const { inputShape = [120, 129, 1], classes = 10, seed, normalization = "none" } = options;
  const { inputs, features } = audioInput("notebook", "spectrogram", inputShape, normalization);
  const outputs = chain(features, [
    conv2d({ filters: 4, kernelSize: 5, padding: "same", activation: "relu" }),
    maxPooling2d({ poolSize: 2, strides: 2, padding: "same" }),
    flatten(),
    dense({ units: classes }),
  ]);
  return graphNetwork({ inputs, outputs }, { name: "notebook", seed });
}
