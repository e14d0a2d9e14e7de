/**
 * @file Keras' layers as Auricle's: what each class's configuration means, and the names and the order of its weights. Layouts agree
 * (kernels `[height, width, in, out]`, `[in, out]`), so numbers are taken as they are. Browser-safe.
 */
import type { LayerConfig } from "../../nn/network-plan.ts";
import { activationOf, type KerasActivation } from "./activation-names.ts";
import { customScaleLayer, layerScale } from "./application-classes.ts";
import { type ConfigReader } from "./config-reader.ts";
import { isList, isObject, own } from "../json/values.ts";
import {
  plain,
  requireChannelsLast,
  type Keras,
  type MappedLayer,
  type Mapping,
  type WeightNames,
} from "./mapped-layer.ts";
import { OPERATION_CLASSES } from "./operations.ts";
import {
  batchNormalization,
  groupNormalization,
  layerNormalization,
  normalization,
  rescaling,
} from "./normalization-classes.ts";

const BIAS: WeightNames = { name: "bias", theirs: ["bias"] };

function activation(read: ConfigReader, { isKeras3 }: Keras): KerasActivation {
  return (
    activationOf(read.value("activation"), isKeras3) ??
    read.refuse("activation", "the name of an activation that Auricle has")
  );
}

/** A layer whose activation is an option; one that is none follows it. */
function activated(
  read: ConfigReader,
  keras: Keras,
  { className, config, weights }: LayerConfig & { readonly weights: readonly WeightNames[] },
): MappedLayer {
  const { name, after } = activation(read, keras);
  return { layers: [{ className, config: { ...config, activation: name } }, ...after], weights };
}

function geometry(read: ConfigReader, paddings: readonly string[] = ["valid", "same"]) {
  requireChannelsLast(read);
  const padding = read.text("padding", "valid").toLowerCase();
  if (!paddings.includes(padding)) read.refuse("padding", `one of ${paddings.join(", ")}`);
  return {
    kernelSize: read.lengths("kernel_size"),
    strides: read.lengths("strides", 1),
    padding,
    dilationRate: read.lengths("dilation_rate", 1),
  };
}

function biased(read: ConfigReader, weights: readonly WeightNames[]): readonly WeightNames[] {
  return read.flag("use_bias", true) ? [...weights, BIAS] : weights;
}

const KERNEL: WeightNames = { name: "kernel", theirs: ["kernel"] };

function convolution(className: string, paddings?: readonly string[]): Mapping {
  return (read, keras) =>
    activated(read, keras, {
      className,
      config: {
        filters: read.count("filters"),
        groups: read.count("groups", 1),
        useBias: read.flag("use_bias", true),
        ...geometry(read, paddings),
      },
      weights: biased(read, [KERNEL]),
    });
}

function transposed(className: string): Mapping {
  return (read, keras) => {
    const padding = read.value("output_padding");
    if (padding !== undefined) read.refuse("output_padding", "null");
    return activated(read, keras, {
      className,
      config: {
        filters: read.count("filters"),
        useBias: read.flag("use_bias", true),
        ...geometry(read),
      },
      weights: biased(read, [KERNEL]),
    });
  };
}

function depthwise(className: string): Mapping {
  return (read, keras) =>
    activated(read, keras, {
      className,
      config: {
        depthMultiplier: read.count("depth_multiplier", 1),
        useBias: read.flag("use_bias", true),
        ...geometry(read),
      },
      weights: biased(read, [{ name: "kernel", theirs: ["depthwise_kernel", "kernel"] }]),
    });
}

function separable(className: string): Mapping {
  return (read, keras) =>
    activated(read, keras, {
      className,
      config: {
        filters: read.count("filters"),
        depthMultiplier: read.count("depth_multiplier", 1),
        useBias: read.flag("use_bias", true),
        ...geometry(read),
      },
      weights: biased(read, [
        { name: "depthwiseKernel", theirs: ["depthwise_kernel"] },
        { name: "pointwiseKernel", theirs: ["pointwise_kernel"] },
      ]),
    });
}

function pooling(className: string): Mapping {
  return (read) => {
    requireChannelsLast(read);
    const padding = read.text("padding", "valid").toLowerCase();
    if (padding !== "valid" && padding !== "same") read.refuse("padding", "valid or same");
    const poolSize = read.lengths("pool_size", 2);
    const strides = read.value("strides") === undefined ? poolSize : read.lengths("strides");
    return plain(className, { poolSize, strides, padding });
  };
}

