/** @file Convolutions in PyTorch, whose kernels have outputs and inputs first. Browser-safe. */

import { dilatedSize, resolvePadding, type AxisPadding, type Padding } from "../../../ops/window.ts";
import type { Shape } from "../../../tensor/shape.ts";
import { withActivation } from "./activations.ts";
import {
  asItIs,
  tuple,
  type LayerRule,
  type LayerUse,
  type TorchModule,
  type TorchTensorRule,
} from "./torch-module.ts";

interface Windows {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly AxisPadding[];
}

/** The windows of a convolution or a pooling over an input. */
export function windowsOf(
  { config, inputShapes: [shape], name }: LayerUse,
  sizeOption: "kernelSize" | "poolSize",
  padding: Padding = config.padding(),
): Windows {
  const size = config.numbers(sizeOption);
  const strides = config.numbers("strides");
  const dilations = config.numbers("dilationRate");
  const windows = size.map((length, axis) => dilatedSize(length, dilations[axis]));
  const lengths = shape.slice(0, size.length);
  return { size, strides, dilations, padding: resolvePadding(padding, lengths, windows, strides, name) };
}

/** Whether both sides of each axis are padded alike, as PyTorch's modules do. */
export function isSymmetric(padding: readonly AxisPadding[]): boolean {
  return padding.every(([before, after]) => before === after);
}

/** `F.pad` of an expression; PyTorch counts axes from the last. */
export function padded(x: string, padding: readonly AxisPadding[], rest = ""): string {
  return `F.pad(${x}, (${[...padding].reverse().flat().join(", ")})${rest})`;
}

/** Arguments in the order of PyTorch's constructors, those that differ from its defaults. */
function options(
  entries: Readonly<Record<string, string>>,
  defaults: Readonly<Record<string, string>>,
): string {
  return Object.entries(entries)
    .filter(([key, value]) => value !== defaults[key])
    .map(([key, value]) => `, ${key}=${value}`)
    .join("");
}

const DEFAULTS = { stride: "1", padding: "0", dilation: "1", groups: "1", bias: "True", output_padding: "0" };

/** `[out, in / groups, k…]` from a kernel `[k…, in / groups, out]`. */
function kernelRule(name: string, weight: string, [...shape]: Shape): TorchTensorRule {
  const spatial = shape.length - 2;
  const axes = [spatial + 1, spatial, ...Array.from({ length: spatial }, (_, axis) => axis)];
  return {
    name,
    shape: axes.map((axis) => shape[axis]),
    source: { kind: "weight", weight, split: shape, axes },
  };
}

/** `[C · multiplier, 1, k…]` from a kernel `[k…, C, multiplier]`. */
function depthwiseRule(weight: string, shape: Shape): TorchTensorRule {
  const spatial = shape.length - 2;
  const window = Array.from({ length: spatial }, (_, axis) => axis);
  return {
    name: "weight",
    shape: [shape[spatial] * shape[spatial + 1], 1, ...shape.slice(0, spatial)],
    source: { kind: "weight", weight, split: shape, axes: [spatial, spatial + 1, ...window] },
  };
}

function biasRules(use: LayerUse, length: number): TorchTensorRule[] {
  return use.hasWeight("bias") ? [asItIs("bias", "bias", [length])] : [];
}

interface Channels {
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;
}

/** An `nn.Conv1d` or `nn.Conv2d`, with what pads its input where the module cannot. */
function convolution(
  use: LayerUse,
  channels: Channels,
  rule: TorchTensorRule,
  suffix: string,
  hasBias: boolean,
): { readonly module: TorchModule; readonly pad: (x: string) => string } {
  const { size, strides, dilations, padding } = windowsOf(use, "kernelSize");
  const inModule = isSymmetric(padding);
  const code =
    `nn.Conv${size.length}d(${channels.inputs}, ${channels.outputs}, ${tuple(size)}` +
    options(
      {
        stride: tuple(strides),
        padding: inModule ? tuple(padding.map(([before]) => before)) : "0",
        dilation: tuple(dilations),
        groups: String(channels.groups),
        bias: hasBias ? "True" : "False",
      },
      DEFAULTS,
    ) +
    ")";
  const tensors = [rule, ...(hasBias ? biasRules(use, channels.outputs) : [])];
  return { module: { suffix, code, tensors }, pad: (x) => (inModule ? x : padded(x, padding)) };
}

/** A layer of one module, then its activation. */
function oneModule(use: LayerUse, channels: Channels, rule: TorchTensorRule): ReturnType<LayerRule> {
  const { module, pad } = convolution(use, channels, rule, "", use.hasWeight("bias"));
  return {
    modules: [module],
    helpers: [],
    forward: withActivation(use.config.text("activation"), ([x]) => `self.${use.name}(${pad(x)})`),
  };
}

const conv: LayerRule = (use) => {
  const { config, inputShapes } = use;
  const [shape] = inputShapes;
  const inputs = shape[shape.length - 1];
  const outputs = config.number("filters");
  const groups = config.number("groups");
  const kernel = [...config.numbers("kernelSize"), inputs / groups, outputs];
  return oneModule(use, { inputs, outputs, groups }, kernelRule("weight", "kernel", kernel));
};

