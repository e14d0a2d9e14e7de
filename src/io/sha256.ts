/** @file The hash by which contents are told apart. Browser-safe. */

/** A SHA-256 that is fed piece by piece. */
export interface Sha256 {
  /** Adds bytes, or text in UTF-8. */
  update(piece: Uint8Array | string): Sha256;
  /** The hash of all pieces, hexadecimal; the last call. */
  digest(): string;
}
