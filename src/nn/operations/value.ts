/** @file The values that operations of general layers take and give: traced tensors, or numbers known while tracing. */
import { AuricleError } from "../../errors.ts";
import { constantTensor } from "../../graph/sources.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { formatShape, sizeOf, type Shape } from "../../tensor/shape.ts";

/** Types of elements, as ONNX and NumPy name them. All floats are computed in float32. */
export const ELEMENT_TYPES = [
  "float32",
  "float64",
  "float16",
  "bfloat16",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "bool",
] as const;

export type ElementType = (typeof ELEMENT_TYPES)[number];

const FLOATS: readonly ElementType[] = ["float32", "float64", "float16", "bfloat16"];

export function isFloat(type: ElementType): boolean {
  return FLOATS.includes(type);
}

/** Bits of whole numbers, and whether they have a sign; undefined for floats and truth values. */
export function integerRange(
  type: ElementType,
): { readonly bits: number; readonly signed: boolean } | undefined {
  const [, unsigned, bits] = /^(u?)int(\d+)$/.exec(type) ?? [];
  return bits === undefined ? undefined : { bits: Number(bits), signed: unsigned === "" };
}

/** A value: truth values are 0 and 1. Traced whole numbers are int32, all other traced numbers float32. */
export interface Value {
  readonly type: ElementType;
  readonly shape: Shape;
  /** The numbers in double precision, where they are known while the graph is traced. */
  readonly known?: Float64Array;
  /** The numbers otherwise. */
  readonly tensor?: Tensor;
  /** The largest magnitude that traced whole numbers may have. Absent where that is not known. */
  readonly most?: number;
}

/** Numbers that operations may make while a graph is traced. */
const MOST_KNOWN = 2 ** 24;

/** @throws AuricleError "unsupported" for more numbers than are made while a graph is traced. */
export function requireFew(what: string, shape: Shape): void {
  if (sizeOf(shape) <= MOST_KNOWN) return;
  throw new AuricleError(
    "unsupported",
    `${what} of ${formatShape(shape)} needs more than ${MOST_KNOWN} numbers at once`,
  );
}

export function tracedValue(tensor: Tensor, type: ElementType): Value {
  return { type, shape: tensor.shape, tensor };
}

export function knownValue(numbers: ArrayLike<number>, shape: Shape, type: ElementType): Value {
  return { type, shape, known: numbers instanceof Float64Array ? numbers : Float64Array.from(numbers) };
}

/** A value's numbers in a graph; known ones become a constant of it. @throws AuricleError "unsupported" beyond int32. */
export function tensorOf({ type, shape, known, tensor }: Value): Tensor {
  if (tensor) return tensor;
  const numbers = known ?? new Float64Array(sizeOf(shape));
  if (isFloat(type) || type === "bool") return constantTensor({ shape, data: Float32Array.from(numbers) });
  if (numbers.some((number) => Math.abs(number) >= 2 ** 31)) {
    throw new AuricleError("unsupported", `whole numbers beyond 32 bits in ${formatShape(shape)}`);
  }
  return constantTensor({ shape, data: Int32Array.from(numbers) });
}

/** The nearest number of a type. */
export function inType(type: ElementType): (number: number) => number {
  const range = integerRange(type);
  if (range) return (number) => wrapped(Math.trunc(number), range.bits, range.signed);
  if (type === "bool") return (number) => (number === 0 ? 0 : 1);
  return type === "float64" ? (number) => number : Math.fround;
}

/** A whole number in so many bits, as processors leave it; beyond 53 bits doubles have no more to tell. */
function wrapped(number: number, bits: number, signed: boolean): number {
  if (bits > 32 || !Number.isFinite(number)) return Number.isNaN(number) ? 0 : number;
  const count = 2 ** bits;
  const rest = ((number % count) + count) % count;
  return signed && rest >= count / 2 ? rest - count : rest;
}
