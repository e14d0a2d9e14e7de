/** @file Pictures of a data set in the memory of the network that is trained on them. Browser-safe. */

import { arenaOf, type Arena } from "../../runtime/arena.ts";
import { LEAST_ROW, ResidentRows } from "../../runtime/unit-bytes.ts";
import type { PicturePlaces } from "./picture-places.ts";

/** Bytes that pictures may take there, beside the store that they come from. */
const MOST_BYTES = 256e6;

export class ResidentPictures {
  private readonly places: PicturePlaces;
  private readonly size: number;
  private readonly rows = new WeakMap<Arena, ResidentRows>();
  private readonly isPossible: boolean;

  /** @param size the bytes of one picture */
  constructor(places: PicturePlaces, size: number) {
    this.places = places;
    this.size = size;
    const { bufferOf } = places;
    const isSmall = size >= LEAST_ROW && size * bufferOf.length <= MOST_BYTES;
    this.isPossible = isSmall && bufferOf.every((number) => number >= 0);
  }

  /**
   * Writes pictures as numbers on 0 … 1, one behind the other.
   * @param indices the numbers of pictures
   * @returns false where `to` is not in a network's memory, or the pictures have no room there
   */
  write(indices: ArrayLike<number>, to: Float32Array): boolean {
    const arena = this.isPossible ? arenaOf(to.buffer) : undefined;
    if (!arena) return false;
    const { size, places } = this;
    let rows = this.rows.get(arena);
    if (!rows) {
      rows = new ResidentRows(arena, places.bufferOf.length, size, (bytes) => copyAll(places, size, bytes));
      this.rows.set(arena, rows);
    }
    return rows.write(indices, to.byteOffset);
  }
}

/** Copies all pictures, those that lie behind each other at once. */
function copyAll({ buffers, bufferOf, offsets }: PicturePlaces, size: number, to: Uint8Array): void {
  for (let first = 0, end = 1; first < bufferOf.length; first = end) {
    const buffer = bufferOf[first];
    for (end = first + 1; bufferOf[end] === buffer && offsets[end] === offsets[end - 1] + size;) end++;
    const from = offsets[first];
    to.set(buffers[buffer].subarray(from, from + (end - first) * size), first * size);
  }
}
