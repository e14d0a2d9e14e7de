/** @file The messages of an object of an HDF5 file (format specification 3.0, section IV.A). Browser-safe. */
import type { Hdf5Bytes } from "./hdf5-bytes.ts";

/** One property of an object: its kind, and the bytes that hold it. */
export interface Message {
  readonly type: number;
  readonly at: number;
  readonly size: number;
  /** Whether it stands elsewhere in the file, shared by several objects. */
  readonly isShared: boolean;
}

export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** Messages of one object: a group of a million links has its links elsewhere. */
const MOST_MESSAGES = 100_000;

/** Reads all messages of the object at an address. @throws AuricleError "file" */
export function readMessages(source: Hdf5Bytes, address: number): Message[] {
  source.step();
  return source.hasMark(address, "OHDR") ? secondVersion(source, address) : firstVersion(source, address);
}

interface Block {
  readonly at: number;
  readonly end: number;
}

/** The blocks of an object, of which the messages themselves name the next. */
class Blocks {
  readonly messages: Message[] = [];
  private readonly source: Hdf5Bytes;
  private readonly blocks: Block[];

  constructor(source: Hdf5Bytes, first: Block) {
    this.source = source;
    this.blocks = [first];
  }

  next(): Block | undefined {
    const block = this.blocks.shift();
    if (block) {
      this.source.step();
      this.source.require(block.at, block.end - block.at);
    }
    return block;
  }

  add(message: Message): void {
    const { source } = this;
    source.step();
    source.require(message.at, message.size);
    if (this.messages.length >= MOST_MESSAGES) throw source.fault("an object has too many properties");
    this.messages.push(message);
    if (message.type === MESSAGE.continuation) {
      const at = source.long(message.at);
      this.blocks.push({ at, end: at + source.long(message.at + 8) });
    }
  }
}

function firstVersion(source: Hdf5Bytes, address: number): Message[] {
  if (source.byte(address) !== 1) throw source.fault(`no object begins at byte ${address}`);
  const blocks = new Blocks(source, { at: address + 16, end: address + 16 + source.word(address + 8) });
  for (let block = blocks.next(); block; block = blocks.next()) {
    for (let at = block.at; at + 8 <= block.end;) {
      const size = source.short(at + 2);
      const isShared = (source.byte(at + 4) & 2) !== 0;
      blocks.add({ type: source.short(at), at: at + 8, size, isShared });
      at += 8 + size;
    }
  }
  return blocks.messages;
}

function secondVersion(source: Hdf5Bytes, address: number): Message[] {
  const flags = source.byte(address + 5);
  const sizeAt = address + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const sizeBytes = 1 << (flags & 3);
  const start = sizeAt + sizeBytes;
  const blocks = new Blocks(source, { at: start, end: start + source.sized(sizeAt, sizeBytes) });
  const header = flags & 4 ? 6 : 4;
  let isFirst = true;
  for (let block = blocks.next(); block; block = blocks.next()) {
    if (!isFirst) source.requireMark(block.at, "OCHK");
    // A block after the first has its own mark, and a checksum behind.
    const [from, end] = isFirst ? [block.at, block.end] : [block.at + 4, block.end - 4];
    isFirst = false;
    for (let at = from; at + header <= end;) {
      const size = source.short(at + 1);
      const isShared = (source.byte(at + 3) & 2) !== 0;
      blocks.add({ type: source.byte(at), at: at + header, size, isShared });
      at += header + size;
    }
  }
  return blocks.messages;
}
