/** @file Finds a state dict, tensors by name, in what a checkpoint holds. Browser-safe. */

import { shownValue } from "../../shown-value.ts";
import { DEEPEST_STATE_DICT } from "./limits.ts";
import { kindOf, PickleDict, type Fault, type PickleValue } from "./pickle-values.ts";
import { TorchTensor } from "./torch-objects.ts";

/** Tensors by name, with where they were. */
export interface FoundStateDict {
  readonly tensors: ReadonlyMap<string, TorchTensor>;
  /** The keys that lead to it; empty for the file's own value. */
  readonly path: readonly string[];
  /** Keys beside the tensors whose values are something else. */
  readonly others: readonly string[];
}

/** Keys under which programs save a state dict, the likeliest first: PyTorch's tutorials and Lightning use the first two. */
const USUAL_KEYS = [
  "state_dict",
  "model_state_dict",
  "model_state",
  "model",
  "net",
  "network",
  "module",
  "weights",
];

/**
 * Finds the dictionary whose values are tensors.
 * @param path the keys that lead to it, where the file holds several
 * @throws what `fault` makes, when there is none, several, or none at the path
 */
export function findStateDict(
  value: PickleValue,
  path: readonly string[] | undefined,
  fault: Fault,
): FoundStateDict {
  if (path !== undefined) return follow(value, path, fault);
  const found = search(value);
  const usual = USUAL_KEYS.flatMap((key) => found.filter((one) => one.path.at(-1) === key));
  // The file's own value is found first.
  const chosen = found[0]?.path.length === 0 || found.length === 1 ? found[0] : usual[0];
  if (chosen) return chosen;
  if (found.length === 0) {
    throw fault(
      `it must hold a state dict, a dictionary of tensors by name; it holds ${describeContent(value)}; save model.state_dict()`,
    );
  }
  const places = found.map((one) => one.path.map((key) => shownValue(key)).join(" in "));
  throw fault(
    `it holds several dictionaries of tensors, and one must be chosen by its key: ${places.join(", ")}`,
  );
}

function follow(value: PickleValue, path: readonly string[], fault: Fault): FoundStateDict {
  let current: PickleValue | undefined = value;
  for (const key of path) {
    const keys: string = current instanceof PickleDict ? namesOf(current) : kindOf(current);
    current = current instanceof PickleDict ? current.entries.get(key) : undefined;
    if (current === undefined) throw fault(`it has no ${shownValue(key)} in it; it has ${keys}`);
  }
  const found = current instanceof PickleDict ? tensorsOf(current, path) : undefined;
  if (!found)
    throw fault(
      `what is at ${shownValue(path.join("."))} must be a dictionary of tensors; got ${kindOf(current)}`,
    );
  return found;
}

/** All dictionaries that have tensors, nearest first; each once, also where dictionaries contain themselves. */
function search(value: PickleValue): FoundStateDict[] {
  const found: FoundStateDict[] = [];
  const seen = new Set<PickleDict>();
  let level: [PickleValue, readonly string[]][] = [[value, []]];
  for (let depth = 0; depth <= DEEPEST_STATE_DICT; depth++) {
    const next: [PickleValue, readonly string[]][] = [];
    for (const [dict, path] of level) {
      if (!(dict instanceof PickleDict) || seen.has(dict)) continue;
      seen.add(dict);
      const own = tensorsOf(dict, path);
      if (own) found.push(own);
      else
        for (const [key, one] of dict.entries) if (typeof key === "string") next.push([one, [...path, key]]);
    }
    level = next;
  }
  return found;
}

function tensorsOf(dict: PickleDict, path: readonly string[]): FoundStateDict | undefined {
  const tensors = new Map<string, TorchTensor>();
  const others: string[] = [];
  for (const [key, value] of dict.entries) {
    if (value instanceof TorchTensor && typeof key === "string") tensors.set(key, value);
    else others.push(String(key));
  }
  return tensors.size > 0 ? { tensors, path, others } : undefined;
}

function describeContent(value: PickleValue): string {
  return value instanceof PickleDict ? `a dictionary with ${namesOf(value)}` : kindOf(value);
}

/** How many keys a message names. */
const SHOWN = 8;

function namesOf({ entries }: PickleDict): string {
  const names = [...entries.keys()].slice(0, SHOWN).map((key) => shownValue(key));
  if (entries.size > SHOWN) names.push(`${entries.size - SHOWN} more`);
  return names.join(", ") || "nothing";
}
