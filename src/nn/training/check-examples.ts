/** @file Finds numbers that no training can use, and says in which example they are. */
import { AuricleError } from "../../errors.ts";
import type { TargetKind } from "../losses/index.ts";
import type { BatchArrays } from "./batch.ts";
import { shownValue } from "../../shown-value.ts";

export interface ExampleRules {
  /** The source's name, for messages. */
  readonly name: string;
  /** For each output. */
  readonly targets: readonly TargetRules[];
}

export interface TargetRules {
  /** "target", or with the output's name where there are several. */
  readonly what: string;
  readonly kind: TargetKind | undefined;
  /** The loss's name. */
  readonly loss: string;
  /** Length of the outputs' last axis. */
  readonly classes: number;
  /** The label of positions that the loss ignores. */
  readonly ignored?: number;
}

/**
 * Checks the first `indices.length` examples of a batch.
 * @param indices their numbers in the source
 * @throws AuricleError "data" naming the example: for a NaN or an infinity, a label out of range, a target outside 0 … 1.
 */
export function checkExamples(rules: ExampleRules, indices: Uint32Array, batch: BatchArrays): void {
  const { name } = rules;
  for (const input of batch.inputs) checkFinite(name, "input", indices, input);
  rules.targets.forEach((own, i) => checkTargets(name, own, indices, batch.targets[i]));
}

function checkTargets(
  name: string,
  { what, kind, loss, classes, ignored }: TargetRules,
  indices: Uint32Array,
  targets: Float32Array | Int32Array,
): void {
  if (targets instanceof Float32Array) checkFinite(name, what, indices, targets);
  if (kind === "classes" && targets instanceof Int32Array) {
    const last = classes - 1;
    const at = targets.findIndex((label) => (label < 0 || label > last) && label !== ignored);
    if (at >= 0) {
      throw new AuricleError(
        "data",
        `${name}: a label must be in 0 … ${last}, as the model's output has ${classes} numbers; ` +
          `got ${shownValue(targets[at])} for ${what === "target" ? "" : `${what} of `}example ${exampleAt(indices, targets, at)}`,
      );
    }
  }
  if (kind === "yes-or-no" || kind === "signs") {
    const least = kind === "signs" ? -1 : 0;
    const at = targets.findIndex((target) => target < least || target > 1);
    if (at >= 0) {
      throw new AuricleError(
        "data",
        `${name}: a target of ${loss} must be in ${least} … 1; got ${shownValue(targets[at])} for example ` +
          `${exampleAt(indices, targets, at)}`,
      );
    }
  }
}

function exampleAt(indices: Uint32Array, data: ArrayLike<number>, at: number): number {
  return indices[Math.floor(at / (data.length / indices.length))];
}

/** @throws AuricleError "data" naming the example. */
export function checkFinite(name: string, what: string, indices: Uint32Array, data: Float32Array): void {
  for (let i = 0; i < data.length; i++) {
    // Only NaN and the infinities differ from 0 when subtracted from themselves.
    if (data[i] - data[i] === 0) continue;
    const size = data.length / indices.length;
    throw new AuricleError(
      "data",
      `${name}: every number must be finite; got ${shownValue(data[i])} in the ${what} of example ` +
        `${indices[Math.floor(i / size)]} at position ${i % size}; correct that example or leave it out`,
    );
  }
}

/**
 * The class of each example: its label, or for a row of probabilities the most probable class.
 * @param classes the length of a row
 */
export function classesOf(targets: Float32Array | Int32Array, classes: number): Int32Array {
  if (targets instanceof Int32Array) return targets;
  return Int32Array.from({ length: targets.length / classes }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (targets[row * classes + c] > targets[row * classes + best]) best = c;
    }
    return best;
  });
}

/** One weight per class, by class: `{ 0: 1, 1: 2.5 }` or a list. Classes left out have weight 1. */
export type ClassWeights = Readonly<Record<number, number>> | readonly number[];

/** @throws AuricleError "argument" for a class that does not exist or a weight below 0. */
export function checkedClassWeights(
  weights: ClassWeights,
  classes: number,
  what = "classWeight",
): Float32Array {
  const result = new Float32Array(classes).fill(1);
  for (const [key, weight] of Object.entries(weights)) {
    const label = Number(key);
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new AuricleError("argument", `${what}: classes are 0 … ${classes - 1}; got "${key}"`);
    }
    if (!(weight >= 0 && weight < Infinity)) {
      throw new AuricleError(
        "argument",
        `${what}: weights must be 0 or more; got ${shownValue(weight)} for class ${key}`,
      );
    }
    result[label] = weight;
  }
  return result;
}
