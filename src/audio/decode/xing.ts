/**
 * @file The Xing/Info header that encoders put into the first, silent frame of an mp3 file, with LAME's extension that
 * says how many samples the encoder put before and after the sound (gabriel.mp3-tech.org/mp3infotag.html).
 * Browser-safe.
 */

import { textAt, viewOf } from "./byte-source.ts";
import type { MpegFrame } from "./mpeg-frames.ts";

export interface XingHeader {
  /** Frames that follow this one; undefined where it does not say. */
  readonly frames: number | undefined;
  /** Length of all frames, this one included; undefined where it does not say. */
  readonly bytes: number | undefined;
  /** Samples that the encoder put before the sound; undefined without LAME's extension. */
  readonly delay: number | undefined;
  /** Samples that the encoder put after it. */
  readonly padding: number;
}

const FRAMES_FLAG = 1;
const BYTES_FLAG = 2;
const TABLE_FLAG = 4;
const QUALITY_FLAG = 8;
const TABLE_BYTES = 100;
/** From the encoder's name, which opens LAME's extension, to the two 12-bit numbers of samples. */
const DELAY_OFFSET = 21;

/** Where Fraunhofer's encoders put their header into the first frame, whatever its kind. */
const VBRI_OFFSET = 36;

/**
 * The header of Fraunhofer's encoders, which is another: version, delay and quality (2 bytes each), bytes, frames. Its delay is
 * that of the encoder's own decoder, and no program cuts it off.
 * @param bytes The first frame, whole. Undefined where it is an audio frame.
 */
export function parseVbri(bytes: Uint8Array): Pick<XingHeader, "frames"> | undefined {
  if (textAt(bytes, VBRI_OFFSET, 4) !== "VBRI" || bytes.length < VBRI_OFFSET + 18) return undefined;
  return { frames: viewOf(bytes).getUint32(VBRI_OFFSET + 14, false) };
}

/** @param bytes The first frame, whole. Undefined where it is an audio frame. */
export function parseXing(bytes: Uint8Array, frame: MpegFrame): XingHeader | undefined {
  const start = frame.sideInfoEnd;
  const mark = textAt(bytes, start, 4);
  if ((mark !== "Xing" && mark !== "Info") || start + 8 > bytes.length) return undefined;
  const view = viewOf(bytes);
  const flags = view.getUint32(start + 4, false);
  let at = start + 8;
  const word = (flag: number): number | undefined => {
    if (!(flags & flag) || at + 4 > bytes.length) return undefined;
    at += 4;
    return view.getUint32(at - 4, false);
  };
  const frames = word(FRAMES_FLAG);
  const length = word(BYTES_FLAG);
  if (flags & TABLE_FLAG) at += TABLE_BYTES;
  if (flags & QUALITY_FLAG) at += 4;
  const extended =
    at + DELAY_OFFSET + 3 <= bytes.length && /^(LAME|Lav[cf]|L3\.99)/.test(textAt(bytes, at, 5));
  if (!extended) return { frames, bytes: length, delay: undefined, padding: 0 };
  const [high, middle, low] = bytes.subarray(at + DELAY_OFFSET);
  return { frames, bytes: length, delay: (high << 4) | (middle >> 4), padding: ((middle & 0x0f) << 8) | low };
}
