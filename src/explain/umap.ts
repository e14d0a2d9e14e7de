/** @file UMAP: a map in which near examples stay near. Browser-safe. */
import { AuricleError } from "../errors.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import type { FloatArray } from "../tensor/array.ts";
import { checkVectors } from "./pca.ts";
import { shownValue } from "../shown-value.ts";

export interface UmapOptions {
  /** Axes of the map. Default 2. */
  readonly components?: number;
  /** Neighbours of each example that stay near: more show the whole, fewer the detail. Default 15, or as many as there are. */
  readonly neighbors?: number;
  /** The least distance of two examples on the map. Default 0.1. */
  readonly minDistance?: number;
  /** Passes over all pairs. Default: by the number of examples, 500 or fewer. */
  readonly epochs?: number;
  /** Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionNames<UmapOptions> = {
  components: true,
  neighbors: true,
  minDistance: true,
  epochs: true,
  seed: true,
};

/**
 * Lays vectors out by Euclidean distance (McInnes, Healy and Melville 2018, arXiv:1802.03426). Groups are real, their distances and
 * sizes on the map say little; another seed gives another map. The same values and seed give the same map.
 *
 * @example
 * const { data } = await umap(await embeddings(model, test), { seed: 1 }); // [N, 2]
 * @param values `[N, D]`, at least four examples: embeddings
 * @returns `[N, components]`
 * @throws AuricleError "shape" for other shapes, "argument" for options that make no sense, "data" for a NaN or infinity
 */
export async function umap(values: FloatArray, options: UmapOptions = {}): Promise<FloatArray> {
  checkOptions("umap", options, OPTIONS, "values, ");
  const [length, width] = checkVectors("umap", values, LEAST);
  const { components, neighbors, minDistance, epochs, seed } = checkUmap(options, length);
  // Loaded when it is needed: it is larger than all explanations together.
  const { UMAP } = await import("umap-js");
  const generator = new Generator(deriveKey(seed, "umap"));
  const layout = new UMAP({
    nComponents: components,
    nNeighbors: neighbors,
    minDist: minDistance,
    ...(epochs !== undefined && { nEpochs: epochs }),
    random: () => generator.uniform(),
  });
  const rows = Array.from({ length }, (_, i) => [...values.data.subarray(i * width, (i + 1) * width)]);
  const found = await layout.fitAsync(rows);
  return { shape: [length, components], data: Float32Array.from(found.flat()) };
}

/** Fewer examples have no neighbourhoods. */
const LEAST = 4;

function checkUmap(options: UmapOptions, length: number) {
  const most = length - 1;
  const { components = 2, neighbors = Math.min(15, most), minDistance = 0.1, epochs, seed = 0 } = options;
  const isWhole = (value: number, least: number) => Number.isInteger(value) && value >= least;
  const rules: readonly (readonly [string, unknown, boolean, string])[] = [
    ["components", components, isWhole(components, 1), "a whole number above 0"],
    [
      "neighbors",
      neighbors,
      isWhole(neighbors, 2) && neighbors <= most,
      `in 2 … ${most} for ${length} examples`,
    ],
    ["minDistance", minDistance, minDistance >= 0 && minDistance <= 1, "in 0 … 1"],
    ["epochs", epochs, epochs === undefined || isWhole(epochs, 1), "a whole number above 0"],
    ["seed", seed, isWhole(seed, 0), "a whole number from 0"],
  ];
  const wrong = rules.find(([, , isRight]) => !isRight);
  if (!wrong) return { components, neighbors, minDistance, epochs, seed };
  const [name, value, , rule] = wrong;
  throw new AuricleError("argument", `umap: ${name} must be ${rule}; got ${shownValue(value)}`);
}
