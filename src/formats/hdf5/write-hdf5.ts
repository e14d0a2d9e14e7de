/**
 * @file Writes HDF5 files of groups and float32 arrays in one piece, as all versions of the HDF5 library read them: superblock and object
 * headers of the first version, and the names of groups as links in their headers (format specification 3.0). Browser-safe.
 */
import type { FloatArray } from "../../tensor/array.ts";

/** The groups and arrays of a group by name. */
export type Hdf5Tree = ReadonlyMap<string, FloatArray | Hdf5Tree>;

const SUPERBLOCK_BYTES = 96;
const UNDEFINED = 0xffff_ffff_ffff_ffffn;

/** Message types (section IV.A.2). */
const TYPE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  fill: 0x05,
  link: 0x06,
  layout: 0x08,
  groupInfo: 0x0a,
};

/** Little-endian numbers, one behind the other: [bytes, value]. */
type Fields = readonly (readonly [bytes: 1 | 2 | 4 | 8, value: number | bigint])[];

function packed(fields: Fields): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 8) view.setBigUint64(at, BigInt(value), true);
    else if (size === 4) view.setUint32(at, Number(value), true);
    else if (size === 2) view.setUint16(at, Number(value), true);
    else view.setUint8(at, Number(value));
    at += size;
  }
  return bytes;
}

/** Pieces of a file, each at a multiple of 8 bytes. */
class Pieces {
  length = SUPERBLOCK_BYTES;
  private readonly pieces: { readonly at: number; readonly bytes: Uint8Array }[] = [];

  /** @returns the piece's address */
  add(bytes: Uint8Array): number {
    const at = this.length;
    this.pieces.push({ at, bytes });
    this.length += roundedUp(bytes.length);
    return at;
  }

  joined(superblock: Uint8Array): Uint8Array<ArrayBuffer> {
    const file = new Uint8Array(this.length);
    file.set(superblock);
    for (const { at, bytes } of this.pieces) file.set(bytes, at);
    return file;
  }
}

function roundedUp(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** Packs a tree of groups, the same bytes for the same tree. Names are those of the tree; values are stored as they are. */
export function writeHdf5(tree: Hdf5Tree): Uint8Array<ArrayBuffer> {
  const pieces = new Pieces();
  const root = addGroup(pieces, tree);
  return pieces.joined(superblock(root, pieces.length));
}

/** Section II.A, version 0, with the entry of the root (III.C). */
function superblock(root: number, end: number): Uint8Array {
  const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
  return packed([
    ...signature.map((byte) => [1, byte] as const),
    // Versions of the superblock, free space, root and shared headers; bytes of addresses and of lengths.
    ...[0, 0, 0, 0, 0, 8, 8, 0].map((byte) => [1, byte] as const),
    // Entries of the nodes of trees, of which the file has none: the library's defaults. No flags.
    [2, 4],
    [2, 16],
    [4, 0],
    // Base address, free space, end of the file, driver information.
    [8, 0],
    [8, UNDEFINED],
    [8, end],
    [8, UNDEFINED],
    // The root: no name, its header, nothing cached.
    [8, 0],
    [8, root],
    [8, 0],
    [8, 0],
    [8, 0],
  ]);
}

interface Message {
  readonly type: number;
  readonly content: Uint8Array;
}

/** Section IV.A.1.a, version 1. */
function objectHeader(messages: readonly Message[]): Uint8Array {
  const size = messages.reduce((sum, { content }) => sum + 8 + roundedUp(content.length), 0);
  const header = new Uint8Array(16 + size);
  header.set(
    packed([
      [1, 1],
      [1, 0],
      [2, messages.length],
      [4, 1],
      [4, size],
      [4, 0],
    ]),
  );
  let at = 16;
  for (const { type, content } of messages) {
    const bytes = roundedUp(content.length);
    header.set(
      packed([
        [2, type],
        [2, bytes],
        [4, 0],
      ]),
      at,
    );
    header.set(content, at + 8);
    at += 8 + bytes;
  }
  return header;
}

function addGroup(pieces: Pieces, tree: Hdf5Tree): number {
  const links = [...tree].map(([name, value]): Message => {
    const address = isArray(value) ? addArray(pieces, value) : addGroup(pieces, value);
    return { type: TYPE.link, content: link(name, address) };
  });
  const linkInfo = packed([
    [1, 0],
    [1, 0],
    [8, UNDEFINED],
    [8, UNDEFINED],
  ]);
  const groupInfo = packed([
    [1, 0],
    [1, 0],
  ]);
  return pieces.add(
    objectHeader([
      { type: TYPE.linkInfo, content: linkInfo },
      { type: TYPE.groupInfo, content: groupInfo },
      ...links,
    ]),
  );
}

function isArray(value: FloatArray | Hdf5Tree): value is FloatArray {
  return "data" in value;
}

/** A hard link whose name is UTF-8 and has its length in two bytes. */
function link(name: string, address: number): Uint8Array {
  const text = new TextEncoder().encode(name);
  const [hasCharset, lengthInTwoBytes] = [0x10, 1];
  const before = packed([
    [1, 1],
    [1, hasCharset | lengthInTwoBytes],
    [1, 1],
    [2, text.length],
  ]);
  return Uint8Array.from([...before, ...text, ...packed([[8, address]])]);
}

function addArray(pieces: Pieces, { shape, data }: FloatArray): number {
  const bytes = 4 * data.length;
  const at = bytes === 0 ? UNDEFINED : pieces.add(littleEndian(data));
  const dataspace = packed([
    [1, 1],
    [1, shape.length],
    [2, 0],
    [4, 0],
    ...shape.map((length) => [8, length] as const),
  ]);
  const fill = packed([
    [1, 2],
    // Space is set aside late, a fill value is written if one is set, and none but the default is.
    [1, 2],
    [1, 2],
    [1, 1],
    [4, 0],
  ]);
  const layout = packed([
    [1, 3],
    [1, 1],
    [8, at],
    [8, bytes],
  ]);
  return pieces.add(
    objectHeader([
      { type: TYPE.dataspace, content: dataspace },
      { type: TYPE.datatype, content: FLOAT32 },
      { type: TYPE.fill, content: fill },
      { type: TYPE.layout, content: layout },
    ]),
  );
}

/** IEEE 754 single precision, little-endian (section IV.A.2.d). */
const FLOAT32 = packed([
  [1, 0x11],
  // The mantissa's first bit is implied; the sign is bit 31.
  [1, 0x20],
  [1, 31],
  [1, 0],
  [4, 4],
  [2, 0],
  [2, 32],
  // Exponent at bit 23 with 8 bits, mantissa at bit 0 with 23, bias.
  [1, 23],
  [1, 8],
  [1, 0],
  [1, 23],
  [4, 127],
]);

function littleEndian(data: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * data.length);
  const view = new DataView(bytes.buffer);
  data.forEach((value, i) => view.setFloat32(4 * i, value, true));
  return bytes;
}
