/** @file Writes NumPy's .npy files: version 1.0, little-endian, row-major. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { viewOf } from "../../io/byte-text.ts";
import { shownValue } from "../../shown-value.ts";
import { formatShape, sizeOf, type Shape } from "../../tensor/shape.ts";
import { MAGIC } from "./read-header.ts";
import { isText, type NpyData } from "./npy-array.ts";

/** An array that can be written: its type follows from the class of the elements, and text becomes `<U…`. */
export interface WritableArray {
  readonly shape: Shape;
  readonly data: NpyData;
}

const DESCRIPTIONS: readonly (readonly [kind: { new (length: number): NpyData }, descr: string])[] = [
  [Int8Array, "|i1"],
  [Int16Array, "<i2"],
  [Int32Array, "<i4"],
  [BigInt64Array, "<i8"],
  [Uint8Array, "|u1"],
  [Uint16Array, "<u2"],
  [Uint32Array, "<u4"],
  [BigUint64Array, "<u8"],
  [Float32Array, "<f4"],
  [Float64Array, "<f8"],
];

/** The elements begin at a multiple of this, as NumPy has them. */
const ALIGNMENT = 64;
/** "\x93NUMPY", the version and the header's length. */
const PREFIX = 10;

/**
 * Writes an array. NumPy's `numpy.load` reads it without `allow_pickle`.
 * @throws AuricleError "shape" when the elements are not as many as the shape holds
 */
export function writeNpy({ shape, data }: WritableArray): Uint8Array<ArrayBuffer> {
  if (sizeOf(shape) !== data.length) {
    throw new AuricleError(
      "shape",
      `npy: shape ${formatShape(shape)} holds ${sizeOf(shape)} elements; got ${data.length}`,
    );
  }
  const [descr, content] = isText(data) ? encodeTexts(data) : [descriptionOf(data), littleEndian(data)];
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((PREFIX + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + content.length);
  const header = `${MAGIC}\x01\0\0\0${text.padEnd(start - PREFIX - 1)}\n`;
  for (let i = 0; i < header.length; i++) bytes[i] = header.charCodeAt(i);
  viewOf(bytes).setUint16(8, start - PREFIX, true);
  bytes.set(content, start);
  return bytes;
}

function descriptionOf(data: NpyData): string {
  const found = DESCRIPTIONS.find(([kind]) => data instanceof kind);
  if (!found)
    throw new AuricleError(
      "argument",
      `npy: elements must be a typed array or text; got ${shownValue(data)}`,
    );
  return found[1];
}

/** The elements' bytes; on the few machines that are big-endian each element's are turned round. */
function littleEndian(data: Exclude<NpyData, readonly string[]>): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  if (isLittle) return bytes;
  const turned = bytes.slice();
  for (let at = 0; at < turned.length; at += data.BYTES_PER_ELEMENT) {
    turned.subarray(at, at + data.BYTES_PER_ELEMENT).reverse();
  }
  return turned;
}

/** Texts in code points of 4 bytes each, padded with zeros to the longest. */
function encodeTexts(texts: readonly string[]): [descr: string, content: Uint8Array] {
  const letters = texts.map((text) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0));
  const longest = letters.reduce((most, { length }) => Math.max(most, length), 1);
  const content = new Uint8Array(4 * longest * texts.length);
  const view = viewOf(content);
  letters.forEach((codes, i) =>
    codes.forEach((code, letter) => view.setUint32(4 * (i * longest + letter), code, true)),
  );
  return [`<U${longest}`, content];
}
