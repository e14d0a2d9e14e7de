/** @file Code that the networks on images share: their input, and a beginning that suits its size. */
import { AuricleError } from "../errors.ts";
import type { SymbolicTensor } from "../nn/layer.ts";
import { batchNormalization, conv2d, maxPooling2d, reLU } from "../nn/layers/index.ts";
import { input } from "../nn/symbolic.ts";
import type { Shape } from "../tensor/shape.ts";
import { chain } from "./audio-blocks.ts";
import { shownValue } from "../shown-value.ts";

const AXES = ["height", "width", "channel"] as const;

/** @throws AuricleError "shape" unless the shape is that of an image, `[H, W, C]`. */
export function imageInput(name: string, shape: Shape): SymbolicTensor {
  if (shape.length === AXES.length) return input({ shape, axisNames: AXES });
  throw new AuricleError(
    "shape",
    `${name}: input must be [${AXES.join(", ")}], an image; got ${shownValue(shape)}`,
  );
}

/** The shorter side from which the first convolution skips every other pixel, and that from which a pooling follows. */
const [LARGE, VERY_LARGE] = [64, 128];

/**
 * A 3×3 convolution, batch normalisation and ReLU. Its stride is 2 from 64 pixels on, and a max pooling by 2 follows from 128
 * on, so that the layers behind it see images of 32 to 64 pixels.
 */
export function stem(image: SymbolicTensor, filters: number): SymbolicTensor {
  const side = Math.min(image.shape[0], image.shape[1]);
  return chain(image, [
    conv2d({
      filters,
      kernelSize: 3,
      strides: side >= LARGE ? 2 : 1,
      padding: "same",
      useBias: false,
      kernelInitializer: "heNormal",
    }),
    batchNormalization({ momentum: 0.9 }),
    reLU(),
    ...(side >= VERY_LARGE ? [maxPooling2d({ poolSize: 2, padding: "same" })] : []),
  ]);
}
