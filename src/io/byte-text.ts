/** @file Letters and numbers within bytes. Browser-safe. */

/** The bytes [offset, offset + length) as Latin-1; fewer at the end. */
export function textAt(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

/** For reading numbers; covers exactly `bytes`. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
