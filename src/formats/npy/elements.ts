/** @file How elements are stored in .npy files, by NumPy's type codes. Browser-safe. */

import { halfToNumber } from "../../io/half-float.ts";
import type { NpyData, NpyDtype } from "./npy-array.ts";
import { LONGEST_TEXT } from "./limits.ts";

export interface ElementType {
  readonly dtype: NpyDtype;
  /** The bytes of one element. */
  readonly bytes: number;
  /** Reads `count` elements from the start of `view`. */
  read(view: DataView, count: number, littleEndian: boolean): NpyData;
}

type ReadOne<V> = (view: DataView, at: number, littleEndian: boolean) => V;

interface Elements<V> {
  readonly length: number;
  [i: number]: V;
}

/** A type whose elements are numbers of `bytes` bytes each, `parts` of them to an element. */
function numbers<V>(
  dtype: NpyDtype,
  make: (count: number) => Elements<V> & NpyData,
  bytes: number,
  one: ReadOne<V>,
  parts = 1,
): ElementType {
  return {
    dtype,
    bytes: bytes * parts,
    read(view, count, littleEndian) {
      const data = make(count * parts);
      const elements: Elements<V> = data;
      for (let i = 0; i < elements.length; i++) elements[i] = one(view, i * bytes, littleEndian);
      return data;
    },
  };
}

const float32: ReadOne<number> = (view, at, littleEndian) => view.getFloat32(at, littleEndian);
const float64: ReadOne<number> = (view, at, littleEndian) => view.getFloat64(at, littleEndian);
const uint8: ReadOne<number> = (view, at) => view.getUint8(at);

/** By kind and bytes, as in `<f4`. */
const NUMBERS: ReadonlyMap<string, ElementType> = new Map([
  [
    "b1",
    numbers(
      "bool",
      (n) => new Uint8Array(n),
      1,
      (view, at) => Number(view.getUint8(at) !== 0),
    ),
  ],
  [
    "i1",
    numbers(
      "int8",
      (n) => new Int8Array(n),
      1,
      (view, at) => view.getInt8(at),
    ),
  ],
  [
    "i2",
    numbers(
      "int16",
      (n) => new Int16Array(n),
      2,
      (view, at, little) => view.getInt16(at, little),
    ),
  ],
  [
    "i4",
    numbers(
      "int32",
      (n) => new Int32Array(n),
      4,
      (view, at, little) => view.getInt32(at, little),
    ),
  ],
  [
    "i8",
    numbers(
      "int64",
      (n) => new BigInt64Array(n),
      8,
      (view, at, little) => view.getBigInt64(at, little),
    ),
  ],
  ["u1", numbers("uint8", (n) => new Uint8Array(n), 1, uint8)],
  [
    "u2",
    numbers(
      "uint16",
      (n) => new Uint16Array(n),
      2,
      (view, at, little) => view.getUint16(at, little),
    ),
  ],
  [
    "u4",
    numbers(
      "uint32",
      (n) => new Uint32Array(n),
      4,
      (view, at, little) => view.getUint32(at, little),
    ),
  ],
  [
    "u8",
    numbers(
      "uint64",
      (n) => new BigUint64Array(n),
      8,
      (view, at, little) => view.getBigUint64(at, little),
    ),
  ],
  [
    "f2",
    numbers(
      "float16",
      (n) => new Float32Array(n),
      2,
      (view, at, little) => halfToNumber(view.getUint16(at, little)),
    ),
  ],
  ["f4", numbers("float32", (n) => new Float32Array(n), 4, float32)],
  ["f8", numbers("float64", (n) => new Float64Array(n), 8, float64)],
  ["c8", numbers("complex64", (n) => new Float32Array(n), 4, float32, 2)],
  ["c16", numbers("complex128", (n) => new Float64Array(n), 8, float64, 2)],
]);

/** Types that are not read, in words. */
const OTHERS: Readonly<Record<string, string>> = {
  O: "Python objects, which are pickles and could run code when they are read; save numbers or text",
  V: "structures or raw bytes; save each field as an array of its own",
  M: "dates; save them as numbers",
  m: "times; save them as numbers",
  f: "floating-point numbers of this machine's own size; save float64",
  c: "complex numbers of this machine's own size; save complex128",
};

/**
 * Looks up a type code without its byte order.
 * @returns the type, or why there is none
 */
export function elementType(code: string): ElementType | string {
  const known = NUMBERS.get(code);
  if (known) return known;
  const kind = code.slice(0, 1);
  const length = Number(code.slice(1));
  if (kind === "U" || kind === "S") return textType(kind, length);
  return Object.hasOwn(OTHERS, kind) ? `it holds ${OTHERS[kind]}` : "its type is unknown";
}

function textType(kind: "U" | "S", length: number): ElementType | string {
  if (!Number.isInteger(length) || length < 1 || length > LONGEST_TEXT) {
    return `its texts have ${length} letters; those of 1 to ${LONGEST_TEXT} are read`;
  }
  return kind === "U"
    ? {
        dtype: "str",
        bytes: 4 * length,
        read: (view, count, little) => texts(view, count, length, 4, little),
      }
    : { dtype: "bytes", bytes: length, read: (view, count, little) => texts(view, count, length, 1, little) };
}

/** Texts of a fixed length, in code points or bytes, padded with zeros. */
function texts(view: DataView, count: number, length: number, bytes: 1 | 4, littleEndian: boolean): string[] {
  return Array.from({ length: count }, (_, i) => {
    let text = "";
    let zeros = 0;
    for (let letter = 0; letter < length; letter++) {
      const at = (i * length + letter) * bytes;
      const code = bytes === 4 ? view.getUint32(at, littleEndian) : view.getUint8(at);
      if (code === 0) {
        zeros++;
        continue;
      }
      text += "\0".repeat(zeros) + String.fromCodePoint(code > 0x10ffff ? 0xfffd : code);
      zeros = 0;
    }
    return text;
  });
}
