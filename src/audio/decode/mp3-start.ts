/** @file The frames that a layer III decoder must see to begin in the middle of a stream. Browser-safe. */

import { parseMpegFrame, type MpegFrame } from "./mpeg-frames.ts";

/** A frame may use bytes that those before left over: 9 bits in MPEG-1, 8 in MPEG-2 and 2.5 say how many. */
const RESERVOIR_BYTES = { 1: 511, 2: 255, 2.5: 255 };
/** Frames that these bytes are in at most: with the fewest bytes beside header and side information, 60 and 3. */
const RESERVOIR_FRAMES = { 1: 9, 2: 85, 2.5: 85 };
const CRC_BYTES = 2;
/** The highest bit rate, with which a frame has room for all of them. */
const HIGHEST_RATE = 14;

/** How many frames before the first one that is decoded are needed for `leadingFrames`. */
export function reservoirFrames({ layer, version }: MpegFrame): number {
  return layer === 3 ? RESERVOIR_FRAMES[version] : 0;
}

/**
 * Silent frames to decode before those that follow `before`, so that these find in the decoder the bytes that
 * they use of the frames before them. Without these the decoder leaves frames out, and its filter bank comes out of step,
 * which rounds otherwise.
 * @param count How many; the last one holds the bytes.
 */
export function leadingFrames(before: readonly Uint8Array[], count: number): Uint8Array[] {
  const last = before.at(-1);
  if (!last) return [];
  const silence = silentFrame(last);
  if (!silence) return [];
  const { bytes, frame } = silence;
  const carrier = bytes.slice();
  let end = carrier.length;
  const first = carrier.length - Math.min(RESERVOIR_BYTES[frame.version], carrier.length - frame.sideInfoEnd);
  for (let i = before.length - 1; i >= 0 && end > first; i--) {
    const data = mainData(before[i]);
    const part = data.subarray(Math.max(0, data.length - (end - first)));
    end -= part.length;
    carrier.set(part, end);
  }
  return [...new Array<Uint8Array>(count - 1).fill(bytes), carrier];
}

/** Side information of zeros says that no bits are used. */
function silentFrame(like: Uint8Array): { bytes: Uint8Array; frame: MpegFrame } | undefined {
  const header = Uint8Array.of(like[0], like[1] | 1, (HIGHEST_RATE << 4) | (like[2] & 0x0c), like[3]);
  const frame = parseMpegFrame(header, 0);
  if (frame?.layer !== 3) return undefined;
  const bytes = new Uint8Array(frame.bytes);
  bytes.set(header);
  return { bytes, frame };
}

function mainData(bytes: Uint8Array): Uint8Array {
  const frame = parseMpegFrame(bytes, 0);
  const hasCrc = (bytes[1] & 1) === 0;
  return bytes.subarray((frame?.sideInfoEnd ?? 0) + (hasCrc ? CRC_BYTES : 0));
}
