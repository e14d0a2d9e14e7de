/** @file PyTorch's weights for a network of this library, with a report of what went where. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import type { InferenceNetwork } from "../../nn/inference-network.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { FloatArray, NumericArray } from "../../tensor/array.ts";
import { sameShape } from "../../tensor/shape.ts";
import {
  loadProblem,
  type LoadReport,
  type MatchedTensor,
  type MissingWeight,
  type UnusedTensor,
} from "../load-report.ts";
import { fromTorch } from "./convert-tensors.ts";
import {
  matchModules,
  modulesOf,
  unsupportedKind,
  wantedModules,
  withoutWrappers,
  type ModuleMatch,
} from "./match-modules.ts";
import type { StateDict } from "./read-state-dict.ts";
import { torchView, type TorchTensorView } from "./torch-view.ts";

export interface LoadStateDictOptions {
  /** Whether weights without a tensor may stay as they are, and tensors without a weight may be left out. Default false. */
  readonly partial?: boolean;
}

const OPTIONS: OptionNames<LoadStateDictOptions> = { partial: true };

/**
 * Gives a network the weights of a PyTorch network of the same architecture. Modules are matched by their names, and where these differ by
 * shapes in the order of both. Kernels are turned from outputs first to outputs last, and rows behind a flattening are put in order.
 * @param file the file's name, for messages
 * @throws AuricleError "unsupported" naming layers that PyTorch has no counterpart for; "data" naming all tensors and weights that
 *   do not match, unless `partial`, and then when nothing matches. The network is unchanged then.
 */
export function loadStateDict(
  network: InferenceNetwork,
  stateDict: StateDict,
  file: string,
  options: LoadStateDictOptions = {},
): LoadReport {
  checkOptions("loadStateDict", options, OPTIONS, "network, stateDict, file, ");
  const view = torchView(network, "import");
  const { tensors, prefix } = withoutWrappers(stateDict.tensors);
  const fileModules = modulesOf(tensors);
  const matches = matchModules(wantedModules(view.tensors), fileModules);
  const weights = new Map<string, FloatArray>(network.getWeights());
  const all = weights.size;
  const matched = matches.flatMap((match) => takeModule(match, weights, prefix, file));
  const got = new Set(matched.map(({ weight }) => weight));
  const missing = view.tensors.flatMap(({ source, layer, shape }): MissingWeight[] => {
    if (source.kind !== "weight" || got.has(`${layer}/${source.weight}`)) return [];
    return [{ weight: `${layer}/${source.weight}`, shape }];
  });
  const used = new Set(
    matches.flatMap(({ wanted, file: one }) => wanted.tensors.map(({ name }) => keyOf(one.name, name))),
  );
  const unused = fileModules.flatMap((module) => {
    const kind = unsupportedKind(module);
    return [...module.tensors].flatMap(([name, { shape }]): UnusedTensor[] => {
      const key = keyOf(module.name, name);
      return used.has(key) ? [] : [{ tensor: prefix + key, shape, ...(kind && { kind }) }];
    });
  });
  const report = {
    matched,
    unused,
    missing,
    notes: [...stateDict.notes, ...notesOn(network, view.tensors, matches, prefix, stateDict)],
  };
  const isWhole = missing.length === 0 && unused.length === 0;
  if (!isWhole && (options.partial !== true || matched.length === 0)) {
    throw new AuricleError("data", loadProblem(network.name, file, report, all));
  }
  network.setWeights(weights);
  return report;
}

function keyOf(module: string, name: string): string {
  return module === "" ? name : `${module}.${name}`;
}

/** Puts the numbers of a module's tensors into the weights. */
function takeModule(
  { wanted, file: { name: module, tensors }, by }: ModuleMatch,
  weights: Map<string, FloatArray>,
  prefix: string,
  file: string,
): MatchedTensor[] {
  return wanted.tensors.flatMap((rule): MatchedTensor[] => {
    const tensor = tensors.get(rule.name);
    if (!tensor) return [];
    const key = prefix + keyOf(module, rule.name);
    if (rule.source.kind === "fixed") checkFixed(rule, tensor, key, file);
    if (rule.source.kind !== "weight") return [];
    const weight = `${rule.layer}/${rule.source.weight}`;
    const own = weights.get(weight);
    if (own) weights.set(weight, { shape: own.shape, data: fromTorch(rule.source, tensor.data) });
    return [{ tensor: key, weight, by }];
  });
}

/** Compares numbers that no weight holds: factors of 1, patterns of a radial basis. */
function checkFixed(
  { source, shape, layer }: TorchTensorView,
  tensor: NumericArray,
  key: string,
  file: string,
): void {
  if (source.kind !== "fixed") return;
  if (sameShape(tensor.shape, shape) && source.values.every((value, i) => value === tensor.data[i])) return;
  throw new AuricleError(
    "data",
    `${file}: tensor ${key}: layer ${layer} has no weight for it, so its values must be those that the layer is made with; they differ`,
  );
}

const PYTORCH_EPSILON = 1e-5;

function notesOn(
  network: InferenceNetwork,
  tensors: readonly TorchTensorView[],
  matches: readonly ModuleMatch[],
  prefix: string,
  { exportedFrom }: StateDict,
): string[] {
  const notes: string[] = [];
  if (prefix !== "") notes.push(`All names begin with ${JSON.stringify(prefix)}, which is left out.`);
  const ordered = matches.filter(({ by }) => by === "order");
  if (ordered.length > 0) {
    const pairs = ordered.map(({ wanted, file }) => `${file.name} is ${wanted.name}`).join(", ");
    notes.push(`Modules of equal shapes were matched in the order of both: ${pairs}.`);
  }
  const flat = tensors.filter(
    ({ className, source }) => className === "Dense" && source.kind === "weight" && source.split.length > 2,
  );
  if (flat.length > 0) {
    notes.push(
      `The features of ${flat.map(({ layer }) => layer).join(", ")} are taken to be flattened channels first, as PyTorch does, and are put in order.`,
    );
  }
  if (exportedFrom === undefined) notes.push(...epsilonNotes(network));
  return notes;
}

/** A state dict does not hold what batch normalisation adds to the variance. */
function epsilonNotes({ layers }: InferenceNetwork): string[] {
  const values = layers.flatMap(({ layer: { className, config } }) =>
    className.endsWith("Normalization") && "momentum" in config && typeof config.epsilon === "number"
      ? [config.epsilon]
      : [],
  );
  const other = values.filter((value) => value !== PYTORCH_EPSILON);
  if (other.length === 0) return [];
  return [
    `Batch normalisation here has epsilon ${[...new Set(other)].join(" and ")} and momentum of its own; a state dict does not tell PyTorch's, whose ` +
      `default eps is ${PYTORCH_EPSILON}. If the program has that, answers differ a little: give the network that epsilon.`,
  ];
}
