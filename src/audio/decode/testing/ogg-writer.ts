/** @file Ogg pages with right checksums, to rearrange the packets of a fixture. */

import { memorySource } from "../byte-source.ts";
import { oggPackets } from "../ogg-packets.ts";
import { oggPages } from "../ogg-pages.ts";
import { joinBytes, packed } from "./containers.ts";

/** A page of whole packets; `flags` as in the format: 2 first, 4 last. */
export interface PageFields {
  readonly packets: readonly Uint8Array[];
  readonly granule: number;
  readonly flags?: number;
}

/** A packet and the granule position at its end. */
export interface StampedPacket {
  readonly bytes: Uint8Array;
  readonly granule: number;
}

const SERIAL = 7;

/** One logical stream. */
export function oggFile(pages: readonly PageFields[], serial = SERIAL): Uint8Array {
  return joinBytes(
    ...pages.map(({ packets, granule, flags = 0 }, sequence) =>
      oggPage({
        lacing: packets.flatMap(lacingOf),
        body: joinBytes(...packets),
        granule,
        flags,
        serial,
        sequence,
      }),
    ),
  );
}

/**
 * One logical stream, as pages: headers on pages of their own, and audio packets that go on from page to page.
 * @param segments The number of segments in each page, at most 255; a packet of 255 bytes and more has several.
 */
export function oggStream(
  headers: readonly Uint8Array[],
  sound: readonly StampedPacket[],
  { serial = SERIAL, segments = 255, last = 4 } = {},
): Uint8Array[] {
  const flat = sound.flatMap(({ bytes, granule }) =>
    lacingOf(bytes).map((length, i, all) => ({
      part: bytes.subarray(255 * i, 255 * i + length),
      granule: i === all.length - 1 ? granule : undefined,
    })),
  );
  const pages = headers.map((header, sequence) =>
    oggPage({
      lacing: lacingOf(header),
      body: header,
      granule: 0,
      flags: sequence === 0 ? 2 : 0,
      serial,
      sequence,
    }),
  );
  for (let at = 0; at < flat.length; at += segments) {
    const some = flat.slice(at, at + segments);
    const isContinued = at > 0 && flat[at - 1].granule === undefined;
    const isLast = at + segments >= flat.length;
    pages.push(
      oggPage({
        lacing: some.map(({ part }) => part.length),
        body: joinBytes(...some.map(({ part }) => part)),
        granule: some.findLast(({ granule }) => granule !== undefined)?.granule ?? -1,
        flags: (isContinued ? 1 : 0) + (isLast ? last : 0),
        serial,
        sequence: pages.length,
      }),
    );
  }
  return pages;
}

function lacingOf({ length }: Uint8Array): number[] {
  return [...new Array<number>(Math.floor(length / 255)).fill(255), length % 255];
}

interface RawPage {
  readonly lacing: readonly number[];
  readonly body: Uint8Array;
  readonly granule: number;
  readonly flags: number;
  readonly serial: number;
  readonly sequence: number;
}

function oggPage({ lacing, body, granule, flags, serial, sequence }: RawPage): Uint8Array {
  const page = packed(
    "little",
    { text: "OggS" },
    Uint8Array.of(0, flags),
    { u32: granule },
    { u32: Math.floor(granule / 2 ** 32) },
    { u32: serial },
    { u32: sequence },
    { u32: 0 },
    Uint8Array.of(lacing.length, ...lacing),
    body,
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
