import type { Layer, SymbolicTensor } from "../nn/layer.ts";
import {
  add,
  averagePooling2d,
  batchNormalization,
  conv2d,
  dense,
  globalAveragePooling2d,
  reLU,
} from "../nn/layers/index.ts";
import { graphNetwork } from "../nn/network-builders.ts";
import type { Network } from "../nn/network.ts";
import { checkOptions } from "../options.ts";
import { chain } from "./audio-blocks.ts";
import { imageInput, stem } from "./image-blocks.ts";
import { MODEL_OPTIONS, type ModelOptions } from "./options.ts";

/**
 * A small residual network on images `[H, W, C]`: a 3×3 convolution to 32 channels, then three stages of two residual blocks
 * each (He et al. 2015, arXiv:1512.03385) with 32, 64 and 128 channels, halved in size between them; then the mean over the
 * image. 696,042 parameters for 28×28×1 and 10 classes. Images of 64 pixels or more are first reduced by strides.
 *
 * Where a stage halves the image, the shortcut takes the mean of each 2×2 pixels before its 1×1 convolution, which loses
 * none of them (He et al. 2018, arXiv:1812.01187, ResNet-D). The last gamma of each block begins at 0, so that every block
 * begins as the identity (Goyal et al. 2017, arXiv:1706.02677, section 5.1).
 *
 * @throws AuricleError "shape" unless the input has three axes
 */
export function smallResNet(options: ModelOptions = {}): Network {
  checkOptions("smallResNet", options, MODEL_OPTIONS);
  const { inputShape = [28, 28, 1], classes = 10, seed } = options;
  const inputs = imageInput("small-resnet", inputShape);
  const first = stem(inputs, 32);
  const last = [32, 64, 128].reduce(stage, first);
  const outputs = chain(last, [globalAveragePooling2d(), dense({ units: classes })]);
  return graphNetwork({ inputs, outputs }, { name: "small-resnet", seed });
}

function stage(tensor: SymbolicTensor, filters: number, index: number): SymbolicTensor {
  const halves = index > 0 && Math.min(...tensor.shape.slice(0, 2)) > 1;
  return residualBlock(residualBlock(tensor, filters, halves ? 2 : 1), filters, 1);
}

/** ReLU(x + f(x)); where size or channels change, x goes through a mean over 2×2 pixels and a 1×1 convolution. */
function residualBlock(tensor: SymbolicTensor, filters: number, strides: number): SymbolicTensor {
  const inner = chain(tensor, [
    ...convolution(filters, 3, strides),
    reLU(),
    ...convolution(filters, 3, 1, "zeros"),
  ]);
  const pooling = strides > 1 ? [averagePooling2d({ poolSize: strides, padding: "same" })] : [];
  const isIdentity = strides === 1 && tensor.shape.at(-1) === filters;
  const shortcut = isIdentity ? tensor : chain(tensor, [...pooling, ...convolution(filters, 1, 1)]);
  return reLU().apply(add().apply([shortcut, inner]));
}

function convolution(
  filters: number,
  kernelSize: number,
  strides: number,
  gammaInitializer: "ones" | "zeros" = "ones",
): Layer[] {
  return [
    conv2d({ filters, kernelSize, strides, padding: "same", useBias: false, kernelInitializer: "heNormal" }),
    batchNormalization({ momentum: 0.9, gammaInitializer }),
  ];
}
