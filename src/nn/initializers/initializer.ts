import { AuricleError } from "../../errors.ts";
import type { Generator } from "../../random/generator.ts";
import { sizeOf, type Shape } from "../../tensor/shape.ts";
import { shownValue } from "../../shown-value.ts";

/** An initializer as a file stores it: its name and its parameters, both plain JSON. */
export interface InitializerConfig {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A rule for the values that a weight has before training; its `name` and `config` rebuild it. */
export interface Initializer extends InitializerConfig {
  /**
   * Draws the values of one weight, row-major.
   * @param shape the weight's shape; for filters `[...window, in, out]`, see `computeFans`
   * @param generator where randomness comes from: the same key and counter give the same values
   */
  initialize(shape: Shape, generator: Generator): Float32Array;
}

/** Writes independent draws to all of an array. */
export type Filler = (values: Float32Array) => unknown;

/** An initializer whose values are independent draws, made in row-major order. */
export function elementwiseInitializer(
  name: string,
  config: Readonly<Record<string, unknown>>,
  filler: (shape: Shape, generator: Generator) => Filler,
): Initializer {
  return {
    name,
    config,
    initialize(shape, generator) {
      const values = new Float32Array(sizeOf(shape));
      filler(shape, generator)(values);
      return values;
    },
  };
}

/** Checks one parameter of an initializer. @throws AuricleError "argument" unless it is a finite number. */
export function finiteNumber(initializer: string, parameter: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new AuricleError(
      "argument",
      `${initializer}: ${parameter} must be a finite number; got ${shownValue(value)}`,
    );
  }
  return value;
}

/** As {@link finiteNumber}, and not below zero. */
export function nonNegativeNumber(initializer: string, parameter: string, value: unknown): number {
  const number = finiteNumber(initializer, parameter, value);
  if (number < 0) {
    throw new AuricleError("argument", `${initializer}: ${parameter} must not be negative; got ${number}`);
  }
  return number;
}