function globalPooling(className: string, dimensions: number): Mapping {
  return (read) => {
    requireChannelsLast(read);
    const kept = read.flag("keepdims", false)
      ? [{ className: "Reshape", config: { targetShape: [...new Array<number>(dimensions).fill(1), -1] } }]
      : [];
    return { layers: [{ className, config: {} }, ...kept], weights: [] };
  };
}

const padding =
  (className: string, key: "padding" | "cropping"): Mapping =>
  (read) => {
    requireChannelsLast(read);
    return plain(className, { [key]: read.value(key) ?? 1 });
  };

const upSampling =
  (className: string): Mapping =>
  (read) => {
    requireChannelsLast(read);
    const interpolation = read.text("interpolation", "nearest");
    if (interpolation === "nearest") return plain(className, { size: read.lengths("size", 2) });
    if (className === "UpSampling1D" || interpolation !== "bilinear") {
      return read.refuse("interpolation", "nearest or bilinear");
    }
    return plain(className, { size: read.lengths("size", 2), interpolation });
  };

const resizing: Mapping = (read) => {
  for (const key of ["crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"]) {
    if (read.flag(key, false)) read.refuse(key, "false");
  }
  const interpolation = read.text("interpolation", "bilinear");
  if (interpolation !== "bilinear" && interpolation !== "nearest") {
    read.refuse("interpolation", "bilinear or nearest");
  }
  return plain("Resizing", { height: read.count("height"), width: read.count("width"), interpolation });
};

const relu: Mapping = (read) => {
  const maxValue = read.value("max_value") === undefined ? undefined : scalar(read, "max_value", 0);
  return plain("ReLU", {
    ...(maxValue === undefined ? {} : { maxValue }),
    negativeSlope: scalar(read, "negative_slope", 0),
    threshold: scalar(read, "threshold", 0),
  });
};

/** A number, which some versions store as an array of their own: { type: "ndarray", value: [0.3] }. */
function scalar(read: ConfigReader, key: string, fallback: number): number {
  const value = read.value(key);
  const stored = isObject(value) ? own(value, "value") : value;
  const number: unknown = isList(stored) && stored.length === 1 ? stored[0] : stored;
  return typeof number === "number" ? number : read.number(key, fallback);
}

const prelu: Mapping = (read) => {
  const shared = read.value("shared_axes") === undefined ? [] : read.lengths("shared_axes");
  return plain("PReLU", { sharedAxes: typeof shared === "number" ? [shared] : shared }, [
    { name: "alpha", theirs: ["alpha"] },
  ]);
};

const activationLayer: Mapping = (read, keras) => {
  const { name, after } = activation(read, keras);
  if (after.length > 0) return { layers: after, weights: [] };
  return name === "linear" ? { layers: [], weights: [] } : plain("Activation", { activation: name });
};

const reshape: Mapping = (read) => plain("Reshape", { targetShape: listOf(read.lengths("target_shape")) });

const listOf = (value: number | readonly number[]): readonly number[] =>
  typeof value === "number" ? [value] : value;

/** Nothing in inference, and nothing that Auricle's training has. */
const nothing: Mapping = () => ({ layers: [], weights: [] });

const dropout =
  (className: string): Mapping =>
  (read) =>
    plain(className, { rate: read.number("rate") });

