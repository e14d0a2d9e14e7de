/** @file All layers by class name, to rebuild them from their stored form. */
import type { Layer } from "../layer.ts";
import type { LayerConfig } from "../network-plan.ts";
import { activation, reLU, leakyReLU, elu, softmax } from "./activation.ts";
import { batchNormalization } from "./batch-normalization.ts";
import {
  cropping1d,
  cropping2d,
  reflectionPadding1d,
  reflectionPadding2d,
  zeroPadding1d,
  zeroPadding2d,
} from "./borders.ts";
import { conv1d, conv2d } from "./convolution.ts";
import { dense } from "./dense.ts";
import {
  depthwiseConv1d,
  depthwiseConv2d,
  separableConv1d,
  separableConv2d,
} from "./depthwise-convolution.ts";
import { dropout, spatialDropout1d, spatialDropout2d } from "./dropout.ts";
import { exampleNormalization } from "./example-normalization.ts";
import { flatten } from "./flatten.ts";
import { audioFrontEnd } from "./front-end.ts";
import {
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
} from "./global-pooling.ts";
import { groupNormalization } from "./group-normalization.ts";
import { layerNormalization } from "./layer-normalization.ts";
import { add, average, concatenate, maximum, minimum, multiply, subtract } from "./merge.ts";
import { alphaDropout, gaussianDropout, gaussianNoise } from "./noise.ts";
import { normalization } from "./normalization.ts";
import { operations } from "./operations.ts";
import { partialConv2d } from "./partial-convolution.ts";
import { averagePooling1d, averagePooling2d, maxPooling1d, maxPooling2d } from "./pooling.ts";
import { prelu } from "./prelu.ts";
import { radialBasis } from "./radial-basis.ts";
import { rescaling } from "./rescaling.ts";
import { permute, reshape } from "./reshape.ts";
import { resizing } from "./resizing.ts";
import { subsampling2d } from "./subsampling.ts";
import { conv1dTranspose, conv2dTranspose } from "./transposed-convolution.ts";
import { unknownLayerClass } from "./unknown-class.ts";
import { upSampling1d, upSampling2d } from "./up-sampling.ts";

/** Each function checks its options itself, so a stored config needs no other check. */
const LAYERS = {
  Activation: activation,
  Add: add,
  AlphaDropout: alphaDropout,
  AudioFrontEnd: audioFrontEnd,
  Average: average,
  AveragePooling1D: averagePooling1d,
  AveragePooling2D: averagePooling2d,
  BatchNormalization: batchNormalization,
  Concatenate: concatenate,
  Conv1D: conv1d,
  Conv1DTranspose: conv1dTranspose,
  Conv2D: conv2d,
  Conv2DTranspose: conv2dTranspose,
  Cropping1D: cropping1d,
  Cropping2D: cropping2d,
  Dense: dense,
  DepthwiseConv1D: depthwiseConv1d,
  DepthwiseConv2D: depthwiseConv2d,
  Dropout: dropout,
  ELU: elu,
  ExampleNormalization: exampleNormalization,
  Flatten: flatten,
  GaussianDropout: gaussianDropout,
  GaussianNoise: gaussianNoise,
  GlobalAveragePooling1D: globalAveragePooling1d,
  GlobalAveragePooling2D: globalAveragePooling2d,
  GlobalMaxPooling1D: globalMaxPooling1d,
  GlobalMaxPooling2D: globalMaxPooling2d,
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization,
  LeakyReLU: leakyReLU,
  MaxPooling1D: maxPooling1d,
  MaxPooling2D: maxPooling2d,
  Maximum: maximum,
  Minimum: minimum,
  Multiply: multiply,
  Normalization: normalization,
  Operations: operations,
  PartialConv2D: partialConv2d,
  PReLU: prelu,
  Permute: permute,
  RadialBasis: radialBasis,
  ReLU: reLU,
  ReflectionPadding1D: reflectionPadding1d,
  ReflectionPadding2D: reflectionPadding2d,
  Rescaling: rescaling,
  Reshape: reshape,
  Resizing: resizing,
  SeparableConv1D: separableConv1d,
  SeparableConv2D: separableConv2d,
  Softmax: softmax,
  SpatialDropout1D: spatialDropout1d,
  SpatialDropout2D: spatialDropout2d,
  Subsampling2D: subsampling2d,
  Subtract: subtract,
  UpSampling1D: upSampling1d,
  UpSampling2D: upSampling2d,
  ZeroPadding1D: zeroPadding1d,
  ZeroPadding2D: zeroPadding2d,
} satisfies Record<string, (options: never) => Layer>;

export type LayerClassName = keyof typeof LAYERS;

function isLayerClassName(name: string): name is LayerClassName {
  return Object.hasOwn(LAYERS, name);
}

/** The class names of all layers. */
export const LAYER_CLASS_NAMES: readonly LayerClassName[] = Object.keys(LAYERS).filter(isLayerClassName);

/** The function that makes layers of a class. @throws AuricleError "argument" when the class is unknown. */
export function layerClass(className: string): (options: never) => Layer {
  if (isLayerClassName(className)) return LAYERS[className];
  throw unknownLayerClass(className, LAYER_CLASS_NAMES);
}

/** Rebuilds a layer. @throws AuricleError "argument" when the class is unknown or an option is unusable. */
export function layerFromConfig({ className, config }: LayerConfig): Layer {
  return layerClass(className)(config as never);
}
