/** @file Packets of Ogg (RFC 3533), put together from the pages of one stream. Browser-safe. */

import { joinedBytes } from "./byte-source.ts";
import type { OggPage } from "./ogg-pages.ts";

/** The packets that end on one page. */
export interface OggPackets {
  readonly page: OggPage;
  readonly packets: readonly Uint8Array[];
  /** The first packet from which on one gets all when reading begins at the page at `offset`; undefined without one. */
  readonly entry: { readonly index: number; readonly offset: number } | undefined;
  /** Whether pages are missing before this one. */
  readonly gap: boolean;
}

/** A packet larger than the largest comment with a cover picture is damage. */
const MAX_PACKET_BYTES = 64 * 2 ** 20;

/** Page by page, the packets of the stream `serial` that end there; packets with a part missing are dropped. */
export async function* oggPackets(pages: AsyncIterable<OggPage>, serial: number): AsyncGenerator<OggPackets> {
  const assembler = new PacketAssembler();
  for await (const page of pages) {
    if (page.serial !== serial) continue;
    yield assembler.add(page);
    if (page.last) return;
  }
}

/** Takes the pages of one stream in their order. A packet ends with a segment shorter than 255. */
export class PacketAssembler {
  private begun: Uint8Array[] = [];
  private begunBytes = 0;
  /** Where the packet that is begun can be entered; undefined where another one begins on its page before it. */
  private begunEntry: number | undefined;
  private sequence: number | undefined;

  add(page: OggPage): OggPackets {
    const gap = this.sequence !== undefined && page.sequence !== this.sequence + 1;
    this.sequence = page.sequence;
    if (gap || !page.continued) this.forget();
    // The rest of a packet whose beginning is not there.
    let orphan = page.continued && this.begun.length === 0;
    let entry = this.begunEntry === undefined ? undefined : { index: 0, offset: this.begunEntry };
    const packets: Uint8Array[] = [];
    let isFirst = true;
    let start = 0;
    let end = 0;
    for (const length of page.segments) {
      end += length;
      if (length === 255) continue;
      if (this.begun.length === 0 && !orphan) {
        if (isFirst) entry ??= { index: packets.length, offset: page.offset };
        isFirst = false;
      }
      if (!orphan) packets.push(joinedBytes([...this.begun, page.body.subarray(start, end)]));
      this.forget();
      orphan = false;
      start = end;
    }
    if (start < end && !orphan) this.begin(page.body.subarray(start, end), isFirst ? page.offset : undefined);
    return { page, packets, entry, gap };
  }

  private begin(part: Uint8Array, entry: number | undefined): void {
    if (this.begun.length === 0) this.begunEntry = entry;
    this.begun.push(part);
    this.begunBytes += part.length;
    if (this.begunBytes > MAX_PACKET_BYTES) this.forget();
  }

  private forget(): void {
    this.begun = [];
    this.begunBytes = 0;
    this.begunEntry = undefined;
  }
}
