/** @file Group normalisation (Wu and He 2018, arXiv:1803.08494): each example by the statistics of groups of channels. */
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, normalizeAxis } from "../tensor/shape.ts";
import { normalizeOver } from "./layer-norm.ts";
import { reshape } from "./reshape.ts";
import { shownValue } from "../shown-value.ts";

export interface GroupNormOptions {
  /** How many groups the channels are split into, neighbours together. As many as channels: instance normalisation. */
  readonly groups: number;
  /** Factor of each channel, `[C]`. Default: 1. */
  readonly gamma?: Tensor;
  /** Added to each channel, `[C]`. Default: 0. */
  readonly beta?: Tensor;
  /** Added to the variance under the root. Default 1e-3 (Keras; PyTorch's is 1e-5). */
  readonly epsilon?: number;
  /** The channels' axis. Default: the last. */
  readonly axis?: number;
}

const OPTIONS: OptionNames<GroupNormOptions> = {
  groups: true,
  gamma: true,
  beta: true,
  epsilon: true,
  axis: true,
};

/**
 * gamma·x̂ + beta with x̂ = (x - mean) / √(variance + epsilon), mean and biased variance taken for each example (axis 0) over
 * the channels of a group and all other axes.
 * @throws AuricleError "argument" when groups do not divide the channels, or the axis is 0 or out of range; "shape" unless
 *   gamma and beta are `[C]`
 */
export function groupNorm(x: Tensor, options: GroupNormOptions): Tensor {
  checkOptions("groupNorm", options, OPTIONS, "x, ");
  const { groups, gamma, beta, epsilon = 1e-3, axis = -1 } = options;
  const channelAxis = normalizeAxis(axis, x.shape.length, "groupNorm");
  if (channelAxis === 0) {
    throw new AuricleError("argument", `groupNorm: axis must not be 0, the batch; got ${shownValue(axis)}`);
  }
  const channels = x.shape[channelAxis];
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new AuricleError(
      "argument",
      `groupNorm: groups must divide the ${channels} channels of axis ${channelAxis}; got ${shownValue(groups)} for input ${formatShape(x.shape)}`,
    );
  }
  for (const [name, vector] of Object.entries({ gamma, beta })) {
    if (vector && (vector.shape.length !== 1 || vector.shape[0] !== channels)) {
      throw new AuricleError(
        "shape",
        `groupNorm: ${name} must be [${channels}], one number for each channel of axis ${channelAxis}; got ${formatShape(vector.shape)} for input ${formatShape(x.shape)}`,
      );
    }
  }
  const split = [groups, channels / groups];
  const grouped = reshape(x, x.shape.toSpliced(channelAxis, 1, ...split));
  const axes = grouped.shape.map((_, one) => one).filter((one) => one !== 0 && one !== channelAxis);
  const normalized = normalizeOver(grouped, axes, [channelAxis, channelAxis + 1], {
    gamma: gamma && reshape(gamma, split),
    beta: beta && reshape(beta, split),
    epsilon,
  });
  return reshape(normalized, x.shape);
}
