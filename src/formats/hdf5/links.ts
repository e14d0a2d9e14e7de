/** @file The names in a group and the objects behind them (HDF5 format specification 3.0, sections III and IV.A.2). Browser-safe. */
import { type Hdf5Bytes, NO_ADDRESS } from "./hdf5-bytes.ts";
import { MESSAGE, type Message } from "./object-header.ts";

/** Reads a group's names, with the addresses of the objects. Names of names, which h5py makes when asked alone, are left out. */
export function linksOf(source: Hdf5Bytes, messages: readonly Message[]): Map<string, number> {
  const links = new Map<string, number>();
  for (const { type, at } of messages) {
    if (type === MESSAGE.link) addLink(source, at, links);
    else if (type === MESSAGE.linkInfo) requireCompact(source, at);
    else if (type === MESSAGE.symbolTable) {
      addTree(source, source.long(at), heapOf(source, source.long(at + 8)), links, 0);
    }
  }
  return links;
}

function addLink(source: Hdf5Bytes, at: number, links: Map<string, number>): void {
  const flags = source.byte(at + 1);
  let next = at + 2;
  const type = flags & 8 ? source.byte(next++) : 0;
  if (flags & 4) next += 8;
  if (flags & 0x10) next += 1;
  const lengthBytes = 1 << (flags & 3);
  const length = source.sized(next, lengthBytes);
  next += lengthBytes;
  if (type === 0) links.set(source.text(next, length), source.long(next + length));
}

function requireCompact(source: Hdf5Bytes, at: number): void {
  const flags = source.byte(at + 1);
  if (source.long(at + 2 + (flags & 1 ? 8 : 0)) === NO_ADDRESS) return;
  throw source.unsupported("has a group whose names are in a heap");
}

/** The bytes of a local heap. */
interface Heap {
  readonly at: number;
  readonly end: number;
}

function heapOf(source: Hdf5Bytes, address: number): Heap {
  source.requireMark(address, "HEAP");
  const at = source.long(address + 24);
  const bytes = source.long(address + 8);
  source.require(at, bytes);
  return { at, end: at + bytes };
}

/** Levels of a tree of names: each has room for at least two in the one below. */
const DEEPEST = 32;

function addTree(
  source: Hdf5Bytes,
  address: number,
  heap: Heap,
  links: Map<string, number>,
  depth: number,
): void {
  source.step();
  if (depth > DEEPEST) throw source.fault("a group's names lie too deep");
  if (source.hasMark(address, "SNOD")) return addNames(source, address, heap, links);
  source.requireMark(address, "TREE");
  const count = source.short(address + 6);
  // Each child stands between two keys; the first key is at 24.
  for (let i = 0; i < count; i++) addTree(source, source.long(address + 32 + 16 * i), heap, links, depth + 1);
}

function addNames(source: Hdf5Bytes, address: number, heap: Heap, links: Map<string, number>): void {
  const count = source.short(address + 6);
  for (let i = 0; i < count; i++) {
    source.step();
    const entry = address + 8 + 40 * i;
    // Type 2 in the cache is a name of a name.
    if (source.word(entry + 16) === 2) continue;
    links.set(source.textBefore(heap.at + source.long(entry), heap.end), source.long(entry + 8));
  }
}
