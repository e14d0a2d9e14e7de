/** @file WebM and Matroska files (RFC 8794, RFC 9559), put together element by element, also wrongly. */

import { joinBytes } from "./containers.ts";

export interface WebmBlockFields {
  /** In milliseconds from the file's beginning. */
  readonly time: number;
  readonly packets: readonly Uint8Array[];
  readonly lacing?: "none" | "xiph" | "fixed" | "ebml";
  /** In nanoseconds; makes the block one of a group. */
  readonly discard?: number;
  readonly track?: number;
}

export interface WebmFields {
  readonly codecId: string;
  readonly setup: Uint8Array;
  readonly blocks: readonly WebmBlockFields[];
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly bitDepth?: number;
  /** Blocks of a cluster. */
  readonly clusterBlocks?: number;
  /** Whether segment and clusters are of unknown length, as in a stream. */
  readonly live?: boolean;
  /** In milliseconds. */
  readonly duration?: number;
  /** In nanoseconds. */
  readonly codecDelay?: number;
  /** Bytes that are taken off the beginning of every packet. */
  readonly prefix?: Uint8Array;
  /** Further entries of the list of tracks. */
  readonly otherTracks?: Uint8Array;
  /** Where the blocks' numbers of tracks say nothing. */
  readonly track?: number;
}

const LACINGS = { none: 0, xiph: 1, fixed: 2, ebml: 3 };

export function webmFile(fields: WebmFields): Uint8Array {
  const { blocks, clusterBlocks = 5, live = false, duration, track = 1 } = fields;
  const clusters: Uint8Array[] = [];
  for (let at = 0; at < blocks.length; at += clusterBlocks) {
    const some = blocks.slice(at, at + clusterBlocks);
    const start = some[0].time;
    const contents = [
      element(0xe7, unsigned(start)),
      ...some.map((block) => blockElement(block, start, track)),
    ];
    // What nobody needs may stand anywhere.
    clusters.push(element(0x1f43b675, joinBytes(...contents, element(0xec, new Uint8Array(3))), live));
  }
  const info = [element(0x2ad7b1, unsigned(1_000_000))];
  if (duration !== undefined) info.push(element(0x4489, float64(duration)));
  const segment = joinBytes(
    element(0x114d9b74, new Uint8Array(20)),
    element(0x1549a966, joinBytes(...info)),
    element(0x1654ae6b, joinBytes(fields.otherTracks ?? new Uint8Array(0), trackEntry(fields, track))),
    ...clusters,
  );
  const head = element(0x1a45dfa3, element(0x4282, text("webm")));
  return joinBytes(head, element(0x18538067, segment, live));
}

export function trackEntry(
  { codecId, setup, channels = 2, sampleRate = 48_000, bitDepth, codecDelay, prefix }: WebmFields,
  number: number,
  type = 2,
): Uint8Array {
  const sound = [element(0xb5, float64(sampleRate)), element(0x9f, unsigned(channels))];
  if (bitDepth !== undefined) sound.push(element(0x6264, unsigned(bitDepth)));
  const fields = [
    element(0xd7, unsigned(number)),
    element(0x83, unsigned(type)),
    element(0x86, text(codecId)),
    element(0x63a2, setup),
    element(0xe1, joinBytes(...sound)),
  ];
  if (codecDelay !== undefined) fields.push(element(0x56aa, unsigned(codecDelay)));
  if (prefix) {
    const compression = joinBytes(element(0x4254, unsigned(3)), element(0x4255, prefix));
    fields.push(element(0x6d80, element(0x6240, element(0x5034, compression))));
  }
  return element(0xae, joinBytes(...fields));
}

function blockElement(block: WebmBlockFields, clusterTime: number, track: number): Uint8Array {
  const { packets, lacing = "none", discard } = block;
  const header = new Uint8Array(4);
  header[0] = 0x80 | (block.track ?? track);
  new DataView(header.buffer).setInt16(1, block.time - clusterTime, false);
  header[3] = LACINGS[lacing] << 1;
  const contents = joinBytes(header, laced(packets, lacing));
  if (discard === undefined) return element(0xa3, contents);
  const padding = new Uint8Array(8);
  new DataView(padding.buffer).setBigInt64(0, BigInt(discard), false);
  return element(0xa0, joinBytes(element(0xa1, contents), element(0x75a2, padding)));
}

function laced(packets: readonly Uint8Array[], lacing: keyof typeof LACINGS): Uint8Array {
  if (lacing === "none") return packets[0];
  const lengths = packets.map(({ length }) => length).slice(0, -1);
  const sizes = lengths.flatMap((length, i) => {
    if (lacing === "fixed") return [];
    if (lacing === "xiph") return [...new Array<number>(Math.floor(length / 255)).fill(255), length % 255];
    // Two bytes hold 14 bits; a difference is written around 2^13 - 1.
    const value = i === 0 ? length : length - lengths[i - 1] + 8191;
    return [0x40 | (value >> 8), value & 255];
  });
  return joinBytes(Uint8Array.of(packets.length - 1, ...sizes), ...packets);
}

/** An element; its length takes 8 bytes, or is unknown. */
export function element(id: number, contents: Uint8Array, isUnknown = false): Uint8Array {
  const length = new Uint8Array(8).fill(255);
  if (!isUnknown) new DataView(length.buffer).setUint32(4, contents.length, false);
  if (!isUnknown) length.set([1, 0, 0, 0]);
  length[0] = 1;
  return joinBytes(unsigned(id), length, contents);
}

function unsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256))
    bytes.unshift(rest % 256);
  return Uint8Array.from(bytes);
}

function float64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, false);
  return bytes;
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
