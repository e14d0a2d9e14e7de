/** @file Memory that threads share, where there is such. Browser-safe. */

/** Bytes that other threads may read too; of this thread alone where memory cannot be shared. */
export function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(
    typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(length) : new SharedArrayBuffer(length),
  );
}
