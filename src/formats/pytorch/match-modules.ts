/** @file Finds for each module of a network the tensors of a state dict that are its own, by names and shapes. Browser-safe. */

import type { NumericArray } from "../../tensor/array.ts";
import { sameShape } from "../../tensor/shape.ts";
import type { MatchedBy } from "../load-report.ts";
import type { TorchTensorView } from "./torch-view.ts";

/** Tensors whose names differ in the last part only: "conv1.weight" and "conv1.bias". */
export interface FileModule {
  readonly name: string;
  /** By the last part of the name. */
  readonly tensors: ReadonlyMap<string, NumericArray>;
}

/** The tensors that a module of the network needs. */
export interface WantedModule {
  readonly name: string;
  readonly tensors: readonly TorchTensorView[];
}

export interface ModuleMatch {
  readonly wanted: WantedModule;
  readonly file: FileModule;
  readonly by: MatchedBy;
}

/** Parts that programs put before the names of a whole network: DataParallel, Lightning, `torch.compile`. */
const WRAPPERS = ["module.", "model.", "_orig_mod."];

/** Takes off what stands before all names alike. @returns the names, and what was taken off */
export function withoutWrappers(tensors: ReadonlyMap<string, NumericArray>): {
  readonly tensors: ReadonlyMap<string, NumericArray>;
  readonly prefix: string;
} {
  let prefix = "";
  const names = [...tensors.keys()];
  for (;;) {
    const next = WRAPPERS.find((wrapper) => names.every((name) => name.startsWith(prefix + wrapper)));
    if (next === undefined || names.length === 0) break;
    prefix += next;
  }
  return {
    prefix,
    tensors: new Map([...tensors].map(([name, tensor]) => [name.slice(prefix.length), tensor])),
  };
}

/** Groups tensors by their modules, in the order of their first tensors. */
export function modulesOf(tensors: ReadonlyMap<string, NumericArray>): FileModule[] {
  const modules = new Map<string, Map<string, NumericArray>>();
  for (const [key, tensor] of tensors) {
    const dot = key.lastIndexOf(".");
    const name = key.slice(0, Math.max(dot, 0));
    const own = modules.get(name) ?? new Map<string, NumericArray>();
    modules.set(name, own.set(key.slice(dot + 1), tensor));
  }
  return [...modules].map(([name, own]) => ({ name, tensors: own }));
}

/** Groups the tensors of a network by their modules. */
export function wantedModules(tensors: readonly TorchTensorView[]): WantedModule[] {
  const modules = new Map<string, TorchTensorView[]>();
  for (const tensor of tensors) {
    const name = tensor.key.slice(0, -tensor.name.length - 1);
    const own = modules.get(name);
    if (own) own.push(tensor);
    else modules.set(name, [tensor]);
  }
  return [...modules].map(([name, own]) => ({ name, tensors: own }));
}

/**
 * Pairs modules: first those of the same name, then those whose shapes fit, in the order of both.
 * @param fileModules in the order in which the program defines them
 */
export function matchModules(
  wanted: readonly WantedModule[],
  fileModules: readonly FileModule[],
): ModuleMatch[] {
  const matches = new Map<WantedModule, ModuleMatch>();
  const left = new Set(fileModules);
  const take = (one: WantedModule, file: FileModule, by: MatchedBy) => {
    matches.set(one, { wanted: one, file, by });
    left.delete(file);
  };
  for (const one of wanted) {
    const file = fileModules.find(({ name }) => name === one.name);
    if (file && fits(one, file)) take(one, file, "name");
  }
  const open = wanted.filter((one) => !matches.has(one));
  const pairs = open.map(
    (one) => [one, fileModules.filter((file) => left.has(file) && fits(one, file))] as const,
  );
  for (const [one, files] of pairs) {
    const file = files.find((candidate) => left.has(candidate));
    if (!file) continue;
    const rivals = pairs.filter(([, others]) => others.includes(file)).length;
    take(one, file, files.length === 1 && rivals === 1 ? "shape" : "order");
  }
  return wanted.flatMap((one) => matches.get(one) ?? []);
}

/** Whether a module's own numbers can be found in the file's: the first is there, and all that are there have the right shapes. */
function fits({ tensors }: WantedModule, file: FileModule): boolean {
  const isNormalization = tensors.some(({ name }) => name === "running_mean");
  if (isNormalization !== file.tensors.has("running_mean")) return false;
  const first = tensors.find(({ source }) => source.kind === "weight") ?? tensors[0];
  return (
    file.tensors.has(first.name) &&
    tensors.every(({ name, shape, source }) => {
      const tensor = file.tensors.get(name);
      return tensor === undefined || source.kind === "counter" || sameShape(tensor.shape, shape);
    })
  );
}

/** Parts of names that tell of modules which are not supported, and what they are. */
const KNOWN_OTHERS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^(weight|bias)_(ih|hh)(_l\d+)?(_reverse)?$/, "a recurrent layer (LSTM or GRU)"],
  [/^(in_proj_weight|in_proj_bias|[qkv]_proj_weight|bias_[kv])$/, "attention"],
  [/^weight_[gv]$|^original[01]$/, "weight normalisation; remove it in PyTorch first"],
];

/** Says what a module of the file is that no network here has. */
export function unsupportedKind({ tensors }: FileModule): string | undefined {
  return KNOWN_OTHERS.find(([pattern]) => [...tensors.keys()].some((name) => pattern.test(name)))?.[1];
}
