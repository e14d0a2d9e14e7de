/**
 * @file Reads NumPy's .npy files (numpy.lib.format, versions 1.0 to 3.0): a header with type, order and shape, then the elements.
 * A length is believed once it fits the bytes there are. Browser-safe.
 */

import { AuricleError } from "../../errors.ts";
import { shownValue } from "../../shown-value.ts";
import { formatShape, sizeOf, type Shape } from "../../tensor/shape.ts";
import type { NpyArray, NpyData } from "./npy-array.ts";
import { readHeader, type Fault } from "./read-header.ts";

/**
 * Reads an array: of numbers, truth values, text, big- or little-endian, in C's or Fortran's order; it is row-major then.
 * @param bytes the file's content
 * @param file the file's name, for messages
 * @throws AuricleError "file" when it is not whole, holds more than one array, or holds Python objects, structures, dates or
 *   numbers of a machine's own size
 */
export function readNpy(bytes: Uint8Array, file: string): NpyArray {
  const fault: Fault = (problem) =>
    new AuricleError("file", `${file}: not an array that can be read: ${problem}`);
  const { type, littleEndian, isFortran, shape, length } = readHeader(bytes, fault);
  const count = sizeOf(shape);
  const have = bytes.length - length;
  const wanted = count * type.bytes;
  // Also for 0 times the Infinity of a senseless shape, which is NaN.
  if (wanted !== have) {
    const reason = wanted > have ? "it is cut short" : "it has more than one array";
    throw fault(
      `${type.dtype} of shape ${formatShape(shape)} takes ${wanted} bytes; got ${shownValue(have)} after the header: ${reason}`,
    );
  }
  const data = type.read(new DataView(bytes.buffer, bytes.byteOffset + length, have), count, littleEndian);
  const parts = count === 0 ? 1 : data.length / count;
  return {
    shape,
    dtype: type.dtype,
    data: isFortran && shape.length > 1 ? rowMajor(data, shape, parts) : data,
  };
}

/** The elements of column-major data in row-major order, each of `parts` numbers. */
function rowMajor(data: NpyData, shape: Shape, parts: number): NpyData {
  const source = columnMajorIndices(shape);
  if (Array.isArray(data)) return Array.from(source, (index) => data[index]);
  const sorted = data.slice();
  source.forEach((index, i) => {
    for (let part = 0; part < parts; part++) sorted[i * parts + part] = data[index * parts + part];
  });
  return sorted;
}

/** For each element in row-major order, its place in column-major order. */
function columnMajorIndices(shape: Shape): Uint32Array {
  const indices = new Uint32Array(sizeOf(shape));
  let stride = 1;
  const strides = shape.map((length) => {
    const own = stride;
    stride *= length;
    return own;
  });
  const at = new Array<number>(shape.length).fill(0);
  let index = 0;
  for (let i = 0; i < indices.length; i++) {
    indices[i] = index;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index += strides[axis];
      if (++at[axis] < shape[axis]) break;
      index -= strides[axis] * shape[axis];
      at[axis] = 0;
    }
  }
  return indices;
}