const depthwise: LayerRule = (use) => {
  const { config, inputShapes } = use;
  const [shape] = inputShapes;
  const inputs = shape[shape.length - 1];
  const multiplier = config.number("depthMultiplier");
  const kernel = [...config.numbers("kernelSize"), inputs, multiplier];
  const channels = { inputs, outputs: inputs * multiplier, groups: inputs };
  return oneModule(use, channels, depthwiseRule("kernel", kernel));
};

const separable: LayerRule = (use) => {
  const { config, inputShapes, name } = use;
  const [shape] = inputShapes;
  const inputs = shape[shape.length - 1];
  const multiplier = config.number("depthMultiplier");
  const outputs = config.number("filters");
  const size = config.numbers("kernelSize");
  const first = convolution(
    use,
    { inputs, outputs: inputs * multiplier, groups: inputs },
    depthwiseRule("depthwiseKernel", [...size, inputs, multiplier]),
    "_depthwise",
    false,
  );
  const hasBias = use.hasWeight("bias");
  const pointwise: TorchModule = {
    suffix: "_pointwise",
    code: `nn.Conv${size.length}d(${inputs * multiplier}, ${outputs}, 1${hasBias ? "" : ", bias=False"})`,
    tensors: [
      kernelRule("weight", "pointwiseKernel", [...size.map(() => 1), inputs * multiplier, outputs]),
      ...biasRules(use, outputs),
    ],
  };
  return {
    modules: [first.module, pointwise],
    helpers: [],
    forward: withActivation(
      config.text("activation"),
      ([x]) => `self.${name}_pointwise(self.${name}_depthwise(${first.pad(x)}))`,
    ),
  };
};

/**
 * A transposed convolution, of whose whole result some is cut off on each side; what is added at the end is the module's
 * output_padding.
 */
const transposed: LayerRule = (use) => {
  const { config, inputShapes, outputShape, name } = use;
  const [shape] = inputShapes;
  const inputs = shape[shape.length - 1];
  const outputs = config.number("filters");
  const groups = config.number("groups");
  const size = config.numbers("kernelSize");
  const strides = config.numbers("strides");
  const dilations = config.numbers("dilationRate");
  const padding = config.padding();
  const cuts = size.map((length, axis): AxisPadding => {
    const whole = (shape[axis] - 1) * strides[axis] + dilatedSize(length, dilations[axis]);
    const excess = whole - outputShape[axis];
    const before =
      padding === "valid"
        ? 0
        : typeof padding === "string"
          ? Math.floor(Math.max(excess, 0) / 2)
          : padding[axis][0];
    return [before, excess - before];
  });
  // PyTorch cuts `padding` off both sides and adds `output_padding` at the end.
  const inModule = cuts.every(([before, after]) => before >= after);
  const added = cuts.map(([before, after]) => (inModule ? before - after : Math.max(0, -after)));
  const cut = cuts.map(([before, after], axis): AxisPadding => [-before || 0, -(after + added[axis]) || 0]);
  const kernel = [...size, outputs / groups, inputs];
  const code =
    `nn.ConvTranspose${size.length}d(${inputs}, ${outputs}, ${tuple(size)}` +
    options(
      {
        stride: tuple(strides),
        padding: inModule ? tuple(cuts.map(([before]) => before)) : "0",
        output_padding: tuple(added),
        groups: String(groups),
        bias: use.hasWeight("bias") ? "True" : "False",
        dilation: tuple(dilations),
      },
      DEFAULTS,
    ) +
    ")";
  // PyTorch has inputs first: [in, out / groups, k…].
  const tensors = [kernelRule("weight", "kernel", kernel), ...biasRules(use, outputs)];
  return {
    modules: [{ suffix: "", code, tensors }],
    helpers: [],
    forward: withActivation(config.text("activation"), ([x]) =>
      inModule ? `self.${name}(${x})` : padded(`self.${name}(${x})`, cut),
    ),
  };
};

/** LeNet-5's C3, whose outputs see some of the inputs only. */
const partial: LayerRule = (use) => {
  const { config, inputShapes, name } = use;
  const [shape] = inputShapes;
  const connections = config.lists("connections");
  const size = config.numbers("kernelSize");
  const links = connections.flat().length;
  const table = connections.map((row) => `[${row.join(", ")}]`).join(", ");
  const kernel: TorchTensorRule = {
    name: "weight",
    shape: [links, ...size],
    source: { kind: "weight", weight: "kernel", split: [...size, links], axes: [2, 0, 1] },
  };
  const hasBias = use.hasWeight("bias");
  return {
    modules: [
      {
        suffix: "",
        code: `PartialConv2d(${shape[2]}, (${size.join(", ")}), [${table}]${hasBias ? "" : ", bias=False"})`,
        tensors: [kernel, ...biasRules(use, connections.length)],
      },
    ],
    helpers: ["PartialConv2d"],
    forward: withActivation(config.text("activation"), ([x]) => `self.${name}(${x})`),
  };
};

export const CONVOLUTION_RULES: Readonly<Record<string, LayerRule>> = {
  Conv1D: conv,
  Conv2D: conv,
  Conv1DTranspose: transposed,
  Conv2DTranspose: transposed,
  DepthwiseConv1D: depthwise,
  DepthwiseConv2D: depthwise,
  PartialConv2D: partial,
  SeparableConv1D: separable,
  SeparableConv2D: separable,
};
