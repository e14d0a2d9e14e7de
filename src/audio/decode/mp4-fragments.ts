/**
 * @file MP4 in fragments, as recorders of browsers and streams write it: the index of each stretch of audio stands before it
 * (ISO/IEC 14496-12, section 8.8). Browser-safe.
 */

import { viewOf, type ByteSource } from "./byte-source.ts";
import { childrenOf, findBox, type Box, type TopBox } from "./mp4-boxes.ts";
import type { PacketTable } from "./mp4-tables.ts";

/** The duration (in the track's time scale) and size of packets for which a fragment does not state them. */
export interface PacketDefaults {
  readonly duration: number;
  readonly bytes: number;
}

/** Packets of a track in fragments. */
export interface Fragments extends PacketTable {
  /** When the first one begins, in the track's time scale. */
  readonly begin: number;
}

const MAX_FRAGMENT_BYTES = 16 * 2 ** 20;

/** Flags of "tfhd" and "trun": which fields are there. */
const TRACK = { base: 1, description: 2, duration: 8, bytes: 16, baseIsFragment: 0x20000 };
const RUN = { offset: 1, firstFlags: 4, duration: 0x100, bytes: 0x200, flags: 0x400, composition: 0x800 };

/** Defaults of a track in "mvex"; undefined where the file has no fragments of it. */
export function parseDefaults(
  extension: Uint8Array | undefined,
  trackId: number,
): PacketDefaults | undefined {
  const box = childrenOf(extension).find(
    ({ name, contents }) =>
      name === "trex" && contents.length >= 20 && viewOf(contents).getUint32(4, false) === trackId,
  );
  if (!box) return undefined;
  const view = viewOf(box.contents);
  return { duration: view.getUint32(12, false), bytes: view.getUint32(16, false) };
}

/** The packets of a track in all fragments `boxes` ("moof"), in their order. */
export async function readFragments(
  source: ByteSource,
  boxes: readonly TopBox[],
  trackId: number,
  defaults: PacketDefaults,
): Promise<Fragments> {
  const reader = new FragmentReader(source.size, trackId, defaults);
  for (const { offset, begin, end } of boxes) {
    if (end > source.size || end - begin > MAX_FRAGMENT_BYTES) break;
    reader.add(childrenOf(await source.read(begin, end - begin)), offset);
  }
  return reader;
}

class FragmentReader implements Fragments {
  readonly sizes: number[] = [];
  readonly offsets: number[] = [];
  duration = 0;
  begin = 0;
  private readonly fileBytes: number;
  private readonly trackId: number;
  private readonly defaults: PacketDefaults;

  constructor(fileBytes: number, trackId: number, defaults: PacketDefaults) {
    this.fileBytes = fileBytes;
    this.trackId = trackId;
    this.defaults = defaults;
  }

  /** Adds what the fragment that begins at byte `offset` says; its boxes are `boxes`. */
  add(boxes: readonly Box[], offset: number): void {
    let dataEnd = offset;
    for (const box of boxes) {
      if (box.name === "traf") dataEnd = this.addTrack(childrenOf(box.contents), offset, dataEnd);
    }
  }

  /** @returns Where the data end, which is where those of the next track begin. */
  private addTrack(boxes: readonly Box[], fragment: number, previousEnd: number): number {
    const header = findBox(boxes, "tfhd");
    if (!header || header.length < 8) return previousEnd;
    const fields = new FieldReader(header, 8);
    const has = (flag: number): boolean => (fields.flags & flag) !== 0;
    const ownBase = has(TRACK.base) ? fields.long() : undefined;
    if (has(TRACK.description)) fields.word();
    const duration = has(TRACK.duration) ? fields.word() : this.defaults.duration;
    const bytes = has(TRACK.bytes) ? fields.word() : this.defaults.bytes;
    const isOurs = viewOf(header).getUint32(4, false) === this.trackId;
    if (isOurs && this.sizes.length === 0) this.begin = decodeTime(findBox(boxes, "tfdt"));
    const base = ownBase ?? (has(TRACK.baseIsFragment) ? fragment : previousEnd);
    let next = base;
    for (const { name, contents } of boxes) {
      if (name === "trun" && contents.length >= 8) {
        next = this.addRun(contents, base, next, { duration, bytes }, isOurs);
      }
    }
    return next;
  }

  /** @returns Where the run's data end. */
  private addRun(
    contents: Uint8Array,
    base: number,
    next: number,
    defaults: PacketDefaults,
    isOurs: boolean,
  ): number {
    const fields = new FieldReader(contents, 8);
    const has = (flag: number): boolean => (fields.flags & flag) !== 0;
    const count = viewOf(contents).getUint32(4, false);
    let at = has(RUN.offset) ? base + (fields.word() | 0) : next;
    if (has(RUN.firstFlags)) fields.word();
    for (let i = 0; i < count && !fields.isAtEnd; i++) {
      const duration = has(RUN.duration) ? fields.word() : defaults.duration;
      const bytes = has(RUN.bytes) ? fields.word() : defaults.bytes;
      if (has(RUN.flags)) fields.word();
      if (has(RUN.composition)) fields.word();
      // Without fields of its own a packet takes no byte of the run, which may claim any number of them.
      if (bytes === 0 || at < 0 || at >= this.fileBytes) break;
      if (isOurs) {
        this.sizes.push(bytes);
        this.offsets.push(at);
        this.duration += duration;
      }
      at += bytes;
    }
    return at;
  }
}

/** Reads the numbers of a box one after the other; numbers beyond its end are 0. */
class FieldReader {
  readonly flags: number;
  /** Whether a field was asked for that is not there. */
  isAtEnd = false;
  private readonly view: DataView;
  private at: number;

  constructor(contents: Uint8Array, at: number) {
    this.view = viewOf(contents);
    this.flags = this.view.getUint32(0, false) & 0xffffff;
    this.at = at;
  }

  word(): number {
    this.at += 4;
    this.isAtEnd ||= this.at > this.view.byteLength;
    return this.isAtEnd ? 0 : this.view.getUint32(this.at - 4, false);
  }

  long(): number {
    const high = this.word();
    return high * 2 ** 32 + this.word();
  }
}

/** "tfdt": when the fragment begins. */
function decodeTime(contents: Uint8Array | undefined): number {
  if (!contents || contents.length < 8) return 0;
  const view = viewOf(contents);
  return contents[0] === 1 && contents.length >= 12
    ? Number(view.getBigUint64(4, false))
    : view.getUint32(4, false);
}
