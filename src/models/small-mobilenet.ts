import type { Layer } from "../nn/layer.ts";
import {
  batchNormalization,
  conv2d,
  dense,
  depthwiseConv2d,
  globalAveragePooling2d,
  reLU,
} from "../nn/layers/index.ts";
import { graphNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { checkOptions } from "../options.ts";
import { chain } from "./audio-blocks.ts";
import { imageInput, stem } from "./image-blocks.ts";
import { MODEL_OPTIONS, type ModelOptions } from "./options.ts";

/** Filters and stride of each block. */
const BLOCKS = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
] as const;

/**
 * A small network of depthwise separable convolutions on images `[H, W, C]`, as MobileNet (Howard et al. 2017,
 * arXiv:1704.04861): a 3×3 convolution to 32 channels, then five blocks of a depthwise 3×3 and a 1×1 convolution with 64, 128,
 * 128, 256 and 256 channels, the second and the fourth with stride 2; then the mean over the image. 136,202 parameters for
 * 28×28×1 and 10 classes. Images of 64 pixels or more are first reduced by strides.
 *
 * @throws AuricleError "shape" unless the input has three axes
 */
export function smallMobileNet(options: ModelOptions = {}): Network {
  checkOptions("smallMobileNet", options, MODEL_OPTIONS);
  const { inputShape = [28, 28, 1], classes = 10, seed } = options;
  const inputs = imageInput("small-mobilenet", inputShape);
  const layers = BLOCKS.flatMap(([filters, strides]) => block(filters, strides));
  const outputs = chain(stem(inputs, 32), [...layers, globalAveragePooling2d(), dense({ units: classes })]);
  return graphNetwork({ inputs, outputs }, { name: "small-mobilenet", seed });
}

function block(filters: number, strides: number): Layer[] {
  const common = { padding: "same", useBias: false } as const;
  return [
    depthwiseConv2d({ kernelSize: 3, strides, ...common, depthwiseInitializer: "heNormal" }),
    batchNormalization({ momentum: 0.9 }),
    reLU(),
    conv2d({ filters, kernelSize: 1, ...common, kernelInitializer: "heNormal" }),
    batchNormalization({ momentum: 0.9 }),
    reLU(),
  ];
}
