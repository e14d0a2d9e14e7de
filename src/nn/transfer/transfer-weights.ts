import type { FloatArray } from "../../tensor/array.ts";
import { sameShape, type Shape } from "../../tensor/shape.ts";

/** A network or a model. */
export interface WeightHolder {
  getWeights(): ReadonlyMap<string, FloatArray>;
  setWeights(weights: ReadonlyMap<string, FloatArray>): void;
}

/** The weights that were copied and those that were not, by path: "conv2d_1/kernel". */
export interface TransferReport {
  readonly copied: readonly string[];
  /** Those of the target that stayed as they were. */
  readonly kept: readonly KeptWeight[];
  /** Those of the source that the target does not have. */
  readonly unused: readonly string[];
}

export interface KeptWeight {
  readonly path: string;
  readonly shape: Shape;
  /** Under the same path in the source; undefined where it has none. */
  readonly sourceShape: Shape | undefined;
}

/**
 * Copies each weight of `from`, running statistics included, to the weight of `to` that has the same path and shape.
 * All others stay. Networks of one architecture have the same paths.
 * @param except paths of `to` that are to stay in any case
 */
export function transferWeights(
  from: WeightHolder,
  to: WeightHolder,
  except: (path: string) => boolean = () => false,
): TransferReport {
  const source = from.getWeights();
  const target = to.getWeights();
  const copied: string[] = [];
  const kept: KeptWeight[] = [];
  const weights = new Map<string, FloatArray>();
  for (const [path, own] of target) {
    const other = source.get(path);
    const fits = other && sameShape(other.shape, own.shape) && !except(path);
    weights.set(path, fits ? other : own);
    if (fits) copied.push(path);
    else kept.push({ path, shape: own.shape, sourceShape: other?.shape });
  }
  to.setWeights(weights);
  return { copied, kept, unused: [...source.keys()].filter((path) => !target.has(path)) };
}
