/** @file How much an archive in memory may hold: small archives can claim a great deal. Browser-safe. */

/** Entries beyond this are refused: a network has thousands of arrays at most. */
export const MOST_ENTRIES = 1_000_000;

/** The bytes that any archive may unpack to, however small it is; a large one to a hundred times its size. */
export const ALWAYS_ALLOWED = 256 * 2 ** 20;

/** Deflate cannot shrink data by more than this factor (https://zlib.net/zlib_tech.html). */
export const LARGEST_COMPRESSION = 1032;
