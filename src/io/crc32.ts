/** @file Checksums by cyclic redundancy: of PNG, zip and zlib, and of LevelDB's tables. Browser-safe. */

/** @param polynomial with its bits reversed: the lowest bit is that of the highest power */
function tableOf(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 1 ? polynomial ^ (remainder >>> 1) : remainder >>> 1;
    }
    return remainder;
  });
}

const TABLE = tableOf(0xedb88320);
const CASTAGNOLI = tableOf(0x82f63b78);

/** CRC-32 as in annex D of the PNG specification. */
export function crc32(bytes: Uint8Array): number {
  return remainderOf(bytes, TABLE);
}

/** CRC-32C, by Castagnoli's polynomial (RFC 3720, section 12.1). */
export function crc32c(bytes: Uint8Array): number {
  return remainderOf(bytes, CASTAGNOLI);
}

function remainderOf(bytes: Uint8Array, table: Uint32Array): number {
  let remainder = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    remainder = table[(remainder ^ bytes[i]) & 255] ^ (remainder >>> 8);
  }
  return (remainder ^ 0xffffffff) >>> 0;
}
