/** @file Shapes, types and values in an HDF5 file (format specification 3.0, sections IV.A.2.b, d, m). Browser-safe. */
import { halfToNumber } from "../../io/half-float.ts";
import type { Hdf5Bytes } from "./hdf5-bytes.ts";

/** The lengths of an array; of a single value none. */
export function readShape(source: Hdf5Bytes, at: number): number[] {
  const [version, rank] = [source.byte(at), source.byte(at + 1)];
  if (version !== 1 && version !== 2) throw source.fault(`a shape has version ${version}`);
  if (rank > 32) throw source.fault(`an array has ${rank} axes`);
  if (version === 2 && source.byte(at + 3) === 2) return [0];
  const first = at + (version === 1 ? 8 : 4);
  return Array.from({ length: rank }, (_, axis) => source.long(first + 8 * axis));
}

export type Hdf5Type =
  | { readonly kind: "number"; readonly bytes: number; readonly read: (view: DataView, at: number) => number }
  | { readonly kind: "text"; readonly bytes: number }
  /** A text of any length, which stands elsewhere. */
  | { readonly kind: "longText"; readonly bytes: number }
  | { readonly kind: "other"; readonly bytes: number; readonly name: string };

const CLASSES = [
  "integer",
  "float",
  "time",
  "text",
  "bits",
  "opaque",
  "compound",
  "reference",
  "enum",
  "list",
  "array",
];

export function readType(source: Hdf5Bytes, at: number): Hdf5Type {
  const kind = source.byte(at) & 15;
  const flags = source.byte(at + 1);
  const bytes = source.word(at + 4);
  if (kind === 3) return { kind: "text", bytes };
  if (kind === 9 && (flags & 15) === 1) return { kind: "longText", bytes: 16 };
  const isLittle = (flags & 1) === 0;
  const read =
    kind === 0
      ? integer(bytes, isLittle, (flags & 8) !== 0)
      : kind === 1
        ? float(bytes, isLittle)
        : undefined;
  if (read) return { kind: "number", bytes, read };
  return { kind: "other", bytes, name: CLASSES[kind] ?? `type ${kind}` };
}

type ReadNumber = (view: DataView, at: number) => number;

function float(bytes: number, little: boolean): ReadNumber | undefined {
  if (bytes === 4) return (view, at) => view.getFloat32(at, little);
  if (bytes === 8) return (view, at) => view.getFloat64(at, little);
  if (bytes === 2) return (view, at) => halfToNumber(view.getUint16(at, little));
  return undefined;
}

function integer(bytes: number, little: boolean, signed: boolean): ReadNumber | undefined {
  if (bytes === 1) return signed ? (view, at) => view.getInt8(at) : (view, at) => view.getUint8(at);
  if (bytes === 2) return (view, at) => (signed ? view.getInt16(at, little) : view.getUint16(at, little));
  if (bytes === 4) return (view, at) => (signed ? view.getInt32(at, little) : view.getUint32(at, little));
  if (bytes === 8) {
    return (view, at) => Number(signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little));
  }
  return undefined;
}

/** The values of an attribute. */
export type AttributeValue = string | readonly string[] | readonly number[];

/** Reads an attribute's name and where its parts are. */
export function readAttribute(
  source: Hdf5Bytes,
  at: number,
): { readonly name: string; value(): AttributeValue } {
  const version = source.byte(at);
  if (version < 1 || version > 3) throw source.fault(`an attribute has version ${version}`);
  const [nameBytes, typeBytes, spaceBytes] = [
    source.short(at + 2),
    source.short(at + 4),
    source.short(at + 6),
  ];
  const padded = (bytes: number) => (version === 1 ? Math.ceil(bytes / 8) * 8 : bytes);
  const nameAt = at + (version === 3 ? 9 : 8);
  const typeAt = nameAt + padded(nameBytes);
  const spaceAt = typeAt + padded(typeBytes);
  const dataAt = spaceAt + padded(spaceBytes);
  return {
    name: source.text(nameAt, nameBytes),
    value: () => valuesAt(source, readType(source, typeAt), readShape(source, spaceAt), dataAt),
  };
}

function valuesAt(source: Hdf5Bytes, type: Hdf5Type, shape: readonly number[], at: number): AttributeValue {
  const count = shape.reduce((product, length) => product * length, 1);
  source.require(at, count * type.bytes);
  if (type.bytes === 0 && count > 0) throw source.fault("a value has no bytes");
  const view = new DataView(source.bytes.buffer, source.bytes.byteOffset, source.bytes.byteLength);
  const place = (i: number) => at + i * type.bytes;
  if (type.kind === "number") return Array.from({ length: count }, (_, i) => type.read(view, place(i)));
  if (type.kind === "other") throw source.unsupported(`has an attribute of ${type.name}s`);
  const texts = Array.from({ length: count }, (_, i) =>
    type.kind === "text" ? source.text(place(i), type.bytes) : longText(source, place(i)),
  );
  return shape.length === 0 ? texts[0] : texts;
}

/** Reads a text from a global heap (section III.E). */
function longText(source: Hdf5Bytes, at: number): string {
  const [length, heap, index] = [source.word(at), source.long(at + 4), source.word(at + 12)];
  if (length === 0) return "";
  source.requireMark(heap, "GCOL");
  const end = heap + source.long(heap + 8);
  for (let object = heap + 16; object + 16 <= end;) {
    source.step();
    const [number, bytes] = [source.short(object), source.long(object + 8)];
    if (number === index) {
      if (length > bytes) throw source.fault("a text is longer than its place");
      source.take(length);
      return source.text(object + 16, length);
    }
    // The free space at the end has the number 0.
    if (number === 0) break;
    object += 16 + Math.ceil(bytes / 8) * 8;
  }
  throw source.fault(`a text of the heap at byte ${heap} is missing`);
}
