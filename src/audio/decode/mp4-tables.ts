/** @file Where each packet of an MP4 track lies, by the tables of its index (ISO/IEC 14496-12, section 8.6 to 8.7). Browser-safe. */

import { viewOf } from "./byte-source.ts";
import { findBox, type Box } from "./mp4-boxes.ts";
import type { PacketPlaces } from "./packet-places.ts";

export interface PacketTable extends PacketPlaces {
  /** Total duration of the packets, in the track's time scale. */
  readonly duration: number;
}

/** @param tables The boxes in "stbl". @param fileBytes No more packets are believed than bytes are there. */
export function parsePacketTable(tables: readonly Box[], fileBytes: number): PacketTable {
  const sizes =
    parseSizes(findBox(tables, "stsz"), fileBytes) ?? parseCompactSizes(findBox(tables, "stz2")) ?? [];
  return { sizes, offsets: parseOffsets(tables, sizes), duration: parseDuration(findBox(tables, "stts")) };
}

/** "stsz": one size for all, or one for each packet. */
function parseSizes(contents: Uint8Array | undefined, fileBytes: number): number[] | undefined {
  if (!contents || contents.length < 12) return undefined;
  const view = viewOf(contents);
  const common = view.getUint32(4, false);
  const count = view.getUint32(8, false);
  if (common !== 0) return count > fileBytes / common ? [] : new Array<number>(count).fill(common);
  if (count > (contents.length - 12) / 4) return [];
  return Array.from({ length: count }, (_, i) => view.getUint32(12 + 4 * i, false));
}

/** "stz2": sizes of 4, 8 or 16 bits. */
function parseCompactSizes(contents: Uint8Array | undefined): number[] | undefined {
  if (!contents || contents.length < 12) return undefined;
  const view = viewOf(contents);
  const bits = contents[7];
  const count = view.getUint32(8, false);
  if (![4, 8, 16].includes(bits) || count > (8 * (contents.length - 12)) / bits) return [];
  return Array.from({ length: count }, (_, i) => {
    if (bits === 16) return view.getUint16(12 + 2 * i, false);
    if (bits === 8) return contents[12 + i];
    return (contents[12 + (i >> 1)] >> (i % 2 === 0 ? 4 : 0)) & 15;
  });
}

/** From the tables of chunks ("stco" or "co64") and of packets in each ("stsc"). */
function parseOffsets(tables: readonly Box[], sizes: readonly number[]): number[] {
  const long = findBox(tables, "co64");
  const chunks = long ?? findBox(tables, "stco");
  const groups = findBox(tables, "stsc");
  if (!chunks || !groups || chunks.length < 8 || groups.length < 20) return [];
  const [chunkView, groupView] = [viewOf(chunks), viewOf(groups)];
  const chunkCount = Math.min(
    chunkView.getUint32(4, false),
    Math.floor((chunks.length - 8) / (long ? 8 : 4)),
  );
  const groupCount = Math.min(groupView.getUint32(4, false), Math.floor((groups.length - 8) / 12));
  const offsets: number[] = [];
  let group = 0;
  for (let chunk = 0; chunk < chunkCount && offsets.length < sizes.length; chunk++) {
    while (group + 1 < groupCount && groupView.getUint32(8 + 12 * (group + 1), false) <= chunk + 1) group++;
    const packets = groupView.getUint32(12 + 12 * group, false);
    let offset = long
      ? Number(chunkView.getBigUint64(8 + 8 * chunk, false))
      : chunkView.getUint32(8 + 4 * chunk, false);
    for (let i = 0; i < packets && offsets.length < sizes.length; i++) {
      offsets.push(offset);
      offset += sizes[offsets.length - 1];
    }
  }
  return offsets;
}

/** "stts": how many packets last how long. */
function parseDuration(contents: Uint8Array | undefined): number {
  if (!contents || contents.length < 8) return 0;
  const view = viewOf(contents);
  const count = Math.min(view.getUint32(4, false), Math.floor((contents.length - 8) / 8));
  let duration = 0;
  for (let i = 0; i < count; i++) {
    duration += view.getUint32(8 + 8 * i, false) * view.getUint32(12 + 8 * i, false);
  }
  return duration;
}
