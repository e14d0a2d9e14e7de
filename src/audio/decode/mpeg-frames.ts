/** @file Headers of MPEG audio frames (ISO 11172-3, 13818-3 and the unofficial 2.5). Browser-safe. */

export interface MpegFrame {
  /** 1, 2 or 2.5. */
  readonly version: 1 | 2 | 2.5;
  /** 1, 2 or 3. */
  readonly layer: 1 | 2 | 3;
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Bits a second. */
  readonly bitRate: number;
  /** Of the whole frame. */
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

/** Frames that must follow one another before bytes are taken for a stream. */
const CONSECUTIVE_FRAMES = 3;

/** The header at `offset`; undefined where there is none. */
export function parseMpegFrame(bytes: Uint8Array, offset: number): MpegFrame | undefined {
  if (offset + 4 > bytes.length || bytes[offset] !== 0xff || (bytes[offset + 1] & 0xe0) !== 0xe0)
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

/** Where the first of several frames that follow one another begins; undefined where there are none. */
export function findFirstFrame(bytes: Uint8Array): number | undefined {
  for (let offset = 0; offset + 4 <= bytes.length; offset++) {
    if (bytes[offset] === 0xff && framesFollow(bytes, offset)) return offset;
  }
  return undefined;
}

function framesFollow(bytes: Uint8Array, offset: number): boolean {
  const first = parseMpegFrame(bytes, offset);
  let at = offset;
  for (let count = 0; count < CONSECUTIVE_FRAMES; count++) {
    const frame = parseMpegFrame(bytes, at);
    if (!first || !frame || !sameStream(first, frame)) return false;
    at += frame.bytes;
    // A very short recording ends here.
    if (at === bytes.length) return true;
  }
  return true;
}
