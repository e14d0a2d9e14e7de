/** @file Normalisations in PyTorch. Browser-safe. */

import { sizeOf, type Shape } from "../../../tensor/shape.ts";
import { featureOrder } from "./dense.ts";
import {
  asItIs,
  python,
  stateless,
  torchAxis,
  type LayerRule,
  type LayerUse,
  type TorchTensorRule,
} from "./torch-module.ts";

/** Numbers that are the same for each channel, in PyTorch's order of the features. */
function perFeature(
  name: string,
  weight: string,
  count: number,
  flattened: Shape | undefined,
): TorchTensorRule {
  return { name, shape: [count], source: { kind: "weight", weight, ...featureOrder(count, flattened) } };
}

/** PyTorch trains factor and offset together or none: what is missing here does nothing there. */
function factorAndOffset(
  use: LayerUse,
  make: (name: string, weight: string) => TorchTensorRule,
): TorchTensorRule[] {
  const [scale, center] = [use.hasWeight("gamma"), use.hasWeight("beta")];
  if (!scale && !center) return [];
  const idle = (name: string, value: number): TorchTensorRule => {
    const { shape } = make(name, "");
    return { name, shape, source: { kind: "fixed", values: new Float32Array(sizeOf(shape)).fill(value) } };
  };
  return [
    scale ? make("weight", "gamma") : idle("weight", 1),
    center ? make("bias", "beta") : idle("bias", 0),
  ];
}

function axisOf(use: LayerUse): number {
  const rank = use.inputShapes[0].length + 1;
  const [axis] = use.config.numbers("axis");
  return axis < 0 ? axis + rank : axis;
}

/** A module over axis 1, for any axis of the input. */
function overAxis(name: string, axis: number): (inputs: readonly string[]) => string {
  return ([x]) =>
    axis === 1 ? `self.${name}(${x})` : `self.${name}(${x}.movedim(${axis}, 1)).movedim(1, ${axis})`;
}

const batch: LayerRule = (use) => {
  const { config, inputShapes, name, flattened } = use;
  const [shape] = inputShapes;
  if (shape.length > 4) return `${shape.length} axes`;
  const axis = axisOf(use);
  const count = shape[axis - 1];
  const order = axis === shape.length ? flattened : undefined;
  const rule = (tensor: string, weight: string) => perFeature(tensor, weight, count, order);
  const tensors = factorAndOffset(use, rule);
  const momentum = Number((1 - config.number("momentum")).toPrecision(12));
  const dimensions = Math.max(1, shape.length - 1);
  return {
    modules: [
      {
        suffix: "",
        code:
          `nn.BatchNorm${dimensions}d(${count}, eps=${python(config.number("epsilon"))}, momentum=${python(momentum)}` +
          `${tensors.length === 0 ? ", affine=False" : ""})`,
        tensors: [
          ...tensors,
          rule("running_mean", "movingMean"),
          rule("running_var", "movingVariance"),
          { name: "num_batches_tracked", shape: [], source: { kind: "counter", values: Int32Array.of(0) } },
        ],
      },
    ],
    helpers: [],
    forward: overAxis(name, torchAxis(axis, shape.length + 1)),
  };
};

const group: LayerRule = (use) => {
  const { config, inputShapes, name } = use;
  const [shape] = inputShapes;
  const axis = axisOf(use);
  const count = shape[axis - 1];
  const groups = config.number("groups") === -1 ? count : config.number("groups");
  const tensors = factorAndOffset(use, (tensor, weight) => asItIs(tensor, weight, [count]));
  return {
    modules: [
      {
        suffix: "",
        code: `nn.GroupNorm(${groups}, ${count}, eps=${python(config.number("epsilon"))}${tensors.length === 0 ? ", affine=False" : ""})`,
        tensors,
      },
    ],
    helpers: [],
    forward: overAxis(name, torchAxis(axis, shape.length + 1)),
  };
};

