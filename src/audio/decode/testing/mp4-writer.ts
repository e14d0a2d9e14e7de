/** @file MP4 files around packets of sound, put together from the specification: whole, in fragments, and with edits. */

import { memorySource } from "../byte-source.ts";
import { readMp4Track } from "../mp4-track.ts";
import { joinBytes, packed, type Field } from "./containers.ts";

/** A box of `name`; its size in 32 bits, in 64, or 0: up to the end of what it is in. */
export function box(
  name: string,
  contents: Uint8Array,
  size: "short" | "long" | "rest" = "short",
): Uint8Array {
  if (size === "long") {
    return packed("big", { u32: 1 }, { text: name }, { u64: contents.length + 16 }, contents);
  }
  return packed("big", { u32: size === "rest" ? 0 : contents.length + 8 }, { text: name }, contents);
}

function fields(...list: readonly Field[]): Uint8Array {
  return packed("big", ...list);
}

function words(...numbers: readonly number[]): Uint8Array {
  return packed("big", ...numbers.map((u32) => ({ u32: u32 >>> 0 })));
}

function nested(name: string, ...boxes: readonly Uint8Array[]): Uint8Array {
  return box(name, joinBytes(...boxes));
}

export interface SoundTrack {
  readonly packets: readonly Uint8Array[];
  /** A box of the sample description: "mp4a" with "esds" in it, "alac". */
  readonly description: Uint8Array;
  readonly sampleRate: number;
  /** Samples of each channel in a packet, the last one included. */
  readonly packetFrames: number;
}

export interface Mp4Layout {
  readonly edits?: readonly { readonly duration: number; readonly mediaTime: number }[];
  /** Units a second of the edits' durations. Default 1000. */
  readonly movieScale?: number;
  /** Default "stco". */
  readonly offsets?: "stco" | "co64";
  /** Default "stsz". */
  readonly sizes?: "stsz" | "stz2";
  /** How the size of the box with the packets is written, which "rest" puts last. Default "short", and before the index. */
  readonly data?: "short" | "long" | "rest";
  /** Puts a track with a picture before that of the sound, and its data between the sound's packets. */
  readonly picture?: boolean;
  /** Boxes in "udta". */
  readonly userData?: Uint8Array;
}

const TRACK_ID = 7;

/** The track of AAC packets in a whole file. */
export async function aacTrackOf(
  bytes: Uint8Array,
  channels: number,
  sampleRate: number,
): Promise<SoundTrack & { readonly config: Uint8Array }> {
  const { sizes, offsets, config } = await readMp4Track(memorySource(bytes, "track"));
  return {
    packets: sizes.map((size, i) => bytes.subarray(offsets[i], offsets[i] + size)),
    description: aacDescription(config, channels, sampleRate),
    sampleRate,
    packetFrames: 1024,
    config,
  };
}

/** The esds box for an AudioSpecificConfig. */
export function aacDescription(config: Uint8Array, channels: number, sampleRate: number): Uint8Array {
  const specific = joinBytes(Uint8Array.of(5, config.length), config);
  const decoder = joinBytes(Uint8Array.of(4, 13 + specific.length, 0x40, 0x15), new Uint8Array(11), specific);
  const stream = joinBytes(Uint8Array.of(3, 3 + decoder.length, 0, 1, 0), decoder);
  return soundDescription("mp4a", channels, sampleRate, box("esds", joinBytes(words(0), stream)));
}

/** A sample description of version 0 with a box of the codec's in it. */
export function soundDescription(
  name: string,
  channels: number,
  sampleRate: number,
  inner: Uint8Array,
): Uint8Array {
  const rate = sampleRate * 65_536;
  return box(
    name,
    fields(
      new Uint8Array(6),
      { u16: 1 },
      new Uint8Array(8),
      { u16: channels },
      { u16: 16 },
      { u32: 0 },
      { u32: rate },
      inner,
    ),
  );
}

