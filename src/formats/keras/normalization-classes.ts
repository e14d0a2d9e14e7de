/** @file Keras' layers that normalise and rescale. Browser-safe. */
import { type ConfigReader } from "./config-reader.ts";
import { isList } from "../json/values.ts";
import { plain, type Mapping, type WeightNames } from "./mapped-layer.ts";

const GAMMA_BETA = (read: ConfigReader): WeightNames[] => [
  ...(read.flag("scale", true) ? [{ name: "gamma", theirs: ["gamma"] }] : []),
  ...(read.flag("center", true) ? [{ name: "beta", theirs: ["beta"] }] : []),
];

export const batchNormalization: Mapping = (read) => {
  if (read.flag("renorm", false)) read.refuse("renorm", "false");
  const axis = read.lengths("axis", -1);
  if (isList(axis) && axis.length !== 1) read.refuse("axis", "one axis");
  return plain(
    "BatchNormalization",
    {
      axis: typeof axis === "number" ? axis : axis[0],
      momentum: read.number("momentum", 0.99),
      epsilon: read.number("epsilon", 1e-3),
      center: read.flag("center", true),
      scale: read.flag("scale", true),
    },
    [
      ...GAMMA_BETA(read),
      { name: "movingMean", theirs: ["moving_mean"] },
      { name: "movingVariance", theirs: ["moving_variance"] },
    ],
  );
};

export const layerNormalization: Mapping = (read) => {
  if (read.flag("rms_scaling", false)) read.refuse("rms_scaling", "false");
  return plain(
    "LayerNormalization",
    {
      axis: read.lengths("axis", -1),
      epsilon: read.number("epsilon", 1e-3),
      center: read.flag("center", true),
      scale: read.flag("scale", true),
    },
    GAMMA_BETA(read),
  );
};

export const groupNormalization: Mapping = (read) =>
  plain(
    "GroupNormalization",
    {
      groups: read.lengths("groups", 32),
      axis: read.lengths("axis", -1),
      epsilon: read.number("epsilon", 1e-3),
      center: read.flag("center", true),
      scale: read.flag("scale", true),
    },
    GAMMA_BETA(read),
  );

export const normalization: Mapping = (read) => {
  if (read.flag("invert", false)) read.refuse("invert", "false");
  const axis = read.value("axis") === undefined ? [] : read.lengths("axis");
  const [mean, variance] = [read.numbers("mean"), read.numbers("variance")];
  const mapped = plain("Normalization", { axis }, [
    { name: "mean", theirs: ["mean"] },
    { name: "variance", theirs: ["variance"] },
  ]);
  if (mean === undefined || variance === undefined) return { ...mapped, unused: ["count"] };
  return { ...mapped, weights: [], constants: statistics(mean, variance) };
};

function statistics(
  mean: number | readonly number[],
  variance: number | readonly number[],
): Map<string, readonly number[]> {
  const list = (value: number | readonly number[]) => (typeof value === "number" ? [value] : value);
  return new Map([
    ["mean", list(mean)],
    ["variance", list(variance)],
  ]);
}

/** One factor for all is a layer of ours; one for each channel is a normalisation. */
export const rescaling: Mapping = (read) => {
  const scale = read.numbers("scale") ?? read.refuse("scale", "a number");
  const offset = read.numbers("offset") ?? 0;
  if (typeof scale === "number" && typeof offset === "number") return plain("Rescaling", { scale, offset });
  const length = Math.max(...[scale, offset].map((one) => (typeof one === "number" ? 1 : one.length)));
  const at = (value: number | readonly number[], i: number) =>
    typeof value === "number" ? value : (value[i] ?? Number.NaN);
  const factors = Array.from({ length }, (_, i) => at(scale, i));
  if (!factors.every((factor) => factor > 0))
    read.refuse("scale", "above 0 where there is one for each channel");
  return {
    ...plain("Normalization", { axis: -1 }),
    constants: statistics(
      factors.map((factor, i) => -at(offset, i) / factor),
      factors.map((factor) => factor ** -2),
    ),
  };
};
