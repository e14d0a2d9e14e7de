/** @file The tracks of a Matroska or WebM file, and their codecs (matroska.org/technical/codec_specs.html). Browser-safe. */

import { checkHeader, fileError } from "./audio-reader.ts";
import { textAt, type ByteSource } from "./byte-source.ts";
import { childElements, floatValue, unsignedValue } from "./ebml.ts";
import { parseStreamInfo, STREAM_INFO_BYTES } from "./flac-header.ts";
import { flacCodec } from "./flac.ts";
import { opusCodec } from "./opus.ts";
import type { PacketCodec } from "./packet-codec.ts";
import { pcmCodec } from "./pcm-codec.ts";
import { signedEncoding, type PcmEncoding } from "./pcm-encoding.ts";
import { vorbisCodec } from "./vorbis.ts";

/** An audio track. */
export interface WebmTrack {
  readonly number: number;
  /** The codec's name in the file: "A_OPUS". */
  readonly codecId: string;
  /** Duration that the codec adds before the sound, in nanoseconds; undefined where the file does not state it. */
  readonly codecDelay: number | undefined;
  /** Bytes that were taken off the beginning of each packet. */
  readonly prefix: Uint8Array;
  /** Why packets cannot be read: "encrypted", "compressed"; undefined where they can. */
  readonly obstacle: string | undefined;
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitDepth: number;
  /** The codec's header data (Matroska's CodecPrivate); empty where the file has none. */
  readonly setup: Uint8Array;
}

const TRACK = 0xae;
const NUMBER = 0xd7;
const TYPE = 0x83;
const CODEC_ID = 0x86;
const CODEC_PRIVATE = 0x63a2;
const CODEC_DELAY = 0x56aa;
const AUDIO = 0xe1;
const SAMPLE_RATE = 0xb5;
const CHANNELS = 0x9f;
const BIT_DEPTH = 0x6264;
const ENCODINGS = 0x6d80;
const ENCODING = 0x6240;
const COMPRESSION = 0x5034;
const ALGORITHM = 0x4254;
const SETTINGS = 0x4255;
const SOUND = 2;
const HEADER_STRIPPING = 3;
/** Position of STREAMINFO in a flac file's header, after "fLaC" and the header of its block. */
const FLAC_INFO_OFFSET = 8;

/** The audio tracks that the element `tracks` lists. */
export function parseTracks(tracks: Uint8Array): WebmTrack[] {
  return (childElements(tracks).get(TRACK) ?? []).flatMap((entry) => {
    const fields = childElements(entry);
    const field = (name: number): Uint8Array | undefined => fields.get(name)?.[0];
    const number = unsignedValue(field(NUMBER));
    if (number === undefined || unsignedValue(field(TYPE)) !== SOUND) return [];
    const audio = childElements(field(AUDIO) ?? new Uint8Array(0));
    const id = field(CODEC_ID) ?? new Uint8Array(0);
    return [
      {
        number,
        codecId: textAt(id, 0, Math.min(id.length, 64)).replace(/[^ -~]/g, ""),
        codecDelay: unsignedValue(field(CODEC_DELAY)),
        sampleRate: floatValue(audio.get(SAMPLE_RATE)?.[0]) ?? 8000,
        channels: unsignedValue(audio.get(CHANNELS)?.[0]) ?? 1,
        bitDepth: unsignedValue(audio.get(BIT_DEPTH)?.[0]) ?? 0,
        setup: (field(CODEC_PRIVATE) ?? new Uint8Array(0)).slice(),
        ...parseEncodings(field(ENCODINGS)),
      },
    ];
  });
}

function parseEncodings(encodings: Uint8Array | undefined): Pick<WebmTrack, "prefix" | "obstacle"> {
  const list = encodings ? (childElements(encodings).get(ENCODING) ?? []) : [];
  const prefix = new Uint8Array(0);
  if (list.length === 0) return { prefix, obstacle: undefined };
  const compression = childElements(list[0]).get(COMPRESSION)?.[0];
  if (!compression) return { prefix, obstacle: "encrypted" };
  const settings = childElements(compression);
  const strips = unsignedValue(settings.get(ALGORITHM)?.[0]) === HEADER_STRIPPING && list.length === 1;
  if (!strips) return { prefix, obstacle: "compressed once more" };
  return { prefix: settings.get(SETTINGS)?.[0]?.slice() ?? prefix, obstacle: undefined };
}

/**
 * Creates the codec of a track; undefined for one that is not known.
 * @throws AuricleError "file" where its setup is damaged.
 */
export function codecOfTrack(source: ByteSource, track: WebmTrack): PacketCodec | undefined {
  const { codecId, setup } = track;
  if (codecId === "A_OPUS") return opusOfTrack(source, track);
  if (codecId === "A_VORBIS") {
    const [identification, , tables] = lacedHeaders(source, setup);
    return vorbisCodec(source, identification, tables);
  }
  if (codecId === "A_FLAC") {
    if (setup.length < FLAC_INFO_OFFSET + STREAM_INFO_BYTES) {
      throw fileError(source, "the flac header is damaged or cut off");
    }
    return flacCodec(parseStreamInfo(source, setup.subarray(FLAC_INFO_OFFSET)));
  }
  return pcmOfTrack(source, track);
}

/**
 * Both the Opus header and the track say how many samples come before the sound. They are to agree; where they do not, the
 * header is right: FFmpeg 5 writes wrong delays for sound that had another rate than 48 kHz.
 */
function opusOfTrack(source: ByteSource, { setup, codecDelay = 0 }: WebmTrack): PacketCodec {
  const codec = opusCodec(source, setup);
  return { ...codec, preSkip: codec.preSkip || Math.round((codecDelay * codec.sampleRate) / 1e9) };
}

/** Three packets behind one another: how many less one, the lengths of the first two in bytes of up to 255, the packets. */
function lacedHeaders(source: ByteSource, setup: Uint8Array): Uint8Array[] {
  const lengths: number[] = [];
  let at = 1;
  while (lengths.length < 2 && at < setup.length) {
    let length = 0;
    while (setup[at] === 255) length += setup[at++];
    lengths.push(length + (setup[at++] ?? 0));
  }
  const ends = [at + (lengths[0] ?? 0), at + (lengths[0] ?? 0) + (lengths[1] ?? 0)];
  if (setup[0] !== 2 || ends[1] >= setup.length)
    throw fileError(source, "the Vorbis header is damaged or cut off");
  return [setup.slice(at, ends[0]), setup.slice(ends[0], ends[1]), setup.slice(ends[1])];
}

function pcmOfTrack(source: ByteSource, track: WebmTrack): PacketCodec | undefined {
  const { codecId, sampleRate, channels, bitDepth } = track;
  const bytes = bitDepth / 8;
  const endian = codecId === "A_PCM/INT/BIG" ? "big" : "little";
  let encoding: PcmEncoding | undefined;
  if (codecId.startsWith("A_PCM/INT/")) {
    encoding = bytes === 1 ? "unsigned-8" : signedEncoding(bytes, endian);
  } else if (codecId === "A_PCM/FLOAT/IEEE") {
    encoding = bytes === 4 ? "float-32-little" : bytes === 8 ? "float-64-little" : undefined;
  }
  if (!encoding) return undefined;
  checkHeader(source, sampleRate, channels);
  return pcmCodec(encoding, sampleRate, channels);
}
