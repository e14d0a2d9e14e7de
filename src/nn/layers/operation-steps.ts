/** @file The steps and operands of general layers as plain data, which may come from a file. */
import type { Attributes } from "../operations/call.ts";
import { ELEMENT_TYPES, type ElementType } from "../operations/value.ts";
import { isCount } from "../../ops/window.ts";
import { sizeOf, type Shape } from "../../tensor/shape.ts";

/** An operation by its name, its attributes, and the numbers of the values that it takes. */
export interface Step {
  readonly operation: string;
  readonly attributes: Attributes;
  readonly inputs: readonly number[];
  /** How many results are values. Default 1. */
  readonly results?: number;
}

/** A weight, or numbers that are part of the description. */
export type Operand =
  | { readonly shape: Shape; readonly trainable: boolean }
  | { readonly type: ElementType; readonly shape: Shape; readonly values: readonly number[] };

/** Results of one step, beyond which no operation goes. */
const MOST_RESULTS = 1024;

export function checkStep(value: unknown): Step | undefined {
  if (!isObject(value)) return undefined;
  const { operation, attributes, inputs, results = 1, ...rest } = value;
  const isRight =
    typeof operation === "string" &&
    isAttributes(attributes) &&
    isNumbers(inputs) &&
    inputs.every((number) => Number.isInteger(number) && number >= -1) &&
    isCount(results) &&
    results <= MOST_RESULTS &&
    Object.keys(rest).length === 0;
  if (!isRight) return undefined;
  return { operation, attributes, inputs, ...(results === 1 ? {} : { results }) };
}

export function checkOperand(value: unknown): Operand | undefined {
  if (!isObject(value) || !isNumbers(value.shape) || !value.shape.every(isLength)) return undefined;
  const { shape, trainable, type, values, ...rest } = value;
  if (Object.keys(rest).length > 0) return undefined;
  if (values === undefined) {
    const isWeight = type === undefined && typeof trainable === "boolean" && !shape.includes(0);
    return isWeight ? { shape, trainable } : undefined;
  }
  const known = ELEMENT_TYPES.find((one) => one === type);
  const isRight = trainable === undefined && isNumbers(values) && values.length === sizeOf(shape);
  return known && isRight ? { type: known, shape, values } : undefined;
}

function isLength(length: number): boolean {
  return length === 0 || isCount(length);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => typeof one === "number" && Number.isFinite(one));
}

function isAttributes(value: unknown): value is Attributes {
  return (
    isObject(value) &&
    Object.values(value).every(
      (one) =>
        (typeof one === "number" && Number.isFinite(one)) ||
        typeof one === "string" ||
        isNumbers(one) ||
        (Array.isArray(one) && one.every((text) => typeof text === "string")),
    )
  );
}