/** `nn.LayerNorm` is over the last axes: those that are kept are put there, and back. */
const layer: LayerRule = (use) => {
  const { config, inputShapes, name } = use;
  const rank = inputShapes[0].length + 1;
  const axes = [...config.numbers("axis")]
    .map((axis) => (axis < 0 ? axis + rank : axis))
    .sort((a, b) => a - b);
  const lengths = axes.map((axis) => inputShapes[0][axis - 1]);
  const tensors = factorAndOffset(use, (tensor, weight) => asItIs(tensor, weight, lengths));
  const own = axes.map((axis) => torchAxis(axis, rank));
  const last = axes.map((_, i) => i - axes.length);
  const isLast = own.every((axis, i) => axis === rank + last[i]);
  const list = (values: readonly number[]) => `(${values.join(", ")}${values.length === 1 ? "," : ""})`;
  const call = (x: string) => `self.${name}(${x})`;
  return {
    modules: [
      {
        suffix: "",
        code: `nn.LayerNorm(${list(lengths)}, eps=${python(config.number("epsilon"))}${tensors.length === 0 ? ", elementwise_affine=False" : ""})`,
        tensors,
      },
    ],
    helpers: [],
    forward: ([x]) =>
      isLast
        ? call(x)
        : `${call(`${x}.movedim(${list(own)}, ${list(last)})`)}.movedim(${list(last)}, ${list(own)})`,
  };
};

/** Fixed statistics of the training data, which are buffers in PyTorch, shaped to be broadcast. */
const fixed: LayerRule = (use) => {
  const { config, inputShapes, name, flattened } = use;
  const [shape] = inputShapes;
  const rank = shape.length + 1;
  const axes = config
    .numbers("axis")
    .map((axis) => (axis < 0 ? axis + rank : axis))
    .sort((a, b) => a - b);
  if (flattened && axes.length > 0) return "statistics of flattened features";
  const lengths = axes.map((axis) => shape[axis - 1]);
  const target = new Array<number>(rank).fill(1);
  axes.forEach((axis) => (target[torchAxis(axis, rank)] = shape[axis - 1]));
  const order = axes.map((_, i) => i).sort((a, b) => torchAxis(axes[a], rank) - torchAxis(axes[b], rank));
  const names = ["mean", "variance", "minimum", "maximum"].filter((weight) => use.hasWeight(weight));
  return {
    modules: [
      {
        suffix: "",
        code:
          `FixedNormalization((${target.join(", ")}), eps=${python(config.number("epsilon"))}` +
          `${names.includes("minimum") ? ", minimum=True" : ""}${names.includes("maximum") ? ", maximum=True" : ""})`,
        tensors: names.map((weight) => ({
          name: weight,
          shape: target,
          source: { kind: "weight", weight, split: lengths, axes: order },
        })),
      },
    ],
    helpers: ["FixedNormalization"],
    forward: ([x]) => `self.${name}(${x})`,
  };
};

const example: LayerRule = ({ config, inputShapes: [shape] }) => {
  const perChannel = config.flag("perChannel");
  const first = perChannel ? 2 : 1;
  const dims = Array.from({ length: shape.length + 1 - first }, (_, axis) => axis + first);
  const list = `(${dims.join(", ")}${dims.length === 1 ? "," : ""})`;
  return stateless(
    ([x]) => `normalize_example(${x}, ${list}, ${python(config.number("epsilon"))})`,
    ["normalize_example"],
  );
};

/** Slopes are a parameter, shaped to be broadcast. */
const prelu: LayerRule = (use) => {
  const { config, inputShapes, name, flattened } = use;
  const [shape] = inputShapes;
  const rank = shape.length + 1;
  const shared = config.numbers("sharedAxes").map((axis) => (axis < 0 ? axis + rank : axis));
  const lengths = shape.map((length, i) => (shared.includes(i + 1) ? 1 : length));
  if (flattened && lengths[0] > 1) return "slopes of flattened features";
  const order = shape.map((_, i) => i).sort((a, b) => torchAxis(a + 1, rank) - torchAxis(b + 1, rank));
  const target = order.map((axis) => lengths[axis]);
  const channels = shape[shape.length - 1];
  const perChannel = target.slice(1).every((length) => length === 1);
  return {
    modules: [
      {
        suffix: "",
        code:
          perChannel && target[0] === channels ? `nn.PReLU(${channels})` : `PReLU((${target.join(", ")},))`,
        tensors: [
          {
            name: "weight",
            shape: perChannel && target[0] === channels ? [channels] : target,
            source: { kind: "weight", weight: "alpha", split: lengths, axes: order },
          },
        ],
      },
    ],
    helpers: perChannel && target[0] === channels ? [] : ["PReLU"],
    forward: ([x]) => `self.${name}(${x})`,
  };
};

export const NORMALIZATION_RULES: Readonly<Record<string, LayerRule>> = {
  BatchNormalization: batch,
  ExampleNormalization: example,
  GroupNormalization: group,
  LayerNormalization: layer,
  Normalization: fixed,
  PReLU: prelu,
};
