/**
 * @file Reader of LevelDB's table format, in which TensorFlow keeps the index of a checkpoint
 * (https://github.com/google/leveldb/blob/main/doc/table_format.md): sorted keys with values, in blocks. Browser-safe.
 *
 *     blocks   entries; restarts, the offsets of keys that are whole: uint32 each; their count: uint32
 *              entry = bytes shared with the key before, further bytes of the key, bytes of the value: varints; both
 *              behind each block: 0 (not compressed), and its masked CRC-32C
 *     footer   handles (offset and length, varints) of the block of metadata and of the index block, padded to 40 bytes; 8 bytes
 *              of signature
 *
 * The index block has the handle of each other block as a value.
 */

import { BinaryReader } from "@bufbuild/protobuf/wire";
import type { AuricleError } from "../../errors.ts";
import { viewOf } from "../../io/byte-text.ts";
import { crc32c } from "../../io/crc32.ts";
import { LONGEST_NAME, MOST_VARIABLES } from "./limits.ts";

/** Makes an error that names the file. */
export type Fault = (problem: string, cause?: unknown) => AuricleError;

export interface TableEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Bytes of the file from `start` on. */
interface Handle {
  readonly start: number;
  readonly length: number;
}

const FOOTER_BYTES = 48;
const SIGNATURE = 0xdb4775248b80fb57n;
/** Behind a block: its kind of compression, and a checksum. */
const TRAILER_BYTES = 5;

/**
 * Reads all entries of a table, in their order.
 * @throws AuricleError "file" when the table is truncated or damaged, has compressed blocks, or keys out of order
 */
export function readTable(bytes: Uint8Array, fault: Fault): readonly TableEntry[] {
  if (bytes.length < FOOTER_BYTES) {
    throw fault(`an index must have at least ${FOOTER_BYTES} bytes; got ${bytes.length}; is it truncated?`);
  }
  const footer = bytes.length - FOOTER_BYTES;
  if (viewOf(bytes).getBigUint64(bytes.length - 8, true) !== SIGNATURE) {
    throw fault("it does not end as an index of TensorFlow's checkpoints does; is it truncated?");
  }
  const handles = new BinaryReader(bytes.subarray(footer, bytes.length - 8));
  readHandle(handles, fault);
  const index = readHandle(handles, fault);
  const entries: TableEntry[] = [];
  let end = 0;
  for (const { value } of entriesOf(blockAt(bytes, index, footer, fault), fault)) {
    const handle = readHandle(new BinaryReader(value), fault);
    if (handle.start < end) throw fault("blocks of its index overlap");
    end = handle.start + handle.length;
    for (const entry of entriesOf(blockAt(bytes, handle, footer, fault), fault)) {
      const before = entries.at(-1);
      if (before && !isBefore(before.key, entry.key)) throw fault("the names in its index are not in order");
      if (entries.length === MOST_VARIABLES) throw fault(`it must have at most ${MOST_VARIABLES} variables`);
      entries.push(entry);
    }
  }
  return entries;
}

/** Compares keys by their bytes. */
function isBefore(first: Uint8Array, second: Uint8Array): boolean {
  const length = Math.min(first.length, second.length);
  for (let i = 0; i < length; i++) if (first[i] !== second[i]) return first[i] < second[i];
  return first.length < second.length;
}

function readHandle(reader: BinaryReader, fault: Fault): Handle {
  try {
    return { start: Number(reader.uint64()), length: Number(reader.uint64()) };
  } catch (cause) {
    throw fault("the place of a block in its index is damaged", cause);
  }
}

/** The content of a block, its checksum checked. */
function blockAt(bytes: Uint8Array, { start, length }: Handle, end: number, fault: Fault): Uint8Array {
  if (!(start + length + TRAILER_BYTES <= end))
    throw fault("a block of its index lies beyond the file's end");
  const checked = bytes.subarray(start, start + length + 1);
  const sum = viewOf(bytes).getUint32(start + length + 1, true);
  if (sum !== maskedChecksum(checked)) throw fault("a block of its index does not match its checksum");
  const compression = bytes[start + length];
  if (compression !== 0) {
    throw fault(
      `a block of its index is compressed (kind ${compression}), and such indices are not read; write the checkpoint anew ` +
        "with tf.train.Checkpoint, which does not compress",
    );
  }
  return checked.subarray(0, length);
}

/** LevelDB's way of storing a CRC-32C: rotated by 15 bits, and moved, since sums of sums are weak. */
export function maskedChecksum(bytes: Uint8Array): number {
  const sum = crc32c(bytes);
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}

function* entriesOf(block: Uint8Array, fault: Fault): Generator<TableEntry> {
  const end = endOfEntries(block, fault);
  const reader = new BinaryReader(block.subarray(0, end));
  let key = new Uint8Array();
  while (reader.pos < end) {
    const [shared, further, length] = readLengths(reader, fault);
    const start = reader.pos + further;
    if (shared > key.length || !(start + length <= end)) throw fault("an entry of its index is damaged");
    if (shared + further > LONGEST_NAME) throw fault(`names must have at most ${LONGEST_NAME} bytes`);
    const next = new Uint8Array(shared + further);
    next.set(key.subarray(0, shared));
    next.set(block.subarray(reader.pos, start), shared);
    key = next;
    reader.pos = start + length;
    yield { key, value: block.subarray(start, start + length) };
  }
}

function endOfEntries(block: Uint8Array, fault: Fault): number {
  if (block.length < 4) throw fault("a block of its index is too short");
  const restarts = viewOf(block).getUint32(block.length - 4, true);
  const end = block.length - 4 - 4 * restarts;
  if (end < 0) throw fault("a block of its index is damaged");
  return end;
}

function readLengths(reader: BinaryReader, fault: Fault): [shared: number, further: number, length: number] {
  try {
    return [reader.uint32(), reader.uint32(), reader.uint32()];
  } catch (cause) {
    throw fault("an entry of its index is damaged", cause);
  }
}
