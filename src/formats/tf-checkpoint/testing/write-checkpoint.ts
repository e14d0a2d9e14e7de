/** @file Writes checkpoints as TensorFlow does, for tests: also ones that it would not write. */

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { maskedChecksum } from "../table.ts";

/** The content of a checkpoint with one data file. */
export interface WrittenCheckpoint {
  readonly index: Uint8Array;
  readonly data: Uint8Array;
}

/** Writes variables of float32, in any order. */
export function writeCheckpoint(
  variables: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>>,
): WrittenCheckpoint {
  const names = Object.keys(variables).sort();
  const bytes = names.map((name) => new Uint8Array(Float32Array.from(variables[name].data).buffer));
  const data = joined(bytes);
  let offset = 0;
  const entries = names.map((name, i): [string, Uint8Array] => {
    const message = entryMessage({ dtype: 1, shape: variables[name].shape, offset, values: bytes[i] });
    offset += bytes[i].length;
    return [name, message];
  });
  return { index: writeTable([["", headerMessage(1)], ...entries]), data };
}

/** The message BundleHeaderProto. */
export function headerMessage(shards: number): Uint8Array {
  return new BinaryWriter().tag(1, WireType.Varint).uint32(shards).finish();
}

/** The message BundleEntryProto. */
export function entryMessage(entry: {
  readonly dtype: number;
  readonly shape: readonly (number | bigint)[];
  readonly offset: number;
  readonly values: Uint8Array;
  /** Default: the length of `values`. */
  readonly bytes?: number;
}): Uint8Array {
  const { dtype, shape, offset, values, bytes = values.length } = entry;
  const axes = new BinaryWriter();
  for (const length of shape) {
    axes.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.Varint).uint64(String(length)).join();
  }
  return new BinaryWriter()
    .tag(1, WireType.Varint)
    .uint32(dtype)
    .tag(2, WireType.LengthDelimited)
    .bytes(axes.finish())
    .tag(4, WireType.Varint)
    .uint64(String(offset))
    .tag(5, WireType.Varint)
    .uint64(String(bytes))
    .tag(6, WireType.Bit32)
    .fixed32(maskedChecksum(values))
    .finish();
}

/**
 * Writes a table whose checksums are right, with blocks of so many entries.
 * @param entries keys and values in the order in which they are written
 */
export function writeTable(
  entries: readonly (readonly [string, Uint8Array])[],
  entriesInBlock = 16,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  const place = (block: Uint8Array): Uint8Array => {
    const content = joined([block, Uint8Array.of(0)]);
    const handle = new BinaryWriter().uint64(String(length)).uint64(String(block.length)).finish();
    parts.push(content, new BinaryWriter().fixed32(maskedChecksum(content)).finish());
    length += content.length + 4;
    return handle;
  };
  const handles: [string, Uint8Array][] = [];
  for (let first = 0; first < entries.length; first += entriesInBlock) {
    const inBlock = entries.slice(first, first + entriesInBlock);
    handles.push([inBlock.at(-1)?.[0] ?? "", place(writeBlock(inBlock))]);
  }
  const footer = new Uint8Array(48);
  footer.set(joined([place(writeBlock([])), place(writeBlock(handles))]));
  new DataView(footer.buffer).setBigUint64(40, 0xdb4775248b80fb57n, true);
  return joined([...parts, footer]);
}

/** Each key is stored as what differs from the one before it. */
function writeBlock(entries: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const writer = new BinaryWriter();
  let before = "";
  for (const [key, value] of entries) {
    let shared = 0;
    while (shared < Math.min(before.length, key.length) && before[shared] === key[shared]) shared++;
    const further = new TextEncoder().encode(key.slice(shared));
    writer.uint32(shared).uint32(further.length).uint32(value.length).raw(further).raw(value);
    before = key;
  }
  // One restart, at the beginning.
  return writer.fixed32(0).fixed32(1).finish();
}

/** The bytes of all, one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