const LAYERS: Readonly<Record<string, Mapping>> = {
  Activation: activationLayer,
  ActivityRegularization: nothing,
  Add: () => plain("Add"),
  AlphaDropout: dropout("AlphaDropout"),
  Average: () => plain("Average"),
  AveragePooling1D: pooling("AveragePooling1D"),
  AveragePooling2D: pooling("AveragePooling2D"),
  BatchNormalization: batchNormalization,
  BatchNormalizationV1: batchNormalization,
  Concatenate: (read) => plain("Concatenate", { axis: read.lengths("axis", -1) }),
  Conv1D: convolution("Conv1D", ["valid", "same", "causal"]),
  Conv1DTranspose: transposed("Conv1DTranspose"),
  Conv2D: convolution("Conv2D"),
  Conv2DTranspose: transposed("Conv2DTranspose"),
  Cropping1D: padding("Cropping1D", "cropping"),
  Cropping2D: padding("Cropping2D", "cropping"),
  CustomScaleLayer: customScaleLayer,
  Dense: (read, keras) =>
    activated(read, keras, {
      className: "Dense",
      config: { units: read.count("units"), useBias: read.flag("use_bias", true) },
      weights: biased(read, [KERNEL]),
    }),
  DepthwiseConv1D: depthwise("DepthwiseConv1D"),
  DepthwiseConv2D: depthwise("DepthwiseConv2D"),
  Dropout: dropout("Dropout"),
  ELU: (read) => plain("ELU", { alpha: scalar(read, "alpha", 1) }),
  Flatten: (read) => {
    requireChannelsLast(read);
    return plain("Flatten");
  },
  GaussianDropout: dropout("GaussianDropout"),
  GaussianNoise: (read) => plain("GaussianNoise", { stddev: read.number("stddev") }),
  GlobalAveragePooling1D: globalPooling("GlobalAveragePooling1D", 1),
  GlobalAveragePooling2D: globalPooling("GlobalAveragePooling2D", 2),
  GlobalMaxPooling1D: globalPooling("GlobalMaxPooling1D", 1),
  GlobalMaxPooling2D: globalPooling("GlobalMaxPooling2D", 2),
  GroupNormalization: groupNormalization,
  Identity: nothing,
  LayerNormalization: layerNormalization,
  LayerScale: layerScale,
  LeakyReLU: (read) => {
    const key = read.value("negative_slope") === undefined ? "alpha" : "negative_slope";
    return plain("LeakyReLU", { alpha: scalar(read, key, 0.3) });
  },
  MaxPooling1D: pooling("MaxPooling1D"),
  MaxPooling2D: pooling("MaxPooling2D"),
  Maximum: () => plain("Maximum"),
  Minimum: () => plain("Minimum"),
  Multiply: () => plain("Multiply"),
  Normalization: normalization,
  PReLU: prelu,
  Permute: (read) => plain("Permute", { dims: listOf(read.lengths("dims")) }),
  RandomBrightness: nothing,
  RandomContrast: nothing,
  RandomFlip: nothing,
  RandomHeight: nothing,
  RandomRotation: nothing,
  RandomTranslation: nothing,
  RandomWidth: nothing,
  RandomZoom: nothing,
  ReLU: relu,
  Rescaling: rescaling,
  Reshape: reshape,
  Resizing: resizing,
  SeparableConv1D: separable("SeparableConv1D"),
  SeparableConv2D: separable("SeparableConv2D"),
  Softmax: (read) => plain("Softmax", { axis: read.lengths("axis", -1) }),
  SpatialDropout1D: dropout("SpatialDropout1D"),
  SpatialDropout2D: dropout("SpatialDropout2D"),
  StochasticDepth: nothing,
  Subtract: () => plain("Subtract"),
  UpSampling1D: upSampling("UpSampling1D"),
  UpSampling2D: upSampling("UpSampling2D"),
  ZeroPadding1D: padding("ZeroPadding1D", "padding"),
  ZeroPadding2D: padding("ZeroPadding2D", "padding"),
};

/** Keras' other names of classes. */
const ALIASES: Readonly<Record<string, string>> = {
  "Custom>CustomScaleLayer": "CustomScaleLayer",
  AvgPool1D: "AveragePooling1D",
  AvgPool2D: "AveragePooling2D",
  Convolution1D: "Conv1D",
  Convolution2D: "Conv2D",
  Convolution2DTranspose: "Conv2DTranspose",
  GlobalAvgPool2D: "GlobalAveragePooling2D",
  MaxPool1D: "MaxPooling1D",
  MaxPool2D: "MaxPooling2D",
  SyncBatchNormalization: "BatchNormalization",
};

/** The classes that Auricle has something for. */
export const KERAS_CLASSES: readonly string[] = Object.keys(LAYERS);

const CLASSES: Readonly<Record<string, Mapping>> = { ...LAYERS, ...OPERATION_CLASSES };

/** Finds the mapping of a class; undefined for one that Auricle has nothing for. */
export function mappingOf(className: string): Mapping | undefined {
  const name = Object.hasOwn(ALIASES, className) ? ALIASES[className] : className;
  return Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
}
