/**
 * @file The orientation in EXIF data, which is a TIFF header with a list of fields (CIPA DC-008, 4.6). Browser-safe.
 */

const ORIENTATION_TAG = 0x0112;
const SHORT = 3;
const FIELD_BYTES = 12;

/**
 * @param exif from the TIFF header on, or from the letters "Exif" before it
 * @returns 1 … 8; 1, upright, where it is not stated, damaged or out of range
 */
export function exifOrientation(exif: Uint8Array): number {
  const start = exif[0] === 0x45 && exif[1] === 0x78 ? 6 : 0;
  const tiff = exif.subarray(start);
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (view.byteLength < 8) return 1;
  const mark = view.getUint16(0);
  if (mark !== 0x4949 && mark !== 0x4d4d) return 1;
  const isLittle = mark === 0x4949;
  const list = view.getUint32(4, isLittle);
  if (list + 2 > view.byteLength) return 1;
  const count = view.getUint16(list, isLittle);
  for (let i = 0; i < count; i++) {
    const at = list + 2 + i * FIELD_BYTES;
    if (at + FIELD_BYTES > view.byteLength) return 1;
    if (view.getUint16(at, isLittle) !== ORIENTATION_TAG) continue;
    const value = view.getUint16(at + 2, isLittle) === SHORT ? view.getUint16(at + 8, isLittle) : 1;
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