/** A file with its index: packets in chunks of three. */
export function mp4File(track: SoundTrack, layout: Mp4Layout = {}): Uint8Array {
  const { packets } = track;
  const filler = new Uint8Array(layout.picture ? 50 : 0);
  const fileType = box("ftyp", fields({ text: "M4A " }, { u32: 0 }, { text: "isom" }));
  const data = joinBytes(...packets.flatMap((packet, i) => (i % 3 === 0 ? [filler, packet] : [packet])));
  const headerBytes = layout.data === "long" ? 16 : 8;
  const movieFor = (begin: number): Uint8Array => movieBox(track, layout, begin, filler.length);
  // The index does not change its length with the offsets in it.
  const before = layout.data === "rest" ? fileType.length + movieFor(0).length : fileType.length;
  const movie = movieFor(before + headerBytes);
  const media = box("mdat", data, layout.data);
  return layout.data === "rest" ? joinBytes(fileType, movie, media) : joinBytes(fileType, media, movie);
}

function movieBox(track: SoundTrack, layout: Mp4Layout, begin: number, filler: number): Uint8Array {
  const { packets, packetFrames } = track;
  const chunks: number[] = [];
  let at = begin;
  packets.forEach((packet, i) => {
    if (i % 3 === 0) chunks.push((at += filler));
    at += packet.length;
  });
  const tables = [
    box("stts", words(0, 1, packets.length, packetFrames)),
    box("stsc", words(0, 2, 1, 3, 1, 1_000_000, 1, 1)),
    layout.sizes === "stz2" ? compactSizes(packets) : wholeSizes(packets),
    layout.offsets === "co64"
      ? box("co64", fields({ u32: 0 }, { u32: chunks.length }, ...chunks.map((u64) => ({ u64 }))))
      : box("stco", words(0, chunks.length, ...chunks)),
  ];
  return movieOf(track, layout, tables, []);
}

function wholeSizes(packets: readonly Uint8Array[]): Uint8Array {
  return box("stsz", words(0, 0, packets.length, ...packets.map(({ length }) => length)));
}

function compactSizes(packets: readonly Uint8Array[]): Uint8Array {
  const sizes = packets.map(({ length }) => ({ u16: length }));
  return box("stz2", fields({ u32: 0 }, { u32: 16 }, { u32: packets.length }, ...sizes));
}

function movieOf(
  { packets, packetFrames, sampleRate, description }: SoundTrack,
  { edits = [], movieScale = 1000, picture, userData }: Mp4Layout,
  tables: readonly Uint8Array[],
  extension: readonly Uint8Array[],
): Uint8Array {
  const list = edits.flatMap(({ duration, mediaTime }) => [duration, mediaTime, 0x10000]);
  const duration = packets.length * packetFrames;
  const trackHeader = box("tkhd", joinBytes(words(7, 0, 0, TRACK_ID), new Uint8Array(68)));
  const media = nested(
    "mdia",
    box("mdhd", words(0, 0, 0, sampleRate, duration, 0)),
    box("hdlr", fields({ u32: 0 }, { u32: 0 }, { text: "soun" }, new Uint8Array(13))),
    nested("minf", nested("stbl", box("stsd", joinBytes(words(0, 1), description)), ...tables)),
  );
  const track = [
    trackHeader,
    ...(edits.length > 0 ? [nested("edts", box("elst", words(0, edits.length, ...list)))] : []),
    media,
  ];
  const movieHeader = box("mvhd", joinBytes(words(0, 0, 0, movieScale, 0), new Uint8Array(80)));
  return nested(
    "moov",
    movieHeader,
    ...(picture ? [pictureTrack()] : []),
    nested("trak", ...track),
    ...extension,
    ...(userData ? [box("udta", userData)] : []),
  );
}

function pictureTrack(): Uint8Array {
  const handler = box("hdlr", fields({ u32: 0 }, { u32: 0 }, { text: "vide" }, new Uint8Array(13)));
  const description = box("stsd", joinBytes(words(0, 1), box("avc1", new Uint8Array(70))));
  const media = nested("mdia", handler, nested("minf", nested("stbl", description)));
  return nested("trak", box("tkhd", joinBytes(words(7, 0, 0, 1), new Uint8Array(68))), media);
}

