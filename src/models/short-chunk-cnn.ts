import type { SymbolicTensor } from "../nn/layer.ts";
import { batchNormalization, conv2d, dense, dropout, globalMaxPooling2d, reLU } from "../nn/layers/index.ts";
import { graphNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { AUDIO_MODEL_OPTIONS, audioInput, chain, poolBy, type AudioModelOptions } from "./audio-blocks.ts";

export interface ShortChunkOptions extends AudioModelOptions {
  /** Filters of the first block; the others have it once, twice or four times. Default 128. */
  readonly channels?: number;
}

const OPTIONS: OptionNames<ShortChunkOptions> = { ...AUDIO_MODEL_OPTIONS, channels: true };

/**
 * The short-chunk CNN (Won, Ferraro, Bogdanov and Serra 2020, "Evaluation of CNN-based automatic music tagging models",
 * arXiv:2006.00751): seven blocks of 3×3 convolution, batch normalisation, ReLU and max pooling by 2, the maximum over what
 * is left, and two dense layers. For 10 classes 3,666,828 parameters with 128 channels, 920,012 with 64, 231,660
 * with 32.
 *
 * Made for 231 frames of 128 mel bands in decibels: 59,049 samples at 16 kHz. Windows of fewer than 128 frames or bands
 * are taken too; the last poolings then do nothing along that axis.
 */
export function shortChunkCnn(options: ShortChunkOptions = {}): Network {
  checkOptions("shortChunkCnn", options, OPTIONS);
  const { inputShape = [231, 128, 1], classes = 10, seed, normalization = "none", channels = 128 } = options;
  const name = channels === 128 ? "short-chunk" : `short-chunk-${channels}`;
  const { inputs, features } = audioInput(name, "spectrogram", inputShape, normalization);
  const first = normalize().apply(features);
  const last = [1, 1, 2, 2, 2, 2, 4].reduce((tensor, factor) => block(tensor, factor * channels), first);
  const outputs = chain(last, [
    globalMaxPooling2d(),
    dense({ units: 4 * channels }),
    normalize(),
    reLU(),
    dropout({ rate: 0.5 }),
    dense({ units: classes }),
  ]);
  return graphNetwork({ inputs, outputs }, { name, seed });
}

function block(tensor: SymbolicTensor, filters: number): SymbolicTensor {
  const convolved = chain(tensor, [conv2d({ filters, kernelSize: 3, padding: "same" }), normalize(), reLU()]);
  return poolBy(2, convolved);
}

/** With PyTorch's momentum, as the paper's code. */
function normalize() {
  return batchNormalization({ momentum: 0.9 });
}
