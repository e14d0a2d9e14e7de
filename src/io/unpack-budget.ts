/** @file How much an archive may unpack to: archives that fill a disk are small. Browser-safe. */

import { AuricleError } from "../errors.ts";

/**
 * Bytes that an archive may unpack to for each of its own. Recordings and pictures are packed to a third at best, lists to a
 * twentieth; deflate reaches 1,032 on zeros.
 */
const LARGEST_RATIO = 100;

/** The size that any archive may unpack to, however small it is, in bytes. */
const ALWAYS_ALLOWED = 64 * 2 ** 20;

/** The bytes counted for each entry besides its content, for the disk block that holds its name and attributes. */
const BYTES_OF_AN_ENTRY = 512;

/** Counts the unpacked bytes, and refuses an archive that exceeds the limit for its size. */
export class UnpackBudget {
  private readonly archive: string;
  private readonly limit: number;
  private used = 0;

  /**
   * @param bytes the archive's length
   * @param alwaysAllowed the bytes that it may unpack to however small it is. Default 64 MiB.
   */
  constructor(archive: string, bytes: number, alwaysAllowed: number = ALWAYS_ALLOWED) {
    this.archive = archive;
    this.limit = Math.max(alwaysAllowed, LARGEST_RATIO * bytes);
  }

  /** @throws AuricleError "file" when it is one entry too many. */
  entry(): void {
    const excess = this.excessOf(BYTES_OF_AN_ENTRY);
    if (excess) throw excess;
  }

  /** Takes bytes of the budget. @returns why they are too many, if they are */
  excessOf(bytes: number): AuricleError | undefined {
    this.used += bytes;
    if (this.used <= this.limit) return undefined;
    return new AuricleError(
      "file",
      `${this.archive}: it would unpack to more than ${this.limit} bytes, far more than its own size; this archive cannot be ` +
        "trusted: if you trust it, unpack it by other means",
    );
  }
}
