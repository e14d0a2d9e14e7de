/** @file The numbers of tensors in an ONNX file, their count checked against their shape. */
import { AuricleError } from "../../errors.ts";
import { formatShape } from "../../tensor/shape.ts";
import { knownValue, type ElementType, type Value } from "../../nn/operations/value.ts";
import {
  TensorProto_DataType as DataType,
  TensorProto_DataLocation as Location,
  type TensorProto,
} from "../schema/onnx_pb.ts";
import { LIMITS } from "./limits.ts";

/** Element types by ONNX's numbers; those of fewer than 8 bits, complex numbers and texts are left out. */
const TYPES: Readonly<Record<number, ElementType>> = {
  [DataType.FLOAT]: "float32",
  [DataType.DOUBLE]: "float64",
  [DataType.FLOAT16]: "float16",
  [DataType.BFLOAT16]: "bfloat16",
  [DataType.INT8]: "int8",
  [DataType.INT16]: "int16",
  [DataType.INT32]: "int32",
  [DataType.INT64]: "int64",
  [DataType.UINT8]: "uint8",
  [DataType.UINT16]: "uint16",
  [DataType.UINT32]: "uint32",
  [DataType.UINT64]: "uint64",
  [DataType.BOOL]: "bool",
};

/** The name of a number in one of the schema's lists of names. */
export function nameIn(names: Readonly<Record<string, number>>, number: number): string {
  return Object.entries(names).find(([, value]) => value === number)?.[0] ?? `number ${number}`;
}

/** The element type of a number in an ONNX file; undefined where there is none here. */
export function elementType(type: number): ElementType | undefined {
  return TYPES[type];
}

/** @throws AuricleError "unsupported" for types that are not computed here. */
export function requireType(type: number, what: string): ElementType {
  const found = TYPES[type];
  if (found) return found;
  throw new AuricleError("unsupported", `${what} has elements of type ${nameIn(DataType, type)}`);
}

const BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  bool: 1,
};

/** Reads the numbers of tensors, all of which together may take so much memory. */
export class TensorReader {
  private numbers = 0;
  private readonly file: string;
  private readonly external: ReadonlyMap<string, Uint8Array>;

  /** @param external the files beside the model that hold numbers of it, by name */
  constructor(file: string, external: ReadonlyMap<string, Uint8Array>) {
    this.file = file;
    this.external = external;
  }

  /** @throws AuricleError "file" for a tensor whose numbers are not as many as its shape says, "unsupported" for other types. */
  read(tensor: TensorProto, what = `tensor ${JSON.stringify(tensor.name.slice(0, 80))}`): Value {
    const type = requireType(tensor.dataType, what);
    if (tensor.segment) throw this.error(what, "is in segments, which no exporter writes");
    const shape = this.shapeOf(tensor, what);
    const size = shape.reduce((product, length) => product * length, 1);
    this.numbers += size;
    if (!(size <= LIMITS.numbers && this.numbers <= LIMITS.numbers)) {
      throw this.error(
        what,
        `${formatShape(shape)} has more numbers than ${LIMITS.numbers}, all constants together`,
      );
    }
    const raw = tensor.dataLocation === Location.EXTERNAL ? this.externalBytes(tensor, what) : tensor.rawData;
    if (raw.length > 0) {
      this.checkCount(what, shape, raw.length / BYTES[type], size);
      return knownValue(fromRaw(raw, type, size), shape, type);
    }
    const listed = listedNumbers(tensor, type);
    this.checkCount(what, shape, listed.length, size);
    return knownValue(listed, shape, type);
  }

  private shapeOf({ dims }: TensorProto, what: string): number[] {
    if (dims.length > LIMITS.rank)
      throw this.error(what, `has ${dims.length} axes, more than ${LIMITS.rank}`);
    return dims.map((dim) => {
      if (dim >= 0n && dim <= BigInt(LIMITS.numbers)) return Number(dim);
      throw this.error(what, `has an axis of length ${dim}`);
    });
  }

  private checkCount(what: string, shape: readonly number[], count: number, size: number): void {
    if (count !== size)
      throw this.error(what, `${formatShape(shape)} must hold ${size} numbers; it has ${count}`);
  }

  private externalBytes({ externalData }: TensorProto, what: string): Uint8Array {
    const fields = new Map(externalData.map(({ key, value }) => [key, value]));
    const location = fields.get("location") ?? "";
    const bytes = this.external.get(location);
    if (!bytes) {
      throw this.error(
        what,
        `has its numbers in another file, ${JSON.stringify(location.slice(0, 80))}, which must lie beside the model`,
      );
    }
    const offset = Number(fields.get("offset") ?? 0);
    const length = fields.has("length") ? Number(fields.get("length")) : bytes.length - offset;
    const isInside =
      Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
    if (isInside && offset + length <= bytes.length) return bytes.subarray(offset, offset + length);
    throw this.error(
      what,
      `has its numbers at ${offset} to ${offset + length} of ${location}, which has ${bytes.length} bytes`,
    );
  }

  private error(what: string, text: string): AuricleError {
    return new AuricleError("file", `${this.file}: ${what} ${text}`);
  }
}

/** Numbers as they lie in memory, lowest byte first. */
function fromRaw(raw: Uint8Array, type: ElementType, size: number): Float64Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const result = new Float64Array(size);
  const step = BYTES[type];
  const get = READERS[type];
  for (let i = 0; i < size; i++) result[i] = get(view, i * step);
  return result;
}

const READERS: Readonly<Record<ElementType, (view: DataView, at: number) => number>> = {
  float32: (view, at) => view.getFloat32(at, true),
  float64: (view, at) => view.getFloat64(at, true),
  float16: (view, at) => halfFloat(view.getUint16(at, true)),
  bfloat16: (view, at) => brainFloat(view.getUint16(at, true)),
  int8: (view, at) => view.getInt8(at),
  int16: (view, at) => view.getInt16(at, true),
  int32: (view, at) => view.getInt32(at, true),
  int64: (view, at) => Number(view.getBigInt64(at, true)),
  uint8: (view, at) => view.getUint8(at),
  uint16: (view, at) => view.getUint16(at, true),
  uint32: (view, at) => view.getUint32(at, true),
  uint64: (view, at) => Number(view.getBigUint64(at, true)),
  bool: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
};

/** Numbers of the lists that each type has. */
function listedNumbers(tensor: TensorProto, type: ElementType): ArrayLike<number> {
  switch (type) {
    case "float32":
      return tensor.floatData;
    case "float64":
      return tensor.doubleData;
    case "int64":
      return Float64Array.from(tensor.int64Data, Number);
    case "uint32":
    case "uint64":
      return Float64Array.from(tensor.uint64Data, Number);
    case "float16":
      return tensor.int32Data.map(halfFloat);
    case "bfloat16":
      return tensor.int32Data.map(brainFloat);
    default:
      return tensor.int32Data;
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const word = new DataView(new ArrayBuffer(4));

function brainFloat(bits: number): number {
  word.setUint32(0, (bits & 0xffff) << 16);
  return word.getFloat32(0);
}
