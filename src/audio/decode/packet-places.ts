/** @file Packets that a file's index says where to find. Browser-safe. */

import type { ByteSource } from "./byte-source.ts";

/** Sizes and positions of packets, in playback order. */
export interface PacketPlaces {
  /** Size of each packet, in bytes. */
  readonly sizes: readonly number[];
  /** Position of each packet in the file, in bytes. */
  readonly offsets: readonly number[];
}

const RUN_BYTES = 65_536;
const LARGEST_PACKET = 2 ** 20;

/** How many packets, from the first on, lie in the file as a whole. */
export function packetsPresent(source: ByteSource, { sizes, offsets }: PacketPlaces): number {
  const missing = sizes.findIndex((size, i) => size > LARGEST_PACKET || offsets[i] + size > source.size);
  return missing < 0 ? sizes.length : missing;
}

/** Packets from `first` on and before `end` that lie one behind the other, read at once. */
export async function readRun(
  source: ByteSource,
  { offsets, sizes }: PacketPlaces,
  first: number,
  end: number,
): Promise<Uint8Array[]> {
  let next = first + 1;
  let bytes = sizes[first];
  while (next < end && offsets[next] === offsets[first] + bytes && bytes + sizes[next] <= RUN_BYTES) {
    bytes += sizes[next++];
  }
  const all = await source.read(offsets[first], bytes);
  return Array.from({ length: next - first }, (_, i) => {
    const at = offsets[first + i] - offsets[first];
    return all.subarray(at, at + sizes[first + i]);
  });
}
