/**
 * @file The meanings of layers' options: their docstrings, from which a test writes this file
 * (`npm test -- -u src/nn/layers/describe-layer.test.ts`). Browser-safe.
 */

/** The meaning that an option has in most layers. */
export const OPTION_MEANINGS: Readonly<Record<string, string>> = {
  activation: "The function applied to the outputs.",
  activityRegularizer:
    "A penalty on the layer's outputs, divided by the number of examples and added to the loss (Keras).",
  alpha: "The limit at -infinity is -alpha.",
  alphaConstraint: "The constraint that the slopes are brought back to after each update.",
  alphaInitializer: "Initial values of the slopes.",
  alphaRegularizer: "A penalty on the slopes, added to the loss.",
  antialias: "Whether a smaller image is the mean of all that it covers, rather than of two neighbours.",
  axis: "The axis of the channels, each of which is normalised by itself; the batch is axis 0.",
  betaConstraint: "The constraint that beta is brought back to after each update.",
  betaInitializer: "Initial values of beta.",
  betaRegularizer: "A penalty on beta, added to the loss.",
  biasConstraint: "The constraint that the bias is brought back to after each update.",
  biasInitializer: "Initial values of the bias.",
  biasRegularizer: "A penalty on the bias, added to the loss.",
  ceil: "Whether a last window counts that reaches past the end: PyTorch's `ceil_mode`. Not in Keras.",
  center: "Whether to add the trained offset beta.",
  centers:
    "One pattern for each output, all of the input's length. They are fixed: not weights, part of the config.",
  coefficientInitializer: "Initial values of the coefficients.",
  connections: "For each output channel the input channels that it sees, counted from 0.",
  countIncludePad: "Whether padding counts as zeros in the mean, as PyTorch's default has it.",
  cropping: "Samples to cut off: 1, [1, 2] for each axis, or [[before, after], …].",
  depthMultiplier: "Filters for each input channel.",
  depthwiseConstraint: "The constraint that the kernel is brought back to after each update.",
  depthwiseInitializer: "Initial values of the kernel.",
  depthwiseRegularizer: "A penalty on the kernel, added to the loss.",
  dilationRate: "Distance between the window's taps.",
  dims: "Axes of the input in the order of the output, counted from 1, batch left out: [2, 1] swaps two.",
  each: "Whether the steps take one example at a time, as those of files that were made for a batch of one.",
  epsilon: "Added to the variance under the root.",
  filters: "Number of output channels.",
  frontEnd:
    "The features to compute: a kind of representation and its options, or a preset of FRONT_END_PRESETS.",
  gammaConstraint: "The constraint that gamma is brought back to after each update.",
  gammaInitializer: "Initial values of gamma.",
  gammaRegularizer: "A penalty on gamma, added to the loss.",
  groups: "Input and output channels are split into as many groups, each with filters of its own.",
  height: "Height of the output.",
  inputShape:
    "The shape of one example, batch axis left out; needed on the first layer of a sequential model.",
  inputs: "How many inputs the layer has.",
  interpolation: "How values between pixels are computed.",
  kernelConstraint: "The constraint that the kernel is brought back to after each update.",
  kernelInitializer: "Initial values of the kernel.",
  kernelRegularizer: "A penalty on the kernel, added to the loss.",
  kernelSize: "Length of the window along each axis, or one number for all.",
  maxValue: "The value that larger ones are clipped to, above 0; 6 is relu6.",
  maximum: "As `mean`: larger values are taken for this one. Not in Keras.",
  mean: "One number for all, or one for each index of the axes, row-major.",
  minimum: "As `mean`: smaller values are taken for this one. Not in Keras.",
  momentum:
    "The share of the running statistics that stays at each step: moving = momentum·moving + (1 - momentum)·batch.",
  name: "The name in summaries, in paths of weights and in messages.",
  negativeSlope: "Slope below the threshold, 0 or more.",
  offset: "Added after the multiplication.",
  operands: "Weights and constants that the steps take beside the layer's inputs.",
  output: "The number of the value that the layer gives.",
  outputPadding:
    "How much longer the output is at the end, along each axis or all: below the stride or the dilation.",
  padding:
    'How edges are treated: "valid" takes whole windows only, "same" gives ceil(length / stride) outputs (Keras). Or how much on each side: 1, [1, 2] for each axis, or [[before, after], …], below the window\'s length. The padding is never the largest, nor part of a mean unless `countIncludePad` is true.',
  perChannel: "Gives each channel (the last axis) a mean and a variance of its own.",
  pointwiseConstraint:
    "The constraint that the kernel over the channels is brought back to after each update.",
  pointwiseInitializer: "Initial values of the kernel over the channels.",
  pointwiseRegularizer: "A penalty on the kernel over the channels, added to the loss.",
  poolSize: "Length of the window along each axis, or one number for all.",
  rate: "Share of the values that become 0 in training; at least 0 and below 1.",
  scale: "Whether to multiply by the trained factor gamma.",
  sharedAxes:
    "Axes along which one slope is shared; the batch is axis 0. [1, 2] gives images a slope for each channel, as PyTorch has it.",
  size: "How often each sample is repeated along each axis, or one number for all.",
  stddev: "Standard deviation of the noise, 0 or more.",
  steps:
    "The steps in their order, each with an operation by ONNX's name, its attributes, and the numbers of the values that it takes: first the layer's inputs, then the operands, then the results of all steps; -1 stands for one that is left out.",
  strides: "Step of the window along each axis, or one number for all.",
  targetShape: "The shape of one example, batch axis left out; one length may be -1 and is computed.",
  threshold: "Where the function begins to be x, 0 or more.",
  trainable: "false freezes the layer: training leaves its weights alone.",
  units: "Number of outputs.",
  useBias: "Whether to add a bias.",
  variance: "As `mean`, 0 or more.",
  width: "Width of the output.",
};

