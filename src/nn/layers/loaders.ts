/**
 * @file All layers by class name, each loaded when a stored network has it: bundlers make a piece of code of each, of which a page
 * loads those that its model needs.
 */
import type { Layer } from "../layer.ts";
import type { LayerConfig } from "../network-plan.ts";
import type { LayerClassName } from "./registry.ts";
import { unknownLayerClass } from "./unknown-class.ts";

type MakeLayer = (options: never) => Layer;

/** The layers of registry.ts, which a test compares with these. */
const LAYER_LOADERS: Readonly<Record<LayerClassName, () => Promise<MakeLayer>>> = {
  Activation: async () => (await import("./activation.ts")).activation,
  Add: async () => (await import("./merge.ts")).add,
  AlphaDropout: async () => (await import("./noise.ts")).alphaDropout,
  AudioFrontEnd: async () => (await import("./front-end.ts")).audioFrontEnd,
  Average: async () => (await import("./merge.ts")).average,
  AveragePooling1D: async () => (await import("./pooling.ts")).averagePooling1d,
  AveragePooling2D: async () => (await import("./pooling.ts")).averagePooling2d,
  BatchNormalization: async () => (await import("./batch-normalization.ts")).batchNormalization,
  Concatenate: async () => (await import("./merge.ts")).concatenate,
  Conv1D: async () => (await import("./convolution.ts")).conv1d,
  Conv1DTranspose: async () => (await import("./transposed-convolution.ts")).conv1dTranspose,
  Conv2D: async () => (await import("./convolution.ts")).conv2d,
  Conv2DTranspose: async () => (await import("./transposed-convolution.ts")).conv2dTranspose,
  Cropping1D: async () => (await import("./borders.ts")).cropping1d,
  Cropping2D: async () => (await import("./borders.ts")).cropping2d,
  Dense: async () => (await import("./dense.ts")).dense,
  DepthwiseConv1D: async () => (await import("./depthwise-convolution.ts")).depthwiseConv1d,
  DepthwiseConv2D: async () => (await import("./depthwise-convolution.ts")).depthwiseConv2d,
  Dropout: async () => (await import("./dropout.ts")).dropout,
  ELU: async () => (await import("./activation.ts")).elu,
  ExampleNormalization: async () => (await import("./example-normalization.ts")).exampleNormalization,
  Flatten: async () => (await import("./flatten.ts")).flatten,
  GaussianDropout: async () => (await import("./noise.ts")).gaussianDropout,
  GaussianNoise: async () => (await import("./noise.ts")).gaussianNoise,
  GlobalAveragePooling1D: async () => (await import("./global-pooling.ts")).globalAveragePooling1d,
  GlobalAveragePooling2D: async () => (await import("./global-pooling.ts")).globalAveragePooling2d,
  GlobalMaxPooling1D: async () => (await import("./global-pooling.ts")).globalMaxPooling1d,
  GlobalMaxPooling2D: async () => (await import("./global-pooling.ts")).globalMaxPooling2d,
  GroupNormalization: async () => (await import("./group-normalization.ts")).groupNormalization,
  LayerNormalization: async () => (await import("./layer-normalization.ts")).layerNormalization,
  LeakyReLU: async () => (await import("./activation.ts")).leakyReLU,
  MaxPooling1D: async () => (await import("./pooling.ts")).maxPooling1d,
  MaxPooling2D: async () => (await import("./pooling.ts")).maxPooling2d,
  Maximum: async () => (await import("./merge.ts")).maximum,
  Minimum: async () => (await import("./merge.ts")).minimum,
  Multiply: async () => (await import("./merge.ts")).multiply,
  Normalization: async () => (await import("./normalization.ts")).normalization,
  Operations: async () => (await import("./operations.ts")).operations,
  PartialConv2D: async () => (await import("./partial-convolution.ts")).partialConv2d,
  PReLU: async () => (await import("./prelu.ts")).prelu,
  Permute: async () => (await import("./reshape.ts")).permute,
  RadialBasis: async () => (await import("./radial-basis.ts")).radialBasis,
  ReLU: async () => (await import("./activation.ts")).reLU,
  ReflectionPadding1D: async () => (await import("./borders.ts")).reflectionPadding1d,
  ReflectionPadding2D: async () => (await import("./borders.ts")).reflectionPadding2d,
  Rescaling: async () => (await import("./rescaling.ts")).rescaling,
  Reshape: async () => (await import("./reshape.ts")).reshape,
  Resizing: async () => (await import("./resizing.ts")).resizing,
  SeparableConv1D: async () => (await import("./depthwise-convolution.ts")).separableConv1d,
  SeparableConv2D: async () => (await import("./depthwise-convolution.ts")).separableConv2d,
  Softmax: async () => (await import("./activation.ts")).softmax,
  SpatialDropout1D: async () => (await import("./dropout.ts")).spatialDropout1d,
  SpatialDropout2D: async () => (await import("./dropout.ts")).spatialDropout2d,
  Subsampling2D: async () => (await import("./subsampling.ts")).subsampling2d,
  Subtract: async () => (await import("./merge.ts")).subtract,
  UpSampling1D: async () => (await import("./up-sampling.ts")).upSampling1d,
  UpSampling2D: async () => (await import("./up-sampling.ts")).upSampling2d,
  ZeroPadding1D: async () => (await import("./borders.ts")).zeroPadding1d,
  ZeroPadding2D: async () => (await import("./borders.ts")).zeroPadding2d,
};

function isLayerClassName(name: string): name is LayerClassName {
  return Object.hasOwn(LAYER_LOADERS, name);
}

/**
 * Loads a layer's code and rebuilds the layer.
 * @throws AuricleError "argument" when the class is unknown or an option is unusable.
 */
export async function loadLayer({ className, config }: LayerConfig): Promise<Layer> {
  const make = await loadLayerClass(className);
  return make(config as never);
}

/** Loads the function that makes layers of a class. @throws AuricleError "argument" when the class is unknown. */
export async function loadLayerClass(className: string): Promise<MakeLayer> {
  if (isLayerClassName(className)) return LAYER_LOADERS[className]();
  throw unknownLayerClass(className, Object.keys(LAYER_LOADERS));
}
