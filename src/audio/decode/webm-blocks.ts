/** @file Blocks of Matroska and WebM (RFC 9559, section 10): one packet or several, of one track. Browser-safe. */

import { viewOf } from "./byte-source.ts";
import { childElements, signedValue, variableInteger } from "./ebml.ts";
import { WEBM, type WebmElement } from "./webm-elements.ts";

export interface WebmBlock {
  readonly track: number;
  /** The block's time relative to its cluster's, in the file's ticks. */
  readonly time: number;
  readonly packets: readonly Uint8Array[];
  /** Nanoseconds of the last packet that are no part of the sound: at its end, or, where negative, at its beginning. */
  readonly discard: number;
}

const BLOCK = 0xa1;
const DISCARD_PADDING = 0x75a2;

/** Reads an element that is a block; undefined for any other, and for a damaged one. */
export async function readBlock(element: WebmElement): Promise<WebmBlock | undefined> {
  if (element.id === WEBM.simpleBlock) return parseBlock(await element.read(), 0);
  if (element.id !== WEBM.blockGroup) return undefined;
  const fields = childElements(await element.read());
  const block = fields.get(BLOCK)?.[0];
  return block && parseBlock(block, signedValue(fields.get(DISCARD_PADDING)?.[0]) ?? 0);
}

function parseBlock(bytes: Uint8Array, discard: number): WebmBlock | undefined {
  const track = variableInteger(bytes, 0);
  if (!track || track.length + 3 > bytes.length) return undefined;
  const at = track.length;
  const packets = unlaced(bytes.subarray(at + 3), (bytes[at + 2] >> 1) & 3);
  return packets && { track: track.value, time: viewOf(bytes).getInt16(at, false), packets, discard };
}

/** @param kind As in the block's flags: 0 one packet; several: 1 lengths as in Ogg, 2 equal lengths, 3 differences. */
function unlaced(bytes: Uint8Array, kind: number): Uint8Array[] | undefined {
  if (kind === 0) return [bytes];
  if (bytes.length === 0) return undefined;
  const count = bytes[0] + 1;
  const data = bytes.subarray(1);
  if (kind === 2) {
    const length = data.length / count;
    return Number.isInteger(length) ? cut(data, 0, new Array<number>(count).fill(length)) : undefined;
  }
  const lengths = kind === 1 ? oggLengths(data, count - 1) : differences(data, count - 1);
  if (!lengths) return undefined;
  const total = lengths.lengths.reduce((sum, length) => sum + length, 0);
  const last = data.length - lengths.end - total;
  return last < 0 ? undefined : cut(data, lengths.end, [...lengths.lengths, last]);
}

interface Lengths {
  readonly lengths: readonly number[];
  /** Position of the first byte after the coded lengths. */
  readonly end: number;
}

function oggLengths(data: Uint8Array, count: number): Lengths | undefined {
  const lengths: number[] = [];
  let at = 0;
  while (lengths.length < count) {
    let length = 0;
    while (data[at] === 255) length += data[at++];
    if (at >= data.length) return undefined;
    lengths.push(length + data[at++]);
  }
  return { lengths, end: at };
}

/** The first length, then by how much each is larger than the one before: numbers around half of what they could be. */
function differences(data: Uint8Array, count: number): Lengths | undefined {
  const lengths: number[] = [];
  let at = 0;
  while (lengths.length < count) {
    const number = variableInteger(data, at);
    if (!number) return undefined;
    at += number.length;
    const before = lengths.at(-1);
    const length =
      before === undefined ? number.value : before + number.value - (2 ** (7 * number.length - 1) - 1);
    if (length < 0) return undefined;
    lengths.push(length);
  }
  return { lengths, end: at };
}

function cut(data: Uint8Array, at: number, lengths: readonly number[]): Uint8Array[] {
  return lengths.map((length) => {
    at += length;
    return data.subarray(at - length, at);
  });
}
