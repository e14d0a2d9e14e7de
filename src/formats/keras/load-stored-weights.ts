/** @file The weights of Keras' layers for a network of this library, with a report of what went where. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import type { InferenceNetwork } from "../../nn/inference-network.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { sameShape, type Shape } from "../../tensor/shape.ts";
import { loadProblem, type LoadReport, type MatchedBy, type MatchedTensor } from "../load-report.ts";
import { groupNameOf } from "./h5-weights.ts";
import type { StoredLayer } from "./stored-weights.ts";

/** A layer of the network, with its weights in Keras' order, which is the library's. */
interface WantedLayer {
  readonly name: string;
  readonly kind: string;
  readonly weights: readonly { readonly path: string; readonly shape: Shape }[];
}

interface LayerMatch {
  readonly wanted: WantedLayer;
  readonly stored: StoredLayer;
  readonly by: MatchedBy;
}

/**
 * Gives a network the weights of a Keras model of the same architecture. Layers are matched by the names that were given to them, and
 * where Keras numbered them by class and shapes, in the order of both.
 * @param file the file's name, for messages
 * @throws AuricleError "data" naming all tensors and weights that do not match, unless `partial`, and then when nothing matches. The
 *   network is unchanged then.
 */
export function loadStoredWeights(
  network: InferenceNetwork,
  layers: readonly StoredLayer[],
  file: string,
  { partial }: { readonly partial: boolean },
): LoadReport {
  const weights = new Map<string, FloatArray>(network.getWeights());
  const wanted = wantedLayers(weights, network);
  const matches = matchLayers(wanted, layers);
  const matched = matches.flatMap(({ wanted: { weights: own }, stored, by }) =>
    own.map(({ path }, i): MatchedTensor => {
      const { name, array } = stored.tensors[i];
      weights.set(path, array);
      return { tensor: name, weight: path, by };
    }),
  );
  const taken = new Set(matches.map(({ wanted: one }) => one));
  const used = new Set(matches.map(({ stored }) => stored));
  const report = {
    matched,
    missing: wanted
      .filter((one) => !taken.has(one))
      .flatMap((one) => one.weights.map(({ path, shape }) => ({ weight: path, shape }))),
    unused: layers
      .filter((one) => !used.has(one))
      .flatMap(({ tensors }) => tensors.map(({ name, array }) => ({ tensor: name, shape: array.shape }))),
    notes: notesOn(matches),
  };
  const isWhole = report.missing.length === 0 && report.unused.length === 0;
  if (!isWhole && (!partial || matched.length === 0)) {
    throw new AuricleError("data", loadProblem(network.name, file, report, weights.size));
  }
  network.setWeights(weights);
  return report;
}

function wantedLayers(weights: ReadonlyMap<string, FloatArray>, { layers }: InferenceNetwork): WantedLayer[] {
  const kinds = new Map(layers.map(({ name, layer }) => [name, groupNameOf(layer.className)]));
  const own = new Map<string, { path: string; shape: Shape }[]>();
  for (const [path, { shape }] of weights) {
    const layer = path.slice(0, path.lastIndexOf("/"));
    own.set(layer, [...(own.get(layer) ?? []), { path, shape }]);
  }
  return [...own].map(([name, list]) => ({ name, kind: kinds.get(name) ?? "", weights: list }));
}

function matchLayers(wanted: readonly WantedLayer[], layers: readonly StoredLayer[]): LayerMatch[] {
  const matches = new Map<WantedLayer, LayerMatch>();
  const left = new Set(layers);
  const take = (one: WantedLayer, found: StoredLayer, by: MatchedBy) => {
    matches.set(one, { wanted: one, stored: found, by });
    left.delete(found);
  };
  for (const one of wanted) {
    const named = [...left].filter(({ givenNames }) => givenNames.some((name) => isNamed(one, name)));
    if (named.length === 1 && fits(one, named[0])) take(one, named[0], "name");
  }
  const pairs = wanted
    .filter((one) => !matches.has(one))
    .map((one) => [one, [...left].filter((candidate) => fits(one, candidate))] as const);
  for (const [one, candidates] of pairs) {
    const found = candidates.find((candidate) => left.has(candidate));
    if (!found) continue;
    const rivals = pairs.filter(([, others]) => others.includes(found)).length;
    take(one, found, candidates.length === 1 && rivals === 1 ? "shape" : "order");
  }
  return wanted.flatMap((one) => matches.get(one) ?? []);
}

/** Layers of a model within the network have its name before their own. */
function isNamed({ name }: WantedLayer, given: string): boolean {
  return name === given || name.endsWith(`/${given}`);
}

function fits({ kind, weights }: WantedLayer, { kind: other, tensors }: StoredLayer): boolean {
  // Classes that Auricle has no layer for are layers of operations.
  if (other !== undefined && other !== kind && kind !== "operations") return false;
  // Behind its statistics a normalisation counts the examples that they were taken from.
  const counted = kind === "normalization" && tensors.length === weights.length + 1;
  if (tensors.length !== weights.length && !counted) return false;
  return weights.every(({ shape }, i) => sameShape(shape, tensors[i].array.shape));
}

function notesOn(matches: readonly LayerMatch[]): string[] {
  const ordered = matches.filter(({ by }) => by === "order");
  if (ordered.length === 0) return [];
  const pairs = ordered.map(({ wanted, stored }) => `${stored.path} is ${wanted.name}`).join(", ");
  return [`Layers of equal shapes were matched in the order of both: ${pairs}.`];
}
