/**
 * @file Reader and writer of the safetensors format (https://github.com/huggingface/safetensors): named
 * tensors and a map of text, in a file that can be checked completely before any of it is believed.
 *
 *     8 bytes   N, the header's length, unsigned little-endian
 *     N bytes   JSON, padded with spaces:
 *               {"__metadata__": {text: text}, name: {"dtype", "shape", "data_offsets"}, …}
 *     the rest  the tensors' values, row-major, little-endian; offsets count from here
 *
 * Nothing is allocated for a tensor until the whole header agrees with the file's length, so the result
 * takes at most four times the file's size, and a damaged file gives an AuricleError "file" saying where.
 */

import { AuricleError } from "../errors.ts";
import { halfToNumber } from "./half-float.ts";
import { dtypeOf, type NumericArray } from "../tensor/array.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { shownValue } from "../shown-value.ts";

/** The reference implementation's limit. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;
const METADATA_KEY = "__metadata__";
const SPACE = 0x20;

export interface SafetensorsFile {
  /** By name, in the order of their data in the file. */
  readonly tensors: ReadonlyMap<string, NumericArray>;
  /** The header's `__metadata__`; empty when it has none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Makes an error that names the file. */
type Fault = (problem: string, cause?: unknown) => AuricleError;

interface TensorEntry {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

interface StoredType {
  readonly bytes: number;
  /** Reads `count` values at `begin`; `fault` makes the error for a value i that does not fit. */
  read(
    view: DataView,
    begin: number,
    count: number,
    fault: (i: number, value: number | bigint) => AuricleError,
  ): Float32Array | Int32Array;
}

/** The dtypes that can be read, and what becomes of them: floats become float32, whole numbers int32. */
const STORED_TYPES: Readonly<Record<string, StoredType>> = {
  F32: { bytes: 4, read: (view, begin, count) => new Float32Array(readWords(view, begin, count).buffer) },
  I32: { bytes: 4, read: readWords },
  F16: {
    bytes: 2,
    read: (view, begin, count) =>
      Float32Array.from({ length: count }, (_, i) => halfToNumber(view.getUint16(begin + 2 * i, true))),
  },
  BF16: {
    bytes: 2,
    read(view, begin, count) {
      // A bfloat16 is the upper half of a float32.
      const words = Int32Array.from({ length: count }, (_, i) => view.getUint16(begin + 2 * i, true) << 16);
      return new Float32Array(words.buffer);
    },
  },
  F64: {
    bytes: 8,
    read: (view, begin, count, fault) =>
      Float32Array.from({ length: count }, (_, i) => {
        const value = view.getFloat64(begin + 8 * i, true);
        if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) throw fault(i, value);
        return value;
      }),
  },
  I64: {
    bytes: 8,
    read: (view, begin, count, fault) =>
      Int32Array.from({ length: count }, (_, i) => {
        const value = view.getBigInt64(begin + 8 * i, true);
        if (value !== BigInt.asIntN(32, value)) throw fault(i, value);
        return Number(value);
      }),
  },
  U8: {
    bytes: 1,
    read: (view, begin, count) => Int32Array.from({ length: count }, (_, i) => view.getUint8(begin + i)),
  },
};

/** 32-bit words as they are, so that every bit of a NaN survives, on machines of either byte order. */
function readWords(view: DataView, begin: number, count: number): Int32Array<ArrayBuffer> {
  const words = new Int32Array(count);
  for (let i = 0; i < count; i++) words[i] = view.getInt32(begin + 4 * i, true);
  return words;
}

/**
 * Reads a whole file. F32, F16, BF16 and F64 become float32; I32, I64 and U8 become int32.
 * @param bytes the file's content
 * @param file the file's name, for messages
 * @throws AuricleError "file" naming the file and, where there is one, the tensor: when the file is
 *   truncated or longer than its header says, the header is not JSON or holds a name twice, offsets overlap
 *   or leave gaps, a tensor's bytes do not fit its shape, a dtype is not one of those above, or a value
 *   does not fit float32 or int32
 */
export function readSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  const fault: Fault = (problem, cause) => new AuricleError("file", `${file}: ${problem}`, { cause });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart = LENGTH_BYTES + readHeaderLength(view, fault);
  const header = parseHeader(bytes, dataStart, fault);
  const entries = readEntries(header, fault);
  checkLayout(entries, bytes.length - dataStart, fault);
  const metadata = readMetadata(header, fault);

  const tensors = new Map<string, NumericArray>();
  for (const { name, type, shape, begin } of entries) {
    const data = type.read(view, dataStart + begin, sizeOf(shape), (i, value) => {
      const holder = typeof value === "bigint" ? "an int32" : "a float32";
      return fault(
        `tensor ${quote(name)}: every value must fit ${holder}; got ${shownValue(value)} at index ${i}`,
      );
    });
    tensors.set(name, { shape, data });
  }
  return { tensors, metadata };
}

