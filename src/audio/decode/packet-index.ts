/** @file Where in a stream of packets which sample is, found by adding up how long all packets last. Browser-safe. */

import type { Packet, PacketCodec } from "./packet-codec.ts";

/** A place where reading may begin. */
interface Entry {
  /** Index of the first sample that a decoder outputs when reading begins there. */
  readonly position: number;
  readonly offset: number;
}

/** Bytes between two entries that are kept: about the size of one read. */
const ENTRY_BYTES = 32_768;

/** Takes the packets of a stream in their order. */
export class PacketIndex {
  /** Samples in all packets that were added. */
  samples = 0;
  /** Packets that are no sound of the codec. */
  unusable = 0;
  private readonly codec: PacketCodec;
  private readonly entries: Entry[] = [];
  private before: Uint8Array | undefined;

  constructor(codec: PacketCodec) {
    this.codec = codec;
  }

  /** Samples that the packet adds; 0 where it is not an audio packet. */
  add(packet: Packet): number {
    const { bytes, entry } = packet;
    const kind = this.codec.kindOf(bytes);
    if (kind === "damaged" && bytes.length > 0) this.unusable++;
    if (kind !== "sound") return 0;
    const added = samplesLeft(this.codec.samplesOf(bytes, this.before), packet);
    this.samples += added;
    const last = this.entries.at(-1);
    if (entry !== undefined && (!last || entry >= last.offset + ENTRY_BYTES)) {
      const alone = samplesLeft(this.codec.samplesOf(bytes, undefined), packet);
      this.entries.push({ position: this.samples - alone, offset: entry });
    }
    // A copy: the packet is a view of the bytes of one read.
    this.before = bytes.slice(0, PacketIndex.HEAD_BYTES);
    return added;
  }

  /** The last place to begin at from which `sample` is reached; undefined where there is no packet. */
  entryBefore(sample: number): Entry | undefined {
    let low = 0;
    for (let high = this.entries.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if (this.entries[middle].position <= sample) low = middle;
      else high = middle;
    }
    return this.entries.at(low);
  }

  /** Bytes at the beginning of a packet that determine its duration. */
  private static readonly HEAD_BYTES = 16;
}

/** Subtracts from a packet's samples those that its container marks as no part of the sound. */
export function samplesLeft(samples: number, { discard = 0 }: Packet): number {
  return Math.max(0, samples - Math.abs(discard));
}
