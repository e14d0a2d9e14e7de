/** @file The entry of a variable in an index: TensorFlow's messages BundleEntryProto and TensorShapeProto. Browser-safe. */

import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { sizeOf, type Shape } from "../../tensor/shape.ts";
import { LARGEST_VARIABLE, MOST_AXES } from "./limits.ts";
import type { Fault } from "./table.ts";

/** A variable, and where its values are. */
export interface VariableEntry {
  /** TensorFlow's number of its type of value. */
  readonly dtype: number;
  readonly shape: Shape;
  /** The number of the data file. */
  readonly shard: number;
  /** Its values' first byte in the data file, and their bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** The masked CRC-32C of its values. */
  readonly checksum: number;
  /** Whether it was stored in parts, which are entries of their own. */
  readonly isPartitioned: boolean;
}

/** Calls `read` for each field of a message; those that it does not take are passed over. */
function readFields(
  message: Uint8Array,
  read: (reader: BinaryReader, field: number, type: WireType) => boolean,
): void {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (!read(reader, field, type)) reader.skip(type, field);
  }
}

/**
 * Reads an entry.
 * @throws AuricleError "file" for a damaged one, and for a shape of too many axes or numbers
 */
export function readEntry(message: Uint8Array, fault: Fault): VariableEntry {
  const shape: number[] = [];
  const numbers = { dtype: 0, shard: 0, offset: 0, bytes: 0, checksum: 0 };
  let isPartitioned = false;
  try {
    readFields(message, (reader, field, type) => {
      const name = NUMBERS[field];
      if (name !== undefined && type === WireType.Varint) numbers[name] = Number(reader.uint64());
      else if (field === CHECKSUM && type === WireType.Bit32) numbers.checksum = reader.fixed32();
      else if (field === SHAPE && type === WireType.LengthDelimited) shape.push(...readShape(reader.bytes()));
      else {
        isPartitioned ||= field === SLICES;
        return false;
      }
      return true;
    });
  } catch (cause) {
    throw fault("its entry in the index is damaged", cause);
  }
  if (shape.length > MOST_AXES) throw fault(`it must have at most ${MOST_AXES} axes; got ${shape.length}`);
  if (!(sizeOf(shape) <= LARGEST_VARIABLE)) {
    throw fault(`it must have at most ${LARGEST_VARIABLE} numbers; its shape is [${shape.join(",")}]`);
  }
  return { ...numbers, shape, isPartitioned };
}

const NUMBERS: Readonly<Record<number, "dtype" | "shard" | "offset" | "bytes">> = {
  1: "dtype",
  3: "shard",
  4: "offset",
  5: "bytes",
};
const SHAPE = 2;
const CHECKSUM = 6;
const SLICES = 7;

/** Reads the lengths of a TensorShapeProto's axes; an axis of length 0 may be left out of its message. */
function readShape(message: Uint8Array): number[] {
  const lengths: number[] = [];
  readFields(message, (reader, field, type) => {
    if (field !== 2 || type !== WireType.LengthDelimited) return false;
    let length = 0;
    readFields(reader.bytes(), (axis, axisField, axisType) => {
      if (axisField !== 1 || axisType !== WireType.Varint) return false;
      // A negative length is a very large one here.
      length = Number(axis.uint64());
      return true;
    });
    lengths.push(length);
    return true;
  });
  return lengths;
}

/** The number of data files, by the message BundleHeaderProto. @throws AuricleError "file" for other byte orders. */
export function readHeader(message: Uint8Array, fault: Fault): number {
  let shards = 0;
  let byteOrder = 0;
  try {
    readFields(message, (reader, field, type) => {
      if (type !== WireType.Varint || field > 2) return false;
      const value = Number(reader.uint64());
      if (field === 1) shards = value;
      else byteOrder = value;
      return true;
    });
  } catch (cause) {
    throw fault("the header of its index is damaged", cause);
  }
  if (byteOrder !== 0)
    throw fault("it was written by a machine of the other byte order, and such are not read");
  return shards;
}
