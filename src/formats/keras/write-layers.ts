/** @file Auricle's layers in Keras' terms. Browser-safe. */
import type { KerasStep, KerasWeight, LayerUse, LayerWriter } from "./keras-builder.ts";
import { leakyStep, writtenActivation } from "./write-activation.ts";
import {
  exampleNormalization,
  normalization,
  partialConvolution,
  radialBasis,
  subsampling,
} from "./write-special-layers.ts";

/** A step of the class of the same name, with options of other names. */
function same(step: (use: LayerUse) => Omit<KerasStep, "className">): LayerWriter {
  return (use) => use.add({ className: use.layer.layer.className, ...step(use) });
}

/** Options as they are, under Keras' names: [ours, Keras']. */
function options(use: LayerUse, names: readonly (readonly [string, string])[]) {
  return Object.fromEntries(names.map(([own, their]) => [their, use.option(own)]));
}

function weights(use: LayerUse, names: readonly (readonly [string, string])[]): KerasWeight[] {
  return names.map(([own, their]) => ({ name: their, array: use.weight(own) }));
}

const bias = (use: LayerUse) => (use.option("useBias") === true ? ([["bias", "bias"]] as const) : []);

const CONVOLUTION = [
  ["kernelSize", "kernel_size"],
  ["strides", "strides"],
  ["padding", "padding"],
  ["dilationRate", "dilation_rate"],
  ["useBias", "use_bias"],
] as const;

/** A layer with kernels, and its activation. */
function kernels(
  own: readonly (readonly [string, string])[],
  kernelNames: (use: LayerUse) => readonly (readonly [string, string])[],
  refuse: (use: LayerUse) => string | undefined = () => undefined,
): LayerWriter {
  return (use) => {
    const reason = refuse(use);
    if (reason !== undefined) return reason;
    const name = String(use.option("activation"));
    const activation = writtenActivation(use, name);
    if (!activation) return `the activation ${name}`;
    const value = use.add({
      className: use.layer.layer.className,
      config: { ...options(use, own), activation: activation.name },
      weights: weights(use, [...kernelNames(use), ...bias(use)]),
    });
    return activation.follow(value);
  };
}

const convolution = (use: LayerUse) => {
  const groups = use.option("groups");
  return groups !== 1 && use.dialect === "tfjs" ? `groups ${String(groups)}` : undefined;
};

const convolutionLayer: LayerWriter = (use) =>
  kernels(
    [
      ["filters", "filters"],
      ...CONVOLUTION,
      ...(use.dialect === "keras" ? ([["groups", "groups"]] as const) : []),
    ],
    () => [["kernel", "kernel"]],
    convolution,
  )(use);

const depthwise = kernels([["depthMultiplier", "depth_multiplier"], ...CONVOLUTION], ({ dialect }) => [
  ["kernel", dialect === "tfjs" ? "depthwise_kernel" : "kernel"],
]);

const separable = kernels(
  [["filters", "filters"], ["depthMultiplier", "depth_multiplier"], ...CONVOLUTION],
  () => [
    ["depthwiseKernel", "depthwise_kernel"],
    ["pointwiseKernel", "pointwise_kernel"],
  ],
);

const transposed = kernels(
  [["filters", "filters"], ...CONVOLUTION],
  () => [["kernel", "kernel"]],
  (use) => {
    if (typeof use.option("padding") !== "string") return "padding by lengths";
    if (use.option("outputPadding") !== undefined) return "outputPadding";
    return use.option("groups") === 1 ? undefined : `groups ${String(use.option("groups"))}`;
  },
);

const dense = kernels(
  [
    ["units", "units"],
    ["useBias", "use_bias"],
  ],
  () => [["kernel", "kernel"]],
);

const pooling: LayerWriter = (use) => {
  if (typeof use.option("padding") !== "string") return "padding by lengths";
  if (use.option("ceil") === true) return "ceil";
  if (use.option("countIncludePad") === true) return "countIncludePad";
  if ([use.option("dilationRate")].flat().some((one) => one !== 1)) return "dilationRate";
  const config = options(use, [
    ["poolSize", "pool_size"],
    ["strides", "strides"],
    ["padding", "padding"],
  ]);
  return use.add({ className: use.layer.layer.className, config });
};

const gammaBeta = (use: LayerUse) => [
  ...(use.option("scale") === true ? ([["gamma", "gamma"]] as const) : []),
  ...(use.option("center") === true ? ([["beta", "beta"]] as const) : []),
];

const NORMALIZATION = [
  ["axis", "axis"],
  ["epsilon", "epsilon"],
  ["center", "center"],
  ["scale", "scale"],
] as const;

const batchNormalization = same((use) => ({
  config: options(use, [...NORMALIZATION, ["momentum", "momentum"]]),
  weights: weights(use, [
    ...gammaBeta(use),
    ["movingMean", "moving_mean"],
    ["movingVariance", "moving_variance"],
  ]),
  statistics: 2,
}));

