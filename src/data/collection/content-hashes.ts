/** @file Hashes of examples' contents: whole, or shortened where they are many. Browser-safe. */

/** Bytes of SHA-256. */
export const WHOLE_HASH = 32;

/** Bytes of a shortened hash. Of a million contents, two agree in 64 bits with a probability of 3e-8. */
export const SHORT_HASH = 8;

/** Up to so many hashes are kept whole, so that a file with them can also be found by its name in a cache. */
export const MOST_WHOLE_HASHES = 2000;

/** The number of bytes in which each of these hashes is kept. */
export type HashBytes = typeof WHOLE_HASH | typeof SHORT_HASH;

/** Returns the digits by which contents are compared, which a shortened hash has as well. */
export function contentKey(hash: string): string {
  return hash.slice(0, 2 * SHORT_HASH);
}

/** Whether it is a hash, whole or shortened, in hexadecimal digits. */
export function isHash(text: string): boolean {
  return /^[0-9a-f]+$/.test(text) && [SHORT_HASH, WHOLE_HASH].includes(text.length / 2);
}

/** Chooses the bytes in which hashes are kept: all of them where they are few and whole. */
export function hashBytesFor(hashes: readonly string[]): HashBytes {
  const areWhole =
    hashes.length <= MOST_WHOLE_HASHES && hashes.every(({ length }) => length === 2 * WHOLE_HASH);
  return areWhole ? WHOLE_HASH : SHORT_HASH;
}

/** Writes the first bytes of each hash, one hash after the other, in base64. */
export function packHashes(hashes: readonly string[], bytes: HashBytes): string {
  const pieces = hashes.map((hash) =>
    String.fromCharCode(
      ...Array.from({ length: bytes }, (_, byte) => Number.parseInt(hash.slice(2 * byte, 2 * byte + 2), 16)),
    ),
  );
  return btoa(pieces.join(""));
}

/** Reads what {@link packHashes} has written, in hexadecimal digits. @param bytes those of one hash */
export function unpackHashes(packed: string, bytes: HashBytes): string[] {
  const binary = atob(packed);
  const digits = Array.from(binary, (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return Array.from({ length: Math.floor(binary.length / bytes) }, (_, number) =>
    digits.slice(2 * bytes * number, 2 * bytes * (number + 1)),
  );
}

/** The number of bytes that base64 stands for. */
export function bytesInBase64(text: string): number {
  return (3 * text.length) / 4 - (text.length - text.replace(/=+$/, "").length);
}