export interface FragmentLayout extends Mp4Layout {
  /** Packets in each fragment, in two runs. */
  readonly perFragment: number;
  /** The origin of data offsets: the fragment's first byte, by a flag or by default, or a position stated in a field. */
  readonly base: "flag" | "default" | "field";
  /** The place where packets' durations are stated. */
  readonly durations: "movie" | "fragment" | "packet";
  /** Whether the second run says where it begins; else it follows the first. */
  readonly secondOffset: boolean;
  /** When the first fragment begins, in samples. Default 0. */
  readonly begin?: number;
}

/** A file in fragments, with a track of another number before the sound's where there is a picture. */
export function fragmentedFile(track: SoundTrack, layout: FragmentLayout): Uint8Array {
  const { packets, packetFrames } = track;
  const defaults = box("trex", words(0, TRACK_ID, 1, layout.durations === "movie" ? packetFrames : 1, 0, 0));
  const tables = [
    box("stts", words(0, 0)),
    box("stsc", words(0, 0)),
    box("stsz", words(0, 0, 0)),
    box("stco", words(0, 0)),
  ];
  const fileType = box("ftyp", fields({ text: "iso5" }, { u32: 0 }, { text: "isom" }));
  const parts = [fileType, movieOf({ ...track, packets: [] }, layout, tables, [nested("mvex", defaults)])];
  let position = parts.reduce((sum, part) => sum + part.length, 0);
  for (let first = 0; first < packets.length; first += layout.perFragment) {
    const group = packets.slice(first, first + layout.perFragment);
    const time = (layout.begin ?? 0) + first * packetFrames;
    const index = box("sidx", new Uint8Array(24));
    const fragment = fragmentOf(group, track, layout, time, position + index.length);
    parts.push(index, fragment);
    position += index.length + fragment.length;
  }
  return joinBytes(...parts);
}

function fragmentOf(
  packets: readonly Uint8Array[],
  { packetFrames }: SoundTrack,
  { base, durations, secondOffset, picture }: FragmentLayout,
  time: number,
  position: number,
): Uint8Array {
  const half = Math.ceil(packets.length / 2);
  const runs = [packets.slice(0, half), packets.slice(half)].filter((run) => run.length > 0);
  const filler = picture ? 30 : 0;
  const movieFragment = (dataOffset: number): Uint8Array => {
    let at = dataOffset;
    const boxes = runs.map((run, i) => {
      const hasOffset = i === 0 || secondOffset;
      const flags = (hasOffset ? 1 : 0) | 0x200 | (durations === "packet" ? 0x100 : 0);
      const entries = run.flatMap(({ length }) => [
        ...(durations === "packet" ? [packetFrames] : []),
        length,
      ]);
      const offset = at;
      at += run.reduce((sum, { length }) => sum + length, 0);
      return box("trun", words(flags, run.length, ...(hasOffset ? [offset] : []), ...entries));
    });
    const flags =
      (base === "flag" ? 0x20000 : 0) | (base === "field" ? 1 : 0) | (durations === "fragment" ? 8 : 0);
    const header = joinBytes(
      words(flags, TRACK_ID),
      base === "field" ? fields({ u64: position }) : new Uint8Array(0),
      durations === "fragment" ? words(packetFrames) : new Uint8Array(0),
    );
    const pictureRun = box("trun", words(0x201, 1, dataOffset - filler, filler));
    return nested(
      "moof",
      box("mfhd", words(0, 1)),
      // Where offsets count from what came before, this one moves on by its packet.
      ...(picture && base !== "default" ? [nested("traf", box("tfhd", words(0x20000, 1)), pictureRun)] : []),
      nested("traf", box("tfhd", header), box("tfdt", words(0, time)), ...boxes),
    );
  };
  const length = movieFragment(0).length;
  const data = box("mdat", joinBytes(new Uint8Array(filler), ...packets));
  return joinBytes(movieFragment(length + 8 + filler), data);
}
