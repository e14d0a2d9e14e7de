/** @file One stream in an Ogg file: its content, length and place. Browser-safe. */

import { fileError } from "./audio-reader.ts";
import { textAt, type ByteSource } from "./byte-source.ts";
import { parseStreamInfo, STREAM_INFO_BYTES } from "./flac-header.ts";
import { flacCodec } from "./flac.ts";
import { oggPackets, PacketAssembler, type OggPackets } from "./ogg-packets.ts";
import { oggPages, type OggPage } from "./ogg-pages.ts";
import { opusCodec } from "./opus.ts";
import type { Packet, PacketCodec } from "./packet-codec.ts";
import { PacketIndex } from "./packet-index.ts";
import type { PacketStream } from "./packet-reader.ts";
import { isVorbisHeader, vorbisCodec } from "./vorbis.ts";

/** An audio stream, and its faults. */
export interface OggSound extends PacketStream {
  /** Whether its last page is marked as such. */
  readonly complete: boolean;
  /** Whether pages are missing. */
  readonly gaps: boolean;
}

/** FLAC in Ogg: 9 bytes of its own, then "fLaC", a block header and the stream's header as in a flac file. */
const FLAC_HEAD_BYTES = 17;
const SETUP_PACKET = 5;

/** Takes the pages of a stream in their order. */
export class OggStream {
  readonly serial: number;
  /** Streams of one number begin together and play at the same time; others follow them. */
  readonly group: number;
  /** The first eight bytes as text: the name of the codec. */
  readonly name: string;
  /** Why it cannot be read; undefined where it can, or is no sound. */
  problem: unknown;
  /** Offset of the next stream with the same number. */
  end: number | undefined;
  private readonly source: ByteSource;
  private readonly head: Uint8Array;
  private readonly assembler = new PacketAssembler();
  private readonly clock = new GranuleClock();
  private sound: { readonly codec: PacketCodec; readonly index: PacketIndex } | undefined;
  private gaps = false;
  private complete = false;

  constructor(source: ByteSource, first: OggPage, group: number) {
    this.source = source;
    this.serial = first.serial;
    this.group = group;
    this.head = first.body.slice();
    this.name = textAt(this.head, 0, 8).replace(/[^ -~]/g, "");
  }

  get isSound(): boolean {
    return isOpus(this.head) || isFlac(this.head) || isVorbisHeader(this.head);
  }

  add(page: OggPage): void {
    if (this.complete || !this.isSound || this.problem !== undefined) return;
    const group = this.assembler.add(page);
    this.gaps ||= group.gap;
    this.complete = page.last;
    let samples = 0;
    for (const packet of packetsOf(group)) {
      if (this.sound) samples += this.sound.index.add(packet);
      else this.openCodec(packet.bytes);
    }
    if (page.granule !== undefined && (samples > 0 || page.last)) {
      this.clock.stamp(this.sound?.index.samples ?? 0, page.granule, page.last);
    }
  }

  private openCodec(packet: Uint8Array): void {
    try {
      const codec = this.codecOf(packet);
      if (codec) this.sound = { codec, index: new PacketIndex(codec) };
    } catch (error) {
      this.problem = error;
    }
  }

  /** @param packet The next header: Vorbis has three, others say all in the first. */
  private codecOf(packet: Uint8Array): PacketCodec | undefined {
    const { source, head } = this;
    if (isOpus(head)) return opusCodec(source, head);
    if (!isFlac(head)) {
      const isSetup = isVorbisHeader(packet) && packet[0] === SETUP_PACKET;
      return isSetup ? vorbisCodec(source, head, packet.slice()) : undefined;
    }
    if (head.length < FLAC_HEAD_BYTES + STREAM_INFO_BYTES) {
      throw fileError(source, "the flac header is damaged or cut off");
    }
    return flacCodec(parseStreamInfo(source, head.subarray(FLAC_HEAD_BYTES)));
  }

  /** After all pages; undefined where the headers are not there. */
  finish(): OggSound | undefined {
    if (!this.sound) return undefined;
    const { source, serial, end } = this;
    const { codec, index } = this.sound;
    const early = codec.name === "Vorbis" ? this.clock.early : 0;
    const origin = codec.preSkip + early;
    return {
      source,
      codec,
      index,
      origin,
      frames: Math.max(0, index.samples - origin - this.clock.late),
      complete: this.complete,
      gaps: this.gaps,
      async *packets(offset) {
        for await (const group of oggPackets(oggPages(source, offset, end), serial)) yield packetsOf(group);
      },
    };
  }
}

function isOpus(head: Uint8Array): boolean {
  return textAt(head, 0, 8) === "OpusHead";
}

function isFlac(head: Uint8Array): boolean {
  return textAt(head, 0, 5) === "\x7fFLAC";
}

function packetsOf({ packets, entry }: OggPackets): Packet[] {
  return packets.map((bytes, i) => (i === entry?.index ? { bytes, entry: entry.offset } : { bytes }));
}

/**
 * Reads from granule positions more than the number of samples, which the packets give. A stream may begin at any
 * position, which says only when it was recorded. Its end is told by the difference to the position before.
 */
class GranuleClock {
  /** Samples at the beginning that come before position 0 (Vorbis I, appendix A.2). */
  early = 0;
  /** Samples at the end that are no sound (RFC 7845, section 4.4). */
  late = 0;
  private before: { readonly samples: number; readonly granule: number } | undefined;

  /** @param samples The samples of all packets up to the end of the page whose position is `granule`. */
  stamp(samples: number, granule: number, isLast: boolean): void {
    const { before } = this;
    if (!before && !isLast) this.early = Math.max(0, samples - granule);
    if (isLast) {
      const passed = samples - (before?.samples ?? 0);
      const said = granule - (before?.granule ?? 0);
      this.late = Math.min(passed, Math.max(0, passed - said));
    }
    this.before = { samples, granule };
  }
}
