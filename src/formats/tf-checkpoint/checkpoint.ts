/**
 * @file Reader of TensorFlow's checkpoints, of versions 1 and 2 ("tensor bundles"): `<prefix>.index`, a table that names variables,
 * and `<prefix>.data-00000-of-00001`, their values, little-endian. No graph is needed, and no code is run. Browser-safe.
 */

import { AuricleError } from "../../errors.ts";
import { viewOf } from "../../io/byte-text.ts";
import { closestName } from "../../closest-name.ts";
import { shownValue } from "../../shown-value.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { LARGEST_INDEX, MOST_SHARDS } from "./limits.ts";
import { maskedChecksum, readTable, type Fault } from "./table.ts";
import { readEntry, readHeader, type VariableEntry } from "./variable-entry.ts";

/** The index of a checkpoint. */
export interface Checkpoint {
  /** By name, in the order of names; what is no number (a TF2 checkpoint's graph of objects) included. */
  readonly variables: ReadonlyMap<string, VariableEntry>;
  /** How many data files belong to it. */
  readonly shards: number;
  /** The file's name, for messages. */
  readonly file: string;
}

/** TensorFlow's name of a data file, without the checkpoint's prefix. */
export function shardName(shard: number, shards: number): string {
  const digits = (value: number) => String(value).padStart(5, "0");
  return `.data-${digits(shard)}-of-${digits(shards)}`;
}

/**
 * Reads the index of a checkpoint.
 * @param file the file's name, for messages
 * @throws AuricleError "file" when it is truncated, damaged or compressed, names a variable that cannot be, or gives bytes
 *   to two variables
 */
export function readCheckpointIndex(index: Uint8Array, file: string): Checkpoint {
  const fault: Fault = (problem, cause) => new AuricleError("file", `${file}: ${problem}`, { cause });
  if (index.length > LARGEST_INDEX) {
    throw fault(`an index must have at most ${LARGEST_INDEX} bytes; got ${index.length}`);
  }
  const entries = readTable(index, fault);
  // The header is stored under the empty name, which comes before all others.
  if (entries.length === 0 || entries[0].key.length > 0) throw fault("its index has no header");
  const shards = readHeader(entries[0].value, fault);
  if (shards > MOST_SHARDS) throw fault(`it must have at most ${MOST_SHARDS} data files; got ${shards}`);
  const variables = new Map<string, VariableEntry>();
  for (const { key, value } of entries.slice(1)) {
    const name = nameOf(key);
    // The parts of a variable that was stored in parts: the variable itself is listed under its name.
    if (name === undefined) continue;
    const ofVariable: Fault = (problem, cause) => fault(`variable ${shownValue(name)}: ${problem}`, cause);
    const entry = readEntry(value, ofVariable);
    if (entry.shard >= shards) throw ofVariable(`its data file is number ${entry.shard} of ${shards}`);
    variables.set(name, entry);
  }
  checkPlaces(variables, fault);
  return { variables, shards, file };
}

/** Keys of parts are no text: they hold the zero bytes of an ordered code. */
function nameOf(key: Uint8Array): string | undefined {
  try {
    // A copy, since a browser's decoder refuses shared memory.
    return key.includes(0) ? undefined : new TextDecoder("utf-8", { fatal: true }).decode(key.slice());
  } catch {
    return undefined;
  }
}

/** Many variables with the same bytes would make a small file fill the memory. */
function checkPlaces(variables: ReadonlyMap<string, VariableEntry>, fault: Fault): void {
  // What holds no bytes, such as a variable that was stored in parts, is at no place.
  const placed = [...variables].filter(([, { bytes }]) => bytes > 0);
  const inOrder = placed.sort(([, a], [, b]) => a.shard - b.shard || a.offset - b.offset);
  let last: VariableEntry | undefined;
  for (const [name, entry] of inOrder) {
    if (last && last.shard === entry.shard && entry.offset < last.offset + last.bytes) {
      throw fault(`variable ${shownValue(name)}: its values overlap those of another`);
    }
    last = entry;
  }
}

const FLOAT32 = 1;
const BYTES_OF_FLOAT32 = 4;

/** Other types by TensorFlow's numbers, for messages. */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  2: "float64",
  3: "int32",
  4: "uint8",
  6: "int8",
  7: "string",
  9: "int64",
  10: "bool",
  14: "bfloat16",
  19: "float16",
};

/**
 * Reads a variable of float32, in which TensorFlow keeps weights.
 * @param shards the content of the data files, in their order
 * @throws AuricleError "file" when there is no such variable, it is of another type or in parts, its values lie beyond the end
 *   of their file, or do not fit their checksum or its shape
 */
export function readVariable(
  checkpoint: Checkpoint,
  name: string,
  shards: readonly Uint8Array[],
): FloatArray {
  const entry = checkpoint.variables.get(name);
  const fault = (problem: string) =>
    new AuricleError("file", `${checkpoint.file}: variable ${shownValue(name)}: ${problem}`);
  if (!entry) {
    const closest = closestName(name, [...checkpoint.variables.keys()]);
    throw fault(`there is none of this name${closest ? `; the nearest is ${shownValue(closest)}` : ""}`);
  }
  const { dtype, shape, shard, offset, bytes, checksum, isPartitioned } = entry;
  if (isPartitioned) throw fault("it was stored in parts, and such are not read: store it whole");
  if (dtype !== FLOAT32) {
    throw fault(`must be of float32; got ${TYPE_NAMES[dtype] ?? `TensorFlow's type number ${dtype}`}`);
  }
  if (bytes !== BYTES_OF_FLOAT32 * sizeOf(shape)) {
    throw fault(
      `its shape [${shape.join(",")}] needs ${BYTES_OF_FLOAT32 * sizeOf(shape)} bytes; got ${bytes}`,
    );
  }
  const data = shards[shard];
  if (!(offset + bytes <= (data?.length ?? 0))) {
    throw fault(
      `its values end at byte ${offset + bytes} of a data file of ${data?.length ?? 0}; is it truncated?`,
    );
  }
  const stored = data.subarray(offset, offset + bytes);
  if (maskedChecksum(stored) !== checksum)
    throw fault("its values do not fit their checksum: the file is damaged");
  const view = viewOf(stored);
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(BYTES_OF_FLOAT32 * i, true);
  return { shape, data: values };
}
