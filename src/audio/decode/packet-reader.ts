/** @file Decodes parts of a stream of packets of any codec and container. Browser-safe. */

import { fileError, type AudioBlock } from "./audio-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import { concatenate } from "./mono.ts";
import { samplesLeft, type PacketIndex } from "./packet-index.ts";
import type { Packet, PacketCodec } from "./packet-codec.ts";

/** An audio stream in a container. */
export interface PacketStream {
  readonly source: ByteSource;
  readonly codec: PacketCodec;
  readonly index: PacketIndex;
  /** Samples of the stream before the recording's first. */
  readonly origin: number;
  /** Samples of each channel, without those before and after the sound. */
  readonly frames: number;
  /** The packets from a place on that is in the index. */
  packets(offset: number): AsyncIterable<readonly Packet[]>;
}

/** Samples of all channels that are decoded before they are handed on. */
const BLOCK_SAMPLES = 2 ** 17;

/** Decodes from before frame `start` until `end` is reached; see `AudioReader.blocks`. */
export async function* decodePackets(
  { source, codec, index, origin, packets }: PacketStream,
  start: number,
  end: number,
  warnings: string[],
): AsyncGenerator<AudioBlock> {
  const entry = index.entryBefore(start + origin - codec.preRoll);
  if (!entry) return;
  const decoder = await codec.createDecoder();
  const block = new BlockBuilder(codec.channels, entry.position - origin);
  let before: Uint8Array | undefined;
  let failed = 0;
  try {
    for await (const group of packets(entry.offset)) {
      for (const packet of group) {
        if (codec.kindOf(packet.bytes) !== "sound") continue;
        const samples = codec.samplesOf(packet.bytes, before);
        const channels = await decoder.decode(packet.bytes);
        if (channels.length !== codec.channels || channels[0].length !== samples) failed++;
        block.add(channels, samples, packet);
        before = packet.bytes;
        if (block.held * codec.channels >= BLOCK_SAMPLES) yield block.take();
      }
      if (block.position + block.held >= end) break;
    }
    if (block.held > 0) yield block.take();
  } catch (error) {
    throw fileError(source, `the ${codec.name} data are damaged`, error);
  } finally {
    decoder.free();
    const warning = `damaged: ${failed} packets could not be decoded`;
    if (failed > 0 && !warnings.includes(warning)) warnings.push(warning);
  }
}

/** Collects what packets decode to, each at the length that it must have. */
class BlockBuilder {
  position: number;
  held = 0;
  private parts: Float32Array[][];

  constructor(channels: number, position: number) {
    this.position = position;
    this.parts = Array.from({ length: channels }, () => []);
  }

  /** A damaged packet decodes to less, or to nothing: silence takes its place, and what follows stays where it is. */
  add(channels: readonly Float32Array[], samples: number, packet: Packet): void {
    const kept = samplesLeft(samples, packet);
    const from = packet.discard !== undefined && packet.discard < 0 ? samples - kept : 0;
    this.held += kept;
    if (kept === 0) return;
    this.parts.forEach((parts, c) => {
      const decoded = c < channels.length ? channels[c].subarray(from, from + kept) : new Float32Array(0);
      parts.push(decoded);
      if (decoded.length < kept) parts.push(new Float32Array(kept - decoded.length));
    });
  }

  take(): AudioBlock {
    const block = { position: this.position, channels: this.parts.map(concatenate) };
    this.position += this.held;
    this.held = 0;
    this.parts = this.parts.map(() => []);
    return block;
  }
}
