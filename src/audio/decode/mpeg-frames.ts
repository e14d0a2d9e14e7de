/** @file Headers of MPEG audio frames (ISO 11172-3, 13818-3 and the unofficial 2.5). Browser-safe. */

import { textAt, viewOf } from "./byte-source.ts";
import { id3TagLength } from "./id3.ts";

export interface MpegFrame {
  /** 1, 2 or 2.5. */
  readonly version: 1 | 2 | 2.5;
  /** 1, 2 or 3. */
  readonly layer: 1 | 2 | 3;
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Bits a second. */
  readonly bitRate: number;
  /** The length of the whole frame. */
  readonly bytes: number;
  /** Samples of each channel. */
  readonly samples: number;
  /** From the frame's start to where a layer III frame's main data, or a Xing header, begins. */
  readonly sideInfoEnd: number;
}

const SAMPLE_RATES = [44_100, 48_000, 32_000];
/** In kbit/s, by the header's index; index 0 (free format) and 15 are not accepted. */
const BIT_RATES: Readonly<Record<string, readonly number[]>> = {
  "1-1": [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  "1-2": [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  "1-3": [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  "2-1": [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  "2-2": [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  "2-3": [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const VERSIONS = [2.5, undefined, 2, 1] as const;
const LAYERS = [undefined, 3, 2, 1] as const;
const MONO_MODE = 3;
const HEADER_BYTES = 4;

/** Frames that must follow one another before bytes are taken for a stream. */
const CONSECUTIVE_FRAMES = 3;

/** The header at `offset`; undefined where there is none. */
export function parseMpegFrame(bytes: Uint8Array, offset: number): MpegFrame | undefined {
  if (offset + HEADER_BYTES > bytes.length || bytes[offset] !== 0xff || (bytes[offset + 1] & 0xe0) !== 0xe0)
    return undefined;
  const version = VERSIONS[(bytes[offset + 1] >> 3) & 3];
  const layer = LAYERS[(bytes[offset + 1] >> 1) & 3];
  const rateIndex = (bytes[offset + 2] >> 2) & 3;
  if (version === undefined || layer === undefined || rateIndex === 3) return undefined;
  const kilobits = BIT_RATES[`${version === 1 ? 1 : 2}-${layer}`][bytes[offset + 2] >> 4];
  if (!kilobits) return undefined;
  const sampleRate = SAMPLE_RATES[rateIndex] / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const padding = (bytes[offset + 2] >> 1) & 1;
  const channels = bytes[offset + 3] >> 6 === MONO_MODE ? 1 : 2;
  const samples = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1152;
  const slotBytes = layer === 1 ? 4 : 1;
  const slots = Math.floor((samples / 8 / slotBytes) * ((kilobits * 1000) / sampleRate)) + padding;
  const sideInfo = version === 1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  return {
    version,
    layer,
    sampleRate,
    channels,
    bitRate: kilobits * 1000,
    bytes: slots * slotBytes,
    samples,
    sideInfoEnd: 4 + sideInfo,
  };
}

/** Whether two frames can belong to one stream. */
export function sameStream(a: MpegFrame, b: MpegFrame): boolean {
  return a.version === b.version && a.layer === b.layer && a.sampleRate === b.sampleRate;
}

/** Where frames begin, or may begin. */
export interface FoundFrames {
  readonly offset: number;
  /** Undefined where bytes behind the end of those that were searched have to tell. */
  readonly frame: MpegFrame | undefined;
}

/**
 * The first place at `from` or later where several frames follow one another, or fewer that end with the file or a tag.
 * @param isEnd Whether the file ends with `bytes`.
 * @param like A frame of the stream that they must belong to; undefined for any.
 */
export function findFrames(
  bytes: Uint8Array,
  from: number,
  isEnd: boolean,
  like: MpegFrame | undefined,
): FoundFrames {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const frame = parseMpegFrame(bytes, at);
    const verdict =
      frame && (!like || sameStream(frame, like)) ? framesFollow(bytes, at, frame, isEnd) : "no";
    if (verdict === "yes") return { offset: at, frame };
    if (verdict === "unknown") return { offset: at, frame: undefined };
    // A header may begin with the last bytes.
    if (!frame && !isEnd && at + HEADER_BYTES > bytes.length) return { offset: at, frame: undefined };
  }
  return { offset: bytes.length, frame: undefined };
}

function framesFollow(
  bytes: Uint8Array,
  at: number,
  first: MpegFrame,
  isEnd: boolean,
): "yes" | "no" | "unknown" {
  for (let count = 1; ; count++) {
    const frame = parseMpegFrame(bytes, at);
    if (!frame || !sameStream(first, frame)) {
      if (!isEnd && at + TAG_NAME_BYTES > bytes.length) return "unknown";
      return count > 1 && tagLength(bytes, at) > 0 ? "yes" : "no";
    }
    if (count === CONSECUTIVE_FRAMES) return "yes";
    at += frame.bytes;
    // A very short recording ends here, or in the middle of its second frame.
    if (at >= bytes.length) return !isEnd ? "unknown" : at === bytes.length || count > 1 ? "yes" : "no";
  }
}

const TAG_NAME_BYTES = 8;
const ID3V1_BYTES = 128;
const APE_HEADER_BYTES = 32;

/** Length of the tag that begins at `at`: ID3, or APE's; 0 where there is none. */
export function tagLength(bytes: Uint8Array, at: number): number {
  if (textAt(bytes, at, 3) === "TAG") return ID3V1_BYTES;
  if (textAt(bytes, at, 3) === "ID3") return id3TagLength(bytes.subarray(at));
  if (textAt(bytes, at, 8) !== "APETAGEX" || at + 16 > bytes.length) return 0;
  // The length is that without the header.
  return APE_HEADER_BYTES + viewOf(bytes).getUint32(at + 12, true);
}
