/** @file Where the bytes of a recording come from: memory here, a file in file-source.ts. Browser-safe. */

/** Random access to the bytes of one recording. */
export interface ByteSource {
  /** The name in error messages: a path or a file name. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** The bytes from `offset` on: `length` of them, or fewer where the source ends before. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A source over bytes in memory; what `read` returns are views of `bytes`. */
export function memorySource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    close: () => Promise.resolve(),
  };
}

/** The bytes at a source's start that parsers of headers read again and again. */
const HEAD_BYTES = 4096;

/** The same source with its first bytes kept, so that walking through a header costs one read of the file. */
export async function withHead(source: ByteSource): Promise<ByteSource> {
  const head = await source.read(0, HEAD_BYTES);
  return {
    name: source.name,
    size: source.size,
    read: (offset, length) =>
      offset + length <= head.length
        ? Promise.resolve(head.subarray(offset, offset + length))
        : source.read(offset, length),
    close: () => source.close(),
  };
}

/** The rest of a source after its first `offset` bytes. */
export function sourceFrom(source: ByteSource, offset: number): ByteSource {
  return {
    name: source.name,
    size: source.size - offset,
    read: (at, length) => source.read(offset + at, length),
    close: () => source.close(),
  };
}

/** The bytes from `offset` up to `end`, in chunks. */
export async function* chunksOf(
  source: ByteSource,
  offset: number,
  end: number,
  chunkBytes: number,
): AsyncGenerator<Uint8Array> {
  for (let at = offset; at < end;) {
    const chunk = await source.read(at, Math.min(chunkBytes, end - at));
    if (chunk.length === 0) return;
    yield chunk;
    at += chunk.length;
  }
}

export { textAt, viewOf } from "../../io/byte-text.ts";

/** Bytes one after the other; a single array is handed on without a copy. */
export function joinedBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const AHEAD_BYTES = 65_536;

/** The same source, which reads ahead, so that going through it in small steps costs few reads of the file. */
export function withReadAhead(source: ByteSource): ByteSource {
  let heldAt = 0;
  let held: Uint8Array = new Uint8Array(0);
  return {
    name: source.name,
    size: source.size,
    async read(offset, length) {
      if (offset < heldAt || offset + length > heldAt + held.length) {
        held = await source.read(offset, Math.max(length, AHEAD_BYTES));
        heldAt = offset;
      }
      return held.subarray(offset - heldAt, offset - heldAt + length);
    },
    close: () => source.close(),
  };
}
