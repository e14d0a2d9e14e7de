/** @file Numbers at any place of an HDF5 file, within its bounds and within a number of steps. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import { viewOf } from "../../io/byte-text.ts";

/** The address that stands for none. */
export const NO_ADDRESS = 2 ** 64;

/** Structures that are read in all: far more than any network's file has, and few enough to be read in a moment. */
const MOST_STEPS = 500_000;

export class Hdf5Bytes {
  readonly bytes: Uint8Array;
  readonly file: string;
  private readonly view: DataView;
  private steps = 0;
  private taken = 0;

  constructor(bytes: Uint8Array, file: string) {
    this.bytes = bytes;
    this.file = file;
    this.view = viewOf(bytes);
  }

  fault(what: string): AuricleError {
    return new AuricleError("file", `${this.file}: its HDF5 structure is damaged: ${what}`);
  }

  unsupported(what: string): AuricleError {
    return new AuricleError(
      "unsupported",
      `${this.file}: ${what}, which Keras does not write; save the model by Keras itself`,
    );
  }

  /** Counts a structure, so that structures that refer to each other in a circle come to an end. @throws AuricleError "file" */
  step(): void {
    if (++this.steps > MOST_STEPS) throw this.fault("its parts refer to each other without an end");
  }

  /** Counts numbers that are copied, so that many names of the same bytes take no more than the file. @throws AuricleError "file" */
  take(bytes: number): void {
    this.taken += bytes;
    if (this.taken > 2 * this.bytes.length) throw this.fault("several arrays lie at the same place");
  }

  /** @throws AuricleError "file" where the bytes are not all in the file. */
  require(at: number, length: number): void {
    if (at >= 0 && length >= 0 && at + length <= this.bytes.length) return;
    throw this.fault(`bytes ${at} to ${at + length} are wanted of ${this.bytes.length}`);
  }

  byte(at: number): number {
    this.require(at, 1);
    return this.view.getUint8(at);
  }

  short(at: number): number {
    this.require(at, 2);
    return this.view.getUint16(at, true);
  }

  word(at: number): number {
    this.require(at, 4);
    return this.view.getUint32(at, true);
  }

  /** A length or an address of 8 bytes; those beyond 2⁵³ are no places in any file, and all ones are {@link NO_ADDRESS}. */
  long(at: number): number {
    return this.word(at) + 2 ** 32 * this.word(at + 4);
  }

  /** A number of 1, 2, 4 or 8 bytes. */
  sized(at: number, bytes: number): number {
    return bytes === 1
      ? this.byte(at)
      : bytes === 2
        ? this.short(at)
        : bytes === 4
          ? this.word(at)
          : this.long(at);
  }

  hasMark(at: number, mark: string): boolean {
    this.require(at, mark.length);
    return [...mark].every((letter, i) => this.bytes[at + i] === letter.charCodeAt(0));
  }

  /** @throws AuricleError "file" unless the letters are there. */
  requireMark(at: number, mark: string): void {
    if (!this.hasMark(at, mark)) throw this.fault(`${JSON.stringify(mark)} must stand at byte ${at}`);
  }

  /** UTF-8 of so many bytes, up to the first zero. */
  text(at: number, length: number): string {
    this.require(at, length);
    const bytes = this.bytes.subarray(at, at + length);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** UTF-8 up to the first zero, which must come before `end`. */
  textBefore(at: number, end: number): string {
    this.require(at, Math.max(0, end - at));
    const zero = this.bytes.subarray(at, end).indexOf(0);
    if (zero < 0) throw this.fault(`a name at byte ${at} has no end`);
    return this.text(at, zero);
  }
}
