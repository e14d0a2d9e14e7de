/** @file Which sizes of Fourier transforms there are. */
import { AuricleError } from "../../errors.ts";

/** Of the fast transform; other sizes are computed as matrix products, the table of which must stay small. */
const FAST = { least: 64, most: 32768 };
const LARGEST_MATRIX = 2048;

export function isFastSize(fftSize: number): boolean {
  return fftSize >= FAST.least && fftSize <= FAST.most && Number.isInteger(Math.log2(fftSize));
}

/** @throws AuricleError "argument" for a size that would need too large a table. */
export function checkFftSize(fftSize: number): void {
  if (isFastSize(fftSize) || fftSize <= LARGEST_MATRIX) return;
  throw new AuricleError(
    "argument",
    `front end: fftSize must be a power of two up to ${FAST.most}, or an even number up to ${LARGEST_MATRIX}; got ${fftSize}`,
  );
}
