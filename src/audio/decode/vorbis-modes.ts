/** @file How long Vorbis blocks are, from the end of the setup header (Vorbis I, section 4.2.4). Browser-safe. */

export interface VorbisModes {
  /** Number of bits after a packet's first bit that hold its mode number. */
  readonly numberBits: number;
  /** The block size of each mode, in samples. */
  readonly sizes: readonly number[];
}

/** Bits of one mode: its block flag, window type and transform type (both 0), and mapping number. */
const MODE_BITS = 1 + 16 + 16 + 8;
const COUNT_BITS = 6;
const MAX_MAPPINGS = 64;
/** "5vorbis" and the least that comes before the modes. */
const MIN_BITS = 97;

/**
 * The modes stand at the header's end, behind tables whose length only shows in reading them. They are therefore read
 * backwards: a bit that is 1, the modes from the last to the first, and how many there are. Where several counts fit,
 * the largest is taken.
 * @param identification The first header, which has the two sizes of blocks.
 * @returns Undefined where the setup is damaged.
 */
export function vorbisBlockSizes(identification: Uint8Array, setup: Uint8Array): VorbisModes | undefined {
  const blockSizes = [2 ** (identification[28] & 15), 2 ** (identification[28] >> 4)];
  let modesEnd = setup.length * 8 - 1;
  while (modesEnd > MIN_BITS && bitsAt(setup, modesEnd, 1) === 0) modesEnd--;
  let count = 0;
  let at = modesEnd;
  for (let modes = 1; at >= MIN_BITS && modes <= MAX_MAPPINGS; modes++) {
    at -= MODE_BITS;
    const isMode = bitsAt(setup, at + 33, 8) < MAX_MAPPINGS && zeros(setup, at + 1, 32);
    if (!isMode) break;
    if (bitsAt(setup, at - COUNT_BITS, COUNT_BITS) + 1 === modes) count = modes;
  }
  if (count === 0) return undefined;
  const first = modesEnd - count * MODE_BITS;
  const sizes = Array.from({ length: count }, (_, i) => blockSizes[bitsAt(setup, first + i * MODE_BITS, 1)]);
  return { numberBits: count === 1 ? 0 : 32 - Math.clz32(count - 1), sizes };
}

/** Vorbis packs from the lowest bit of each byte up. */
function bitsAt(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) {
    const bit = from + i;
    value = value * 2 + ((bytes[bit >> 3] >> (bit & 7)) & 1);
  }
  return value;
}

function zeros(bytes: Uint8Array, from: number, count: number): boolean {
  return bitsAt(bytes, from, count) === 0;
}
