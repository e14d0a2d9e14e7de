/** @file The elements of PyTorch's storages. Browser-safe. */

import { halfToNumber } from "../../io/half-float.ts";

/** A type of elements; in a network they become float32 or int32. */
export interface TorchType {
  /** PyTorch's name, such as `float16`. */
  readonly name: string;
  readonly bytes: number;
  readonly isFloat: boolean;
  read(view: DataView, at: number, littleEndian: boolean): number;
}

/** A bfloat16 is the upper half of a float32. */
const scratch = new DataView(new ArrayBuffer(4));

function bfloat16(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

const TYPES: readonly TorchType[] = [
  { name: "float32", bytes: 4, isFloat: true, read: (view, at, little) => view.getFloat32(at, little) },
  { name: "float64", bytes: 8, isFloat: true, read: (view, at, little) => view.getFloat64(at, little) },
  {
    name: "float16",
    bytes: 2,
    isFloat: true,
    read: (view, at, little) => halfToNumber(view.getUint16(at, little)),
  },
  {
    name: "bfloat16",
    bytes: 2,
    isFloat: true,
    read: (view, at, little) => bfloat16(view.getUint16(at, little)),
  },
  {
    name: "int64",
    bytes: 8,
    isFloat: false,
    read: (view, at, little) => Number(view.getBigInt64(at, little)),
  },
  { name: "int32", bytes: 4, isFloat: false, read: (view, at, little) => view.getInt32(at, little) },
  { name: "int16", bytes: 2, isFloat: false, read: (view, at, little) => view.getInt16(at, little) },
  { name: "int8", bytes: 1, isFloat: false, read: (view, at) => view.getInt8(at) },
  { name: "uint8", bytes: 1, isFloat: false, read: (view, at) => view.getUint8(at) },
  { name: "uint16", bytes: 2, isFloat: false, read: (view, at, little) => view.getUint16(at, little) },
  { name: "uint32", bytes: 4, isFloat: false, read: (view, at, little) => view.getUint32(at, little) },
  {
    name: "uint64",
    bytes: 8,
    isFloat: false,
    read: (view, at, little) => Number(view.getBigUint64(at, little)),
  },
  { name: "bool", bytes: 1, isFloat: false, read: (view, at) => Number(view.getUint8(at) !== 0) },
];

/** Types by PyTorch's names of dtypes. */
export const TORCH_TYPES: ReadonlyMap<string, TorchType> = new Map(TYPES.map((type) => [type.name, type]));

/** Types by the names of the classes of storages. */
export const STORAGE_TYPES: Readonly<Record<string, string>> = {
  FloatStorage: "float32",
  DoubleStorage: "float64",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
};
