/** @file LeNet-5's output layer: distances from fixed patterns. */
import { AuricleError } from "../../errors.ts";
import { constantTensor } from "../../graph/sources.ts";
import { multiply, negative, subtract } from "../../ops/arithmetic.ts";
import { reshape } from "../../ops/reshape.ts";
import { sum } from "../../ops/sum.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { floatArray } from "../../tensor/array.ts";
import type { Layer } from "../layer.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, LAYER_OPTIONS, type LayerOptions } from "./options.ts";

export interface RadialBasisOptions extends LayerOptions {
  /** One pattern for each output, all of the input's length. They are fixed: not weights, part of the config. */
  readonly centers: readonly (readonly number[])[];
}

const OPTIONS: OptionNames<RadialBasisOptions> = { centers: true, ...LAYER_OPTIONS };

/**
 * Euclidean radial basis functions: `[N, D]` to `[N, centers.length]`. Output i is *minus* the squared distance
 * Σ_j (x_j - centers[i][j])², so that the largest output is the nearest pattern, as with logits. LeCun et al. 1998,
 * section II-B, eq. 7, which has the distance itself.
 */
export function radialBasis(options: RadialBasisOptions): Layer {
  checkOptions("radialBasis", options, OPTIONS);
  const centers = checksFor("radialBasis").other("centers", options.centers, {
    type: "list",
    wanted: "lists of finite numbers, all of one length",
    parse: (value) => (isCenters(value) ? value : undefined),
  });
  const outputs = centers.length;
  const features = centers[0].length;
  const table = floatArray(centers.flat(), [1, outputs, features]);
  return makeLayer(
    {
      className: "RadialBasis",
      factory: "radialBasis",
      config: { centers },
      axes: ["features"],
      advice: "put flatten() before it",
      weights([[length]]) {
        if (length === features) return [];
        throw new AuricleError(
          "shape",
          `radialBasis: the input must have as many features as the centers, ${features}; got ${length}`,
        );
      },
      call([x]) {
        const difference = subtract(reshape(x, [x.shape[0], 1, features]), constantTensor(table));
        return negative(sum(multiply(difference, difference), -1));
      },
      window: "all",
      connections: () => outputs * features,
    },
    options,
  );
}

function isCenters(value: unknown): value is readonly (readonly number[])[] {
  const isPattern = (row: unknown): row is readonly number[] =>
    Array.isArray(row) && row.length > 0 && row.every((number) => Number.isFinite(number));
  if (!Array.isArray(value) || value.length === 0 || !value.every(isPattern)) return false;
  return value.every((row) => row.length === value[0].length);
}