function readHeaderLength(view: DataView, fault: Fault): number {
  if (view.byteLength < LENGTH_BYTES) {
    throw fault(
      `a safetensors file must have at least ${LENGTH_BYTES} bytes; got ${view.byteLength}; is it truncated?`,
    );
  }
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw fault(
      `the header must have at most ${MAX_HEADER_BYTES} bytes; got ${length}: is this a safetensors file? auricle import makes a model file of other programs' files`,
    );
  }
  if (Number(length) > view.byteLength - LENGTH_BYTES) {
    throw fault(
      `the header should have ${length} bytes; got ${view.byteLength - LENGTH_BYTES}; the file is truncated`,
    );
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array, end: number, fault: Fault): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    // A copy, since a browser's decoder refuses shared memory. The mark U+FEFF must not pass silently.
    const copy = new Uint8Array(bytes.subarray(LENGTH_BYTES, end));
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(copy);
    header = JSON.parse(text);
  } catch (cause) {
    throw fault("the header must be JSON in UTF-8; it is not", cause);
  }
  if (!isRecord(header)) throw fault(`the header must be a JSON object; got ${shownValue(header)}`);
  const duplicate = findDuplicateKey(text);
  if (duplicate !== undefined)
    throw fault(`each name must occur once in the header; got ${quote(duplicate)} twice`);
  return header;
}

/**
 * The first key that an object in a JSON text has twice: JSON.parse keeps the last and says nothing, so two
 * readers could see two different files.
 * @param text valid JSON, so that a string before a colon is a key of the innermost open object
 */
function findDuplicateKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "{") open.push(new Set());
    else if (text[i] === "}") open.pop();
    else if (text[i] === '"') {
      const begin = i++;
      while (text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
      let next = i + 1;
      while (" \t\r\n".includes(text[next])) next++;
      if (text[next] !== ":") continue;
      // Parsed, since "a" and "\u0061" are the same key.
      const key: string = JSON.parse(text.slice(begin, i + 1));
      const keys = open[open.length - 1];
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

function readMetadata(header: Record<string, unknown>, fault: Fault): Record<string, string> {
  if (!Object.hasOwn(header, METADATA_KEY)) return {};
  const metadata = header[METADATA_KEY];
  if (!isRecord(metadata)) throw fault(`${METADATA_KEY} must be a JSON object; got ${shownValue(metadata)}`);
  const texts = Object.entries(metadata).map(([key, value]): [string, string] => {
    if (typeof value !== "string") {
      throw fault(`${METADATA_KEY} must hold text only; got ${shownValue(value)} for ${quote(key)}`);
    }
    if ([key, value].some(hasLoneSurrogate)) throw fault(`${METADATA_KEY} must be valid Unicode; it is not`);
    return [key, value];
  });
  return Object.fromEntries(texts);
}

/** The header's tensors, each sound in itself, in the order of their data. */
function readEntries(header: Record<string, unknown>, fault: Fault): TensorEntry[] {
  return Object.entries(header)
    .filter(([name]) => name !== METADATA_KEY)
    .map(([name, value]) => {
      const tensorFault: Fault = (problem) => fault(`tensor ${quote(name)}: ${problem}`);
      if (hasLoneSurrogate(name)) throw tensorFault("a name must be valid Unicode; it is not");
      return readEntry(name, value, tensorFault);
    })
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
}

function readEntry(name: string, value: unknown, fault: Fault): TensorEntry {
  if (!isRecord(value)) throw fault(`its entry must be a JSON object; got ${shownValue(value)}`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(STORED_TYPES, dtype)) {
    throw fault(`dtype must be one of ${Object.keys(STORED_TYPES).join(", ")}; got ${shownValue(dtype)}`);
  }
  if (!isWholeNumbers(shape)) throw fault(`shape must be a list of whole numbers; got ${shownValue(shape)}`);
  if (!isWholeNumbers(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw fault(`data_offsets must be [begin,end] with begin <= end; got ${shownValue(offsets)}`);
  }
  const type = STORED_TYPES[dtype];
  const [begin, end] = offsets;
  // Beyond 2⁵³ the product is rounded, but then far beyond any file too.
  const wanted = sizeOf(shape) * type.bytes;
  if (wanted !== end - begin) {
    throw fault(
      `${dtype} of shape ${shownValue(shape)} takes ${wanted} bytes; ` +
        `data_offsets ${formatShape(offsets)} hold ${end - begin}`,
    );
  }
  return { name, type, shape, begin, end };
}

/**
 * Checks that the tensors fill the data exactly: no gap in which something could hide, no byte used twice.
 */
function checkLayout(entries: readonly TensorEntry[], dataBytes: number, fault: Fault): void {
  let filled = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== filled) {
      const problem =
        begin < filled ? "overlaps the tensor before it" : "leaves a gap after the tensor before it";
      throw fault(
        `tensor ${quote(name)}: its data ${problem}; it must begin at ${filled}; got ${shownValue(begin)}`,
      );
    }
    filled = end;
  }
  if (filled !== dataBytes) {
    const problem =
      dataBytes < filled ? "the file is truncated" : "the file has bytes that belong to no tensor";
    throw fault(
      `the tensors take ${filled} bytes; got ${shownValue(dataBytes)} after the header; ${problem}`,
    );
  }
}

/**
 * Writes float32 tensors as F32 and int32 tensors as I32. The same tensors give the same bytes in whatever
 * order they come: F32 before I32, each by name (in UTF-16 order), metadata by key. The reference
 * implementation orders so too.
 * @param tensors names and values; a Map will do
 * @throws AuricleError "argument" when a name occurs twice, is `__metadata__` or is no valid Unicode;
 *   "shape" when values do not fit their shape
 */
export function writeSafetensors(
  tensors: Iterable<readonly [string, NumericArray]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = sortedTensors(tensors);
  const members: [string, string][] = [];
  const texts = Object.entries(metadata).sort(byKey);
  if (texts.length > 0) {
    members.push([METADATA_KEY, jsonObject(texts.map(([key, text]) => [key, jsonText(text)]))]);
  }
  let offset = 0;
  for (const [name, array] of sorted) {
    const end = offset + 4 * array.data.length;
    const dtype = dtypeOf(array) === "float32" ? "F32" : "I32";
    members.push([name, JSON.stringify({ dtype, shape: array.shape, data_offsets: [offset, end] })]);
    offset = end;
  }
  const json = new TextEncoder().encode(jsonObject(members));
  const dataStart = LENGTH_BYTES + Math.ceil(json.length / 8) * 8;

  const bytes = new Uint8Array(dataStart + offset).fill(SPACE, LENGTH_BYTES, dataStart);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(dataStart - LENGTH_BYTES), true);
  bytes.set(json, LENGTH_BYTES);
  let position = dataStart;
  for (const [, { data }] of sorted) {
    const words = new Int32Array(data.buffer, data.byteOffset, data.length);
    for (const word of words) {
      view.setInt32(position, word, true);
      position += 4;
    }
  }
  return bytes;
}

function sortedTensors(
  tensors: Iterable<readonly [string, NumericArray]>,
): (readonly [string, NumericArray])[] {
  const sorted = [...tensors].sort(
    (a, b) => Number(dtypeOf(a[1]) === "int32") - Number(dtypeOf(b[1]) === "int32") || byKey(a, b),
  );
  const names = new Set<string>();
  for (const [name, { shape, data }] of sorted) {
    if (name === METADATA_KEY || names.has(name)) {
      const rule = name === METADATA_KEY ? "is kept for the metadata" : "occurs twice";
      throw new AuricleError(
        "argument",
        `safetensors: each tensor must have its own name; ${quote(name)} ${rule}`,
      );
    }
    names.add(name);
    if (sizeOf(shape) !== data.length) {
      throw new AuricleError(
        "shape",
        `safetensors: tensor ${quote(name)} of shape ${formatShape(shape)} must hold ` +
          `${sizeOf(shape)} numbers; got ${data.length}`,
      );
    }
  }
  return sorted;
}

/** JSON with its members in the order given, which an object would not keep for names such as "0". */
function jsonObject(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([key, json]) => `${jsonText(key)}:${json}`).join(",")}}`;
}

function jsonText(text: string): string {
  if (hasLoneSurrogate(text)) {
    throw new AuricleError(
      "argument",
      `safetensors: names and metadata must be valid Unicode; got ${quote(text)}`,
    );
  }
  return JSON.stringify(text);
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

/** Half of a UTF-16 pair without the other: it has no UTF-8. */
function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWholeNumbers(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((number) => Number.isSafeInteger(number) && number >= 0 && !Object.is(number, -0))
  );
}

function quote(text: string): string {
  return JSON.stringify(text.length <= 100 ? text : `${text.slice(0, 100)}…`);
}