/** By class: the options that mean something else there. */
export const OWN_MEANINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Activation: { activation: "The function, by its name." },
  AveragePooling1D: {
    dilationRate: "Distance between neighbouring cells of a window, along each axis or all. Not in Keras.",
  },
  AveragePooling2D: {
    dilationRate: "Distance between neighbouring cells of a window, along each axis or all. Not in Keras.",
  },
  Concatenate: { axis: "The axis to join along, the batch being axis 0." },
  Conv1D: {
    kernelSize: "Length of the window.",
    padding:
      'How ends are treated: "valid" takes whole windows only, "same" keeps the length at stride 1 and pads the odd zero at the end (Keras), "causal" pads before only. Or how many zeros on each side, PyTorch\'s `padding`: 1, or [before, after].',
  },
  Conv1DTranspose: {
    groups:
      "Input and output channels are split into as many groups, each with filters of its own. Not in Keras.",
    strides: "How many times longer the output is.",
    padding:
      'The length of the output: "valid" gives length·stride + max(kernelSize - stride, 0), "same" length·stride. Or how much of the whole is cut off on each side, PyTorch\'s `padding`: 1, [1, 2] for each axis, or [[before, after], …].',
    dilationRate: "Distance between the window's taps, along each axis or all.",
  },
  Conv2D: {
    kernelSize: "Height and width of the window, or one number for both.",
    padding:
      'How edges are treated: "valid" takes whole windows only, "same" keeps the size at stride 1 and pads the odd zero at the end (Keras). Or how many zeros on each side, PyTorch\'s `padding`: 1, [1, 2] for each axis, or [[before, after], …].',
  },
  Conv2DTranspose: {
    groups:
      "Input and output channels are split into as many groups, each with filters of its own. Not in Keras.",
    strides: "How many times longer the output is.",
    padding:
      'The length of the output: "valid" gives length·stride + max(kernelSize - stride, 0), "same" length·stride. Or how much of the whole is cut off on each side, PyTorch\'s `padding`: 1, [1, 2] for each axis, or [[before, after], …].',
    dilationRate: "Distance between the window's taps, along each axis or all.",
  },
  DepthwiseConv1D: {
    padding:
      'How edges are treated: "valid" takes whole windows only, "same" keeps the size at stride 1. Or how many zeros on each side: 1, [1, 2] for each axis, or [[before, after], …].',
  },
  DepthwiseConv2D: {
    padding:
      'How edges are treated: "valid" takes whole windows only, "same" keeps the size at stride 1. Or how many zeros on each side: 1, [1, 2] for each axis, or [[before, after], …].',
  },
  GroupNormalization: {
    groups: "How many groups the channels are split into; must divide them. -1: as many as channels.",
    axis: "The axis of the channels; the batch is axis 0.",
  },
  LayerNormalization: { axis: "The axis or axes to normalise over; the batch is axis 0." },
  LeakyReLU: { alpha: "The slope for values below 0." },
  MaxPooling1D: {
    dilationRate: "Distance between neighbouring cells of a window, along each axis or all. Not in Keras.",
  },
  MaxPooling2D: {
    dilationRate: "Distance between neighbouring cells of a window, along each axis or all. Not in Keras.",
  },
  Normalization: {
    axis: "The axis or axes, the batch being axis 0, that have a mean and a variance for each of their indices: 2 for each frequency of `[N, T, F, C]`; `[]` for one mean and one variance of all.",
    epsilon: "The least that is divided by.",
  },
  PartialConv2D: { kernelSize: "Height and width of the window, or one number for both." },
  ReflectionPadding1D: {
    padding:
      "Samples to add, at most length - 1 on each side: 1, [1, 2] for each axis, or [[before, after], …].",
  },
  ReflectionPadding2D: {
    padding:
      "Samples to add, at most length - 1 on each side: 1, [1, 2] for each axis, or [[before, after], …].",
  },
  Rescaling: { scale: "The factor for each value: 1 / 255 for bytes." },
  SeparableConv1D: {
    padding:
      'How edges are treated: "valid" takes whole windows only, "same" keeps the size at stride 1. Or how many zeros on each side: 1, [1, 2] for each axis, or [[before, after], …].',
  },
  SeparableConv2D: {
    padding:
      'How edges are treated: "valid" takes whole windows only, "same" keeps the size at stride 1. Or how many zeros on each side: 1, [1, 2] for each axis, or [[before, after], …].',
  },
  Softmax: { axis: "The axis or axes that add up to 1; the batch is axis 0." },
  Subsampling2D: { poolSize: "Height and width of the windows, which touch, or one number for both." },
  UpSampling2D: {
    interpolation:
      'How values between samples are computed: "nearest" repeats samples, "bilinear" draws straight lines between their centres.',
  },
  ZeroPadding1D: { padding: "Zeros to add: 1, [1, 2] for each axis, or [[before, after], …]." },
  ZeroPadding2D: { padding: "Zeros to add: 1, [1, 2] for each axis, or [[before, after], …]." },
};
