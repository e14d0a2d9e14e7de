/**
 * @file The IDX format, in which MNIST and Fashion-MNIST come: two zero bytes, a byte for the element type, a byte
 * for the number of dimensions, each dimension as a big-endian uint32, then the elements, big-endian, row-major
 * (http://yann.lecun.com/exdb/mnist/, "The IDX file format"). Browser-safe.
 */

import { AuricleError } from "../errors.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { shownValue } from "../shown-value.ts";

/** A parsed IDX file; the class of `data` tells the element type. */
export interface IdxArray {
  readonly shape: Shape;
  readonly data: Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
}

interface ElementType {
  readonly bytes: number;
  decode(view: DataView, count: number): IdxArray["data"];
}

/** By the type byte in the file. */
const ELEMENT_TYPES: ReadonlyMap<number, ElementType> = new Map([
  [0x08, { bytes: 1, decode: (v: DataView, n: number) => new Uint8Array(v.buffer, v.byteOffset, n) }],
  [0x09, { bytes: 1, decode: (v: DataView, n: number) => new Int8Array(v.buffer, v.byteOffset, n) }],
  [0x0b, { bytes: 2, decode: (v: DataView, n: number) => fill(new Int16Array(n), (i) => v.getInt16(2 * i)) }],
  [0x0c, { bytes: 4, decode: (v: DataView, n: number) => fill(new Int32Array(n), (i) => v.getInt32(4 * i)) }],
  [
    0x0d,
    { bytes: 4, decode: (v: DataView, n: number) => fill(new Float32Array(n), (i) => v.getFloat32(4 * i)) },
  ],
  [
    0x0e,
    { bytes: 8, decode: (v: DataView, n: number) => fill(new Float64Array(n), (i) => v.getFloat64(8 * i)) },
  ],
]);

function fill<T extends { length: number; [i: number]: number }>(
  array: T,
  element: (i: number) => number,
): T {
  for (let i = 0; i < array.length; i++) array[i] = element(i);
  return array;
}

/** Larger files are refused: engines differ in how long a typed array may be. */
const LONGEST_FILE = 2 ** 31 - 1;

/** Deflate cannot shrink data by more than this factor (https://zlib.net/zlib_tech.html). */
const LARGEST_COMPRESSION = 1032;

interface Header {
  readonly type: ElementType;
  readonly shape: Shape;
  /** Bytes before the elements. */
  readonly length: number;
  /** Bytes of the whole file, uncompressed. */
  readonly fileLength: number;
}

/**
 * Parses an IDX file, plain or compressed by gzip.
 *
 * Elements of one byte are a view of `bytes` where these are not compressed, so no copy is made. A size in the
 * header is believed only once it fits the number of bytes there are, so a damaged file cannot claim much memory.
 *
 * @param fileName for error messages.
 * @throws AuricleError "file" for anything but a whole and well-formed file.
 */
export async function parseIdx(bytes: Uint8Array, fileName: string): Promise<IdxArray> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const plain = isGzip ? await decompress(bytes, fileName) : bytes;
  const header = parseHeader(plain, fileName);
  if (plain.length !== header.fileLength) {
    const amount =
      plain.length < header.fileLength ? `only ${plain.length}: it is cut short` : `${plain.length}`;
    throw invalid(fileName, `${describeClaim(header)}; got ${amount}`);
  }
  const view = new DataView(plain.buffer, plain.byteOffset + header.length);
  return { shape: header.shape, data: header.type.decode(view, sizeOf(header.shape)) };
}

/** @param start the file's first bytes, at least to the end of the header. */
function parseHeader(start: Uint8Array, fileName: string): Header {
  if (start.length < 4) throw invalid(fileName, `it must have at least 4 bytes; got ${start.length}`);
  if (start[0] !== 0 || start[1] !== 0) {
    throw invalid(
      fileName,
      `it must begin with two zero bytes; got ${shownValue(start[0])} and ${shownValue(start[1])}`,
    );
  }
  const type = ELEMENT_TYPES.get(start[2]);
  if (!type) {
    const known = [...ELEMENT_TYPES.keys()].join(", ");
    throw invalid(
      fileName,
      `the element type, its third byte, must be one of ${known}; got ${shownValue(start[2])}`,
    );
  }
  const rank = start[3];
  const length = 4 + 4 * rank;
  if (start.length < length) {
    throw invalid(fileName, `a header of ${rank} dimensions has ${length} bytes; got ${start.length}`);
  }
  const view = new DataView(start.buffer, start.byteOffset);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const header = { type, shape, length, fileLength: length + type.bytes * sizeOf(shape) };
  // Not `>`, since 0 × Infinity of a senseless shape is NaN.
  if (!(header.fileLength <= LONGEST_FILE))
    throw invalid(fileName, `${describeClaim(header)}, more than 2 GiB`);
  return header;
}

/** Decompresses until the size that the IDX header states is reached, never more. */
async function decompress(compressed: Uint8Array, fileName: string): Promise<Uint8Array> {
  const reader = new Blob([new Uint8Array(compressed)])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"))
    .getReader();
  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      return (await reader.read()).value;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw invalid(fileName, `its gzip data is damaged or cut short (${reason})`, cause);
    }
  };
  try {
    let start: Uint8Array = new Uint8Array();
    while (start.length < 4 || start.length < 4 + 4 * start[3]) {
      const piece = await next();
      if (!piece) break;
      start = concatenate(start, piece);
    }
    const header = parseHeader(start, fileName);
    const content = allocateContent(header, compressed, fileName);
    let received = 0;
    for (let piece: Uint8Array | undefined = start; piece; piece = await next()) {
      if (received + piece.length > content.length) {
        throw invalid(fileName, `${describeClaim(header)}; its gzip data holds more`);
      }
      content.set(piece, received);
      received += piece.length;
    }
    return content.subarray(0, received);
  } finally {
    // After a fault the rest is not wanted; a stream that has failed rejects once more, which is known already.
    await reader.cancel().catch(() => undefined);
  }
}

/** Room for the content of a gzip file, once its length is plausible. */
function allocateContent(header: Header, compressed: Uint8Array, fileName: string): Uint8Array {
  // A gzip file ends with the length of its content (RFC 1952, ISIZE). Checking it also refuses bytes after the
  // end, which some engines ignore and others do not.
  const end = new DataView(compressed.buffer, compressed.byteOffset + compressed.length - 4);
  const stated = end.getUint32(0, true);
  if (stated !== header.fileLength || stated > LARGEST_COMPRESSION * compressed.length) {
    throw invalid(
      fileName,
      `${describeClaim(header)}; its ${compressed.length} bytes of gzip data end with the length ${stated}: ` +
        `they are cut short, damaged or followed by other bytes`,
    );
  }
  try {
    return new Uint8Array(header.fileLength);
  } catch (cause) {
    throw invalid(fileName, `${describeClaim(header)}, which does not fit in memory`, cause);
  }
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function describeClaim(header: Header): string {
  return `its header claims ${header.fileLength} bytes for the shape ${formatShape(header.shape)}`;
}

function invalid(fileName: string, reason: string, cause?: unknown): AuricleError {
  return new AuricleError(
    "file",
    `${fileName}: not a complete IDX file: ${reason}; download the file again`,
    { cause },
  );
}
