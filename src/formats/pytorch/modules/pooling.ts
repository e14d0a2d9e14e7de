/** @file Pooling in PyTorch. Browser-safe. */

import { isSymmetric, padded, windowsOf } from "./convolutions.ts";
import { asItIs, stateless, tuple, type LayerRule } from "./torch-module.ts";
import { withActivation } from "./activations.ts";

/** Maxima do not see the padding, so what pads before the module is the least there is. */
const max: LayerRule = (use) => {
  const { size, strides, dilations, padding } = windowsOf(use, "poolSize");
  const inModule = isSymmetric(padding) && padding.every(([before], axis) => 2 * before <= size[axis]);
  const ceil = use.config.flag("ceil");
  if (ceil && !inModule) return "ceil with a padding that differs between the sides";
  const args = [
    tuple(size),
    ...(same(strides, size) ? [] : [`stride=${tuple(strides)}`]),
    ...(inModule && padding.flat().some((side) => side > 0)
      ? [`padding=${tuple(padding.map(([before]) => before))}`]
      : []),
    ...(dilations.every((step) => step === 1) ? [] : [`dilation=${tuple(dilations)}`]),
    ...(ceil ? ["ceil_mode=True"] : []),
  ].join(", ");
  const pad = (x: string) => (inModule ? x : padded(x, padding, ', value=float("-inf")'));
  return stateless(([x]) => `F.max_pool${size.length}d(${pad(x)}, ${args})`);
};

const average: LayerRule = (use) => {
  const { size, strides, dilations, padding } = windowsOf(use, "poolSize");
  const inModule = isSymmetric(padding) && padding.every(([before], axis) => 2 * before <= size[axis]);
  const ceil = use.config.flag("ceil");
  const counts = use.config.flag("countIncludePad");
  if (dilations.some((step) => step !== 1)) return "a mean over windows with gaps";
  if (ceil && !inModule) return "ceil with a padding that differs between the sides";
  const isPadded = padding.flat().some((side) => side > 0);
  const args = [
    tuple(size),
    ...(same(strides, size) ? [] : [`stride=${tuple(strides)}`]),
    ...(inModule && isPadded ? [`padding=${tuple(padding.map(([before]) => before))}`] : []),
    ...(ceil ? ["ceil_mode=True"] : []),
    ...(inModule && isPadded && !counts ? ["count_include_pad=False"] : []),
  ].join(", ");
  const mean = (x: string) => `F.avg_pool${size.length}d(${x}, ${args})`;
  if (inModule) return stateless(([x]) => mean(x));
  if (counts) return stateless(([x]) => mean(padded(x, padding)));
  // Means over what is there: those of the padded values over those of padded ones.
  return stateless(
    ([x]) => `${mean(padded(x, padding))} / ${mean(padded(`torch.ones_like(${x})`, padding))}`,
  );
};

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, axis) => value === b[axis]);
}

const globalMax: LayerRule = ({ inputShapes: [shape] }) =>
  stateless(([x]) => `${x}.amax(dim=${spatial(shape.length)})`);
const globalAverage: LayerRule = ({ inputShapes: [shape] }) =>
  stateless(([x]) => `${x}.mean(dim=${spatial(shape.length)})`);

function spatial(rank: number): string {
  return tuple(Array.from({ length: rank - 1 }, (_, axis) => axis + 2));
}

/** LeNet-5's pooling, with a trained coefficient and bias for each channel. */
const subsampling: LayerRule = ({ config, inputShapes: [shape], name }) => {
  const channels = shape[2];
  return {
    modules: [
      {
        suffix: "",
        code: `Subsampling2d(${channels}, (${config.numbers("poolSize").join(", ")}))`,
        tensors: [asItIs("weight", "coefficient", [channels]), asItIs("bias", "bias", [channels])],
      },
    ],
    helpers: ["Subsampling2d"],
    forward: withActivation(config.text("activation"), ([x]) => `self.${name}(${x})`),
  };
};

export const POOLING_RULES: Readonly<Record<string, LayerRule>> = {
  AveragePooling1D: average,
  AveragePooling2D: average,
  GlobalAveragePooling1D: globalAverage,
  GlobalAveragePooling2D: globalAverage,
  GlobalMaxPooling1D: globalMax,
  GlobalMaxPooling2D: globalMax,
  MaxPooling1D: max,
  MaxPooling2D: max,
  Subsampling2D: subsampling,
};