const relu: LayerWriter = (use) => {
  const slope = Number(use.option("negativeSlope"));
  const threshold = Number(use.option("threshold"));
  const most = use.option("maxValue");
  if (use.dialect === "tfjs" && (slope !== 0 || threshold !== 0)) {
    if (most === undefined && threshold === 0) return use.add(leakyStep(use, slope));
    return "negativeSlope and threshold";
  }
  const others = use.dialect === "tfjs" ? {} : { negative_slope: slope, threshold };
  return use.add({
    className: "ReLU",
    config: { ...(most === undefined ? {} : { max_value: most }), ...others },
  });
};

const activation: LayerWriter = (use) => {
  const name = String(use.option("activation"));
  const written = writtenActivation(use, name);
  if (!written) return `the activation ${name}`;
  if (written.name === "linear") return written.follow(use.inputs[0]);
  return use.add({ className: "Activation", config: { activation: written.name } });
};

const plain: LayerWriter = same(() => ({}));

const spatialDropout =
  (shape: readonly (1 | null)[]): LayerWriter =>
  (use) =>
    use.add({ className: "Dropout", config: { rate: use.option("rate"), noise_shape: shape } });

const GEOMETRY = (key: string) => same((use) => ({ config: { [key]: use.option(key) } }));

/** By class name; the rest have nothing like them in Keras. */
export const WRITERS: Readonly<Record<string, LayerWriter>> = {
  Activation: activation,
  Add: plain,
  AlphaDropout: same((use) => ({ config: { rate: use.option("rate") } })),
  Average: plain,
  AveragePooling1D: pooling,
  AveragePooling2D: pooling,
  BatchNormalization: batchNormalization,
  Concatenate: same((use) => ({ config: { axis: use.option("axis") } })),
  Conv1D: convolutionLayer,
  Conv1DTranspose: transposed,
  Conv2D: convolutionLayer,
  Conv2DTranspose: transposed,
  Cropping1D: same((use) => ({ config: { cropping: [use.option("cropping")].flat(2) } })),
  Cropping2D: GEOMETRY("cropping"),
  Dense: dense,
  DepthwiseConv1D: depthwise,
  DepthwiseConv2D: depthwise,
  Dropout: same((use) => ({ config: { rate: use.option("rate") } })),
  ELU: same((use) => ({ config: { alpha: use.option("alpha") } })),
  ExampleNormalization: exampleNormalization,
  Flatten: plain,
  GaussianDropout: same((use) => ({ config: { rate: use.option("rate") } })),
  GaussianNoise: same((use) => ({ config: { stddev: use.option("stddev") } })),
  GlobalAveragePooling1D: plain,
  GlobalAveragePooling2D: plain,
  GlobalMaxPooling1D: plain,
  GlobalMaxPooling2D: plain,
  GroupNormalization: same((use) => ({
    config: options(use, [...NORMALIZATION, ["groups", "groups"]]),
    weights: weights(use, gammaBeta(use)),
  })),
  LayerNormalization: same((use) => ({
    config: options(use, NORMALIZATION),
    weights: weights(use, gammaBeta(use)),
  })),
  LeakyReLU: (use) => use.add(leakyStep(use, Number(use.option("alpha")))),
  MaxPooling1D: pooling,
  MaxPooling2D: pooling,
  Maximum: plain,
  Minimum: plain,
  Multiply: plain,
  Normalization: normalization,
  PReLU: same((use) => ({
    config: { shared_axes: use.option("sharedAxes") },
    weights: weights(use, [["alpha", "alpha"]]),
  })),
  PartialConv2D: partialConvolution,
  Permute: GEOMETRY("dims"),
  RadialBasis: radialBasis,
  ReLU: relu,
  Rescaling: same((use) => ({ config: { scale: use.option("scale"), offset: use.option("offset") } })),
  Reshape: same((use) => ({ config: { target_shape: use.option("targetShape") } })),
  Resizing: (use) =>
    use.option("antialias") === true
      ? "antialias"
      : use.add({
          className: "Resizing",
          config: {
            height: use.option("height"),
            width: use.option("width"),
            interpolation: use.option("interpolation"),
          },
        }),
  SeparableConv1D: separable,
  SeparableConv2D: separable,
  Softmax: same((use) => ({ config: { axis: use.option("axis") } })),
  SpatialDropout1D: spatialDropout([null, 1, null]),
  SpatialDropout2D: spatialDropout([null, 1, 1, null]),
  Subsampling2D: subsampling,
  Subtract: plain,
  UpSampling1D: same((use) => ({ config: { size: [use.option("size")].flat()[0] } })),
  UpSampling2D: same((use) => ({
    config: { size: use.option("size"), interpolation: use.option("interpolation") },
  })),
  ZeroPadding1D: same((use) => ({ config: { padding: [use.option("padding")].flat(2) } })),
  ZeroPadding2D: GEOMETRY("padding"),
};

/** Classes that Keras has and TensorFlow.js 4.22 has not. */
export const NOT_IN_TFJS: ReadonlySet<string> = new Set([
  "Conv1DTranspose",
  "Cropping1D",
  "DepthwiseConv1D",
  "GroupNormalization",
  "SeparableConv1D",
  "Subtract",
  "UpSampling1D",
  "ZeroPadding1D",
]);
