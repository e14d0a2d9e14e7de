/** @file Weights in fewer bits: float16, or int8 with a scale for each column. Both directions, so that they are one file's matter. Browser-safe. */
import type { WeightForm } from "./plan.ts";

/** Numbers as they are stored. */
export interface StoredNumbers {
  readonly form: WeightForm;
  /** The numbers of a row, with "int8". */
  readonly columns?: number;
}

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
/** The largest of int8's steps on either side of 0. */
const STEPS = 127;

/** Bytes that so many numbers take. */
export function storedBytes(words: number, { form, columns = 0 }: StoredNumbers): number {
  return form === "float32"
    ? words * FLOAT_BYTES
    : form === "float16"
      ? words * 2
      : columns * FLOAT_BYTES + words;
}

/** Stores numbers, of "int8" row by row, with a scale for each column. Numbers are rounded to the nearest that can be stored. */
export function store(values: Float32Array, { form, columns = 1 }: StoredNumbers): Uint8Array {
  if (form === "float32") return bytesOf(values.slice());
  if (form === "float16") return bytesOf(Uint16Array.from(values, toHalf));
  const scales = new Float32Array(columns);
  values.forEach((value, i) => {
    scales[i % columns] = Math.max(scales[i % columns], Math.abs(value) / STEPS);
  });
  const steps = Int8Array.from(values, (value, i) => Math.round(value / (scales[i % columns] || 1)));
  const bytes = new Uint8Array(scales.byteLength + steps.length);
  bytes.set(bytesOf(scales));
  bytes.set(bytesOf(steps), scales.byteLength);
  return bytes;
}

/** Returns the numbers that {@link store} stored, as near as they are kept. */
export function restore(
  bytes: Uint8Array,
  words: number,
  { form, columns = 1 }: StoredNumbers,
): Float32Array {
  // A copy, since numbers must begin at a multiple of their size.
  const { buffer } = Uint8Array.from(bytes);
  if (form === "float32") return new Float32Array(buffer, 0, words);
  if (form === "float16") return Float32Array.from(new Uint16Array(buffer, 0, words), fromHalf);
  const scales = new Float32Array(buffer, 0, columns);
  return Float32Array.from(
    new Int8Array(buffer, scales.byteLength, words),
    (step, i) => step * scales[i % columns],
  );
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const HALF_SUBNORMAL = 2 ** -24;
const HALF_LEAST_NORMAL = 2 ** -14;
const HALF_MOST = 65_504;

/** The bits of the nearest float16 (of two, the even one); beyond the largest, the largest. */
function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.min(Math.abs(value), HALF_MOST);
  if (size < HALF_LEAST_NORMAL) return sign | roundToEven(size / HALF_SUBNORMAL);
  const exponent = Math.floor(Math.log2(size));
  // A logarithm that was rounded up to a whole number is corrected by the carry below.
  const scale = 2 ** (10 - exponent);
  const significand = roundToEven(size * scale);
  return sign | (((exponent + 15) << 10) + significand - 1024);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return exponent === 0 ? sign * fraction * HALF_SUBNORMAL : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
