/** @file Fully connected layers in PyTorch, whose kernels have outputs first. Browser-safe. */

import { sizeOf, type Shape } from "../../../tensor/shape.ts";
import { withActivation } from "./activations.ts";
import { asItIs, type LayerRule, type TorchTensorRule } from "./torch-module.ts";

/**
 * Lengths and order of the features of a flat input: PyTorch flattens channels first, `[C, H, W]`, and here they are last, `[H, W, C]`.
 */
export function featureOrder(
  features: number,
  flattened: Shape | undefined,
): { readonly split: Shape; readonly axes: readonly number[] } {
  if (!flattened) return { split: [features], axes: [0] };
  const last = flattened.length - 1;
  return { split: flattened, axes: [last, ...flattened.slice(0, last).map((_, axis) => axis)] };
}

/** `[out, in]` from a kernel `[in, out]`. */
function kernelRule(features: number, units: number, flattened: Shape | undefined): TorchTensorRule {
  const { split, axes } = featureOrder(features, flattened);
  return {
    name: "weight",
    shape: [units, features],
    source: { kind: "weight", weight: "kernel", split: [...split, units], axes: [split.length, ...axes] },
  };
}

const dense: LayerRule = (use) => {
  const { config, inputShapes, name, flattened } = use;
  const [shape] = inputShapes;
  const features = shape[shape.length - 1];
  const units = config.number("units");
  const hasBias = use.hasWeight("bias");
  const activation = config.text("activation");
  const bias = hasBias ? [asItIs("bias", "bias", [units])] : [];
  const linear = (x: string) => `self.${name}(${x})`;
  return {
    modules: [
      {
        suffix: "",
        code: `nn.Linear(${features}, ${units}${hasBias ? "" : ", bias=False"})`,
        tensors: [kernelRule(features, units, flattened), ...bias],
      },
    ],
    helpers: [],
    forward: withActivation(activation, ([x]) =>
      shape.length === 1 ? linear(x) : `${linear(`${x}.movedim(1, -1)`)}.movedim(-1, 1)`,
    ),
  };
};

/** LeNet-5's outputs: minus the squared distances from fixed patterns. */
const radialBasis: LayerRule = ({ config, name, flattened }) => {
  const centers = config.lists("centers");
  const features = centers[0].length;
  if (flattened && sizeOf(flattened) === features && flattened.length > 1)
    return "patterns over a flattened image";
  return {
    modules: [
      {
        suffix: "",
        code: `RadialBasis(${centers.length}, ${features})`,
        tensors: [
          {
            name: "centers",
            shape: [centers.length, features],
            source: { kind: "fixed", values: Float32Array.from(centers.flat()) },
          },
        ],
      },
    ],
    helpers: ["RadialBasis"],
    forward: ([x]) => `self.${name}(${x})`,
  };
};

export const DENSE_RULES: Readonly<Record<string, LayerRule>> = { Dense: dense, RadialBasis: radialBasis };
