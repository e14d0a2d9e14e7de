import type { SymbolicTensor } from "../nn/layer.ts";
import {
  batchNormalization,
  conv1d,
  dense,
  dropout,
  globalAveragePooling1d,
  reLU,
} from "../nn/layers/index.ts";
import { graphNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { checkOptions } from "../options.ts";
import { AUDIO_MODEL_OPTIONS, audioInput, chain, poolBy, type AudioModelOptions } from "./audio-blocks.ts";

/**
 * SampleCNN (Lee, Park, Kim and Nam 2017, "Sample-level deep convolutional neural networks for music auto-tagging using raw
 * waveforms", arXiv:1703.01789), its 3⁹ model: filters of 3 samples, the first every 3 samples, the nine that follow with
 * pooling by 3. 1,849,354 parameters for 10 classes.
 *
 * Made for 59,049 = 3¹⁰ samples at 16 kHz, `[59049, 1]`, of which one position is left. For longer windows the mean over the
 * remaining positions is taken; in shorter ones, from 3 samples, the last poolings do nothing.
 */
export function sampleCnn(options: AudioModelOptions = {}): Network {
  checkOptions("sampleCnn", options, AUDIO_MODEL_OPTIONS);
  const { inputShape = [59049, 1], classes = 10, seed, normalization = "none" } = options;
  const { inputs, features } = audioInput("sample-cnn", "waveform", inputShape, normalization);
  const first = chain(features, [conv1d({ filters: 128, kernelSize: 3, strides: 3 }), normalize(), reLU()]);
  const last = [128, 128, 256, 256, 256, 256, 256, 256, 512].reduce(
    (tensor, filters) => poolBy(3, block(tensor, filters, 3)),
    first,
  );
  const outputs = chain(block(last, 512, 1), [
    globalAveragePooling1d(),
    dropout({ rate: 0.5 }),
    dense({ units: classes }),
  ]);
  return graphNetwork({ inputs, outputs }, { name: "sample-cnn", seed });
}

function block(tensor: SymbolicTensor, filters: number, kernelSize: number): SymbolicTensor {
  return chain(tensor, [conv1d({ filters, kernelSize, padding: "same" }), normalize(), reLU()]);
}

/** The running statistics follow within tens of steps. */
function normalize() {
  return batchNormalization({ momentum: 0.9 });
}
