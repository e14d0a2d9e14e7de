/** @file The records of a zip archive (PKWARE's APPNOTE.TXT 6.3.10) that reader and writer share. Browser-safe. */

/** A file's header before its content (section 4.3.7). */
export const LOCAL_SIGNATURE = 0x04034b50;
export const LOCAL_BYTES = 30;

/** An entry of the central directory (4.3.12). */
export const ENTRY_SIGNATURE = 0x02014b50;
export const ENTRY_BYTES = 46;

/** The end of the central directory (4.3.16). */
export const END_SIGNATURE = 0x06054b50;
export const END_BYTES = 22;

/** The same with numbers of 64 bits (4.3.14), and the record that says where it is (4.3.15). */
export const END64_SIGNATURE = 0x06064b50;
export const END64_BYTES = 56;
export const LOCATOR_SIGNATURE = 0x07064b50;
export const LOCATOR_BYTES = 20;

/** The extra field that holds the sizes of 64 bits (4.5.3). */
export const ZIP64_FIELD = 1;

/** In place of a size that is in the field of 64 bits. */
export const IN_ZIP64 = 0xffffffff;
/** In place of a count that is in the record of 64 bits. */
export const COUNT_IN_ZIP64 = 0xffff;

export const STORED = 0;
export const DEFLATED = 8;
