/** @file The markers of a JPEG file (ITU-T T.81, annex B). Browser-safe. */

import { textAt, viewOf } from "../../io/byte-text.ts";
import { cutOff, damaged, imageError } from "../image-error.ts";
import type { ImageSource } from "../image.ts";
import { exifOrientation } from "./exif.ts";

const END = 0xd9;
const SCAN = 0xda;
const EXIF = 0xe1;

/** Start-of-frame markers: C0 … CF without C4, C8 and CC, which are tables. */
const FRAME_KINDS: Readonly<Record<number, string>> = {
  0xc3: "lossless",
  0xc5: "differential",
  0xc6: "differential",
  0xc7: "differential",
  0xc9: "arithmetic-coded",
  0xca: "arithmetic-coded",
  0xcb: "lossless",
  0xcd: "differential",
  0xce: "differential",
  0xcf: "lossless",
};

export interface JpegFields {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly components: number;
  readonly isProgressive: boolean;
  readonly orientation: number;
  readonly scans: number;
  /** Whether the first scan has all components. */
  readonly isInterleaved: boolean;
  /** Offset behind the end marker; undefined where the file has none. */
  readonly end: number | undefined;
}

/**
 * @param headerOnly stops before the first scan
 * @throws AuricleError "file" for a kind of JPEG that is not read, and where there is no header.
 */
export function readJpegFields(source: ImageSource, headerOnly: boolean): JpegFields {
  const { bytes } = source;
  const view = viewOf(bytes);
  let orientation = 1;
  let frame: { width: number; height: number; bits: number; components: number; kind: number } | undefined;
  let scans = 0;
  let isInterleaved = true;
  let end: number | undefined;
  for (let at = nextMarker(bytes, 2, false); at + 1 < bytes.length;) {
    const kind = bytes[at + 1];
    if (kind === END) {
      end = at + 2;
      break;
    }
    if (at + 4 > bytes.length) break;
    const length = view.getUint16(at + 2);
    const segment = bytes.subarray(at + 4, at + 2 + Math.max(2, length));
    if (kind === EXIF && textAt(segment, 0, 4) === "Exif") orientation = exifOrientation(segment);
    if (isFrame(kind)) {
      if (frame) throw damaged(source, "JPEG", "it has two headers");
      if (segment.length < 6) break;
      const [height, width] = [viewOf(segment).getUint16(1), viewOf(segment).getUint16(3)];
      frame = { width, height, bits: segment[0], components: segment[5], kind };
      checkFrame(source, frame);
    }
    if (kind === SCAN) {
      if (headerOnly || !frame) break;
      if (scans === 0) isInterleaved = segment[0] === frame.components;
      scans++;
    }
    at = nextMarker(bytes, at + 2 + length, kind === SCAN);
  }
  if (!frame) throw cutOff(source, "JPEG");
  const { width, height, bits, components, kind } = frame;
  const isProgressive = kind === 0xc2;
  return { width, height, bits, components, isProgressive, orientation, scans, isInterleaved, end };
}

function isFrame(kind: number): boolean {
  return kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc;
}

function checkFrame(
  source: ImageSource,
  { bits, components, kind }: { bits: number; components: number; kind: number },
): void {
  const name = FRAME_KINDS[kind] ?? (bits === 8 ? undefined : `${bits}-bit`);
  if (name)
    throw imageError(source, `a ${name} JPEG picture, which is not read; save it as a baseline jpeg or png`);
  if (components === 1 || components === 3 || components === 4) return;
  throw imageError(source, `a JPEG picture of ${components} components; 1, 3 and 4 are read`);
}

/** The next 0xff that a marker follows. Within a scan, restarts and stuffed zeros are no markers. */
function nextMarker(bytes: Uint8Array, start: number, isScan: boolean): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === 0xff || next === 0 || (isScan && next >= 0xd0 && next <= 0xd7)) continue;
    return at;
  }
  return bytes.length;
}
