/** @file The tests of a primitive operation as data: they stand beside its definition, and only tests call for them. */
import type { Shape } from "../tensor/shape.ts";

/** The tests of an operation; a function, so that nothing is made of them before they are asked for. */
export type Cases<P> = () => readonly Case<P>[];

/** One test of an operation on every target, and of its gradient by finite differences. */
export interface Case<P> {
  readonly shapes: readonly Shape[];
  readonly parameters: P;
  /** Values of the inputs; "normal" unless given. */
  readonly values?: readonly InputValues[];
  /** Inputs whose gradient is not checked, with the reason: a kink, an integer. */
  readonly withoutGradient?: string;
}

/**
 * "labels" are integers from 0, "separated" has no near-ties, "mask" is 0 or 1. "indices" are int32 in 0 … 4 and "bits" any int32;
 * the others are float32.
 */
export type InputValues = "normal" | "positive" | "labels" | "separated" | "mask" | "indices" | "bits";
