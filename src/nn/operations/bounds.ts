/** @file How large whole numbers that depend on a network's input can become: up to 24 bits they are exact in float32. */
import type { Value } from "./value.ts";

type Bound = (most: readonly number[]) => number;

const largest: Bound = (most) => Math.max(...most);
const first: Bound = ([most]) => most;
const total: Bound = (most) => most.reduce((sum, one) => sum + one, 0);

/** The largest result in magnitude for operands that are at most so large. */
const BOUNDS: ReadonlyMap<string, Bound> = new Map(
  Object.entries({
    Abs: first,
    Add: total,
    Clip: largest,
    Concat: largest,
    Expand: first,
    Flatten: first,
    Gather: first,
    GatherElements: first,
    Identity: first,
    Max: largest,
    Min: largest,
    Mul: (most) => most.reduce((product, one) => product * one, 1),
    Neg: first,
    ReduceMax: first,
    ReduceMin: first,
    Reshape: first,
    Slice: first,
    Squeeze: first,
    Sub: total,
    Transpose: first,
    Unsqueeze: first,
    Where: ([, ...most]) => largest(most),
  }),
);

/** The largest magnitude of an operation's results; undefined where it is not known. */
export function boundOf(operation: string, inputs: readonly (Value | undefined)[]): number | undefined {
  const bound = BOUNDS.get(operation);
  if (!bound) return undefined;
  const most = bound(inputs.flatMap((input) => (input ? [mostOf(input)] : [])));
  return Number.isFinite(most) ? most : undefined;
}

function mostOf({ type, most = Infinity, known }: Value): number {
  if (type === "bool") return 1;
  return known ? known.reduce((largestYet, number) => Math.max(largestYet, Math.abs(number)), 0) : most;
}
