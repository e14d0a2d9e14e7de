/** @file Writes a state dict as `torch.save` does, so that `torch.load` reads it with `weights_only=True`. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { dtypeOf, type NumericArray } from "../../tensor/array.ts";
import { stridesOf } from "../../tensor/shape.ts";
import { writeZip } from "../zip/write-zip.ts";

/** The folder in the archive, which may be called anything. */
const FOLDER = "archive";

/** Storages begin at multiples of this, as PyTorch has them, so that they can be mapped into memory. */
const ALIGNMENT = 64;

/** Opcodes of pickle protocol 2. */
const PROTOCOL = [0x80, 2];
const [MARK, TUPLE, EMPTY_TUPLE, REDUCE, SET_ITEMS, STOP, GLOBAL, PERSISTENT, TEXT, INT, FALSE] = [
  ..."(t)Ru.cQXJ",
]
  .map((letter) => letter.charCodeAt(0))
  .concat(0x89);

/** Writes an OrderedDict of tensors in the order given: float32 as FloatStorage, int32 as int64, which PyTorch counts in. */
export function writeTorchArchive(tensors: ReadonlyMap<string, NumericArray>): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [...PROTOCOL, ...name("collections", "OrderedDict"), EMPTY_TUPLE, REDUCE, MARK];
  const storages: [string, Uint8Array][] = [];
  for (const [key, tensor] of tensors) {
    const isFloat = dtypeOf(tensor) === "float32";
    const storage = String(storages.length);
    bytes.push(...text(key), ...name("torch._utils", "_rebuild_tensor_v2"), MARK);
    bytes.push(
      MARK,
      ...text("storage"),
      ...name("torch", isFloat ? "FloatStorage" : "LongStorage"),
      ...text(storage),
    );
    bytes.push(...text("cpu"), ...int(tensor.data.length), TUPLE, PERSISTENT, ...int(0));
    bytes.push(...tuple(tensor.shape), ...tuple(stridesOf(tensor.shape)), FALSE);
    bytes.push(...name("collections", "OrderedDict"), EMPTY_TUPLE, REDUCE, TUPLE, REDUCE);
    storages.push([`${FOLDER}/data/${storage}`, littleEndian(tensor)]);
  }
  bytes.push(SET_ITEMS, STOP);
  const encoder = new TextEncoder();
  return writeZip(
    [
      [`${FOLDER}/data.pkl`, Uint8Array.from(bytes)],
      [`${FOLDER}/byteorder`, encoder.encode("little")],
      ...storages,
      [`${FOLDER}/version`, encoder.encode("3\n")],
    ],
    { alignment: ALIGNMENT },
  );
}

function name(module: string, member: string): number[] {
  return [GLOBAL, ...new TextEncoder().encode(`${module}\n${member}\n`)];
}

function text(value: string): number[] {
  const encoded = new TextEncoder().encode(value);
  return [TEXT, ...word(encoded.length), ...encoded];
}

function int(value: number): number[] {
  if (value > 0x7fffffff)
    throw new AuricleError("argument", `pytorch: a tensor must have below 2³¹ elements; got ${value}`);
  return [INT, ...word(value)];
}

function word(value: number): number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255];
}

function tuple(values: readonly number[]): number[] {
  return [MARK, ...values.flatMap(int), TUPLE];
}

function littleEndian({ data }: NumericArray): Uint8Array {
  const isFloat = data instanceof Float32Array;
  const bytes = new Uint8Array(data.length * (isFloat ? 4 : 8));
  const view = new DataView(bytes.buffer);
  data.forEach((value: number, i: number) => {
    if (isFloat) view.setFloat32(4 * i, value, true);
    else view.setBigInt64(8 * i, BigInt(value), true);
  });
  return bytes;
}
