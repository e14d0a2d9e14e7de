/** @file Ogg pages with right checksums, to rearrange the packets of a fixture. */

import { memorySource } from "../byte-source.ts";
import { oggPackets, oggPages } from "../ogg-pages.ts";
import { joinBytes, packed } from "./containers.ts";

/** A page of whole packets; `flags` as in the format: 2 first, 4 last. */
export interface PageFields {
  readonly packets: readonly Uint8Array[];
  readonly granule: number;
  readonly flags?: number;
}

/** One logical stream. */
export function oggFile(pages: readonly PageFields[]): Uint8Array {
  return joinBytes(...pages.map((page, sequence) => oggPage(page, sequence)));
}

function oggPage({ packets, granule, flags = 0 }: PageFields, sequence: number): Uint8Array {
  const lacing = packets.flatMap(({ length }) => [
    ...new Array<number>(Math.floor(length / 255)).fill(255),
    length % 255,
  ]);
  const page = packed(
    "little",
    { text: "OggS" },
    Uint8Array.of(0, flags),
    { u32: granule % 2 ** 32 },
    { u32: Math.floor(granule / 2 ** 32) },
    { u32: 7 },
    { u32: sequence },
    { u32: 0 },
    Uint8Array.of(lacing.length, ...lacing),
    ...packets,
  );
  new DataView(page.buffer).setUint32(22, crc(page), true);
  return page;
}

/** CRC-32 of polynomial 0x04c11db7, bit by bit. */
function crc(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = (sum << 1) ^ (sum < 0 ? 0x04c11db7 : 0);
  }
  return sum >>> 0;
}

/** All packets of a file's only stream. */
export async function packetsOf(bytes: Uint8Array): Promise<Uint8Array[]> {
  const source = memorySource(bytes, "fixture");
  const packets: Uint8Array[] = [];
  let serial: number | undefined;
  for await (const page of oggPages(source, 0)) serial ??= page.serial;
  for await (const page of oggPackets(oggPages(source, 0), serial ?? 0)) packets.push(...page.packets);
  return packets;
}
