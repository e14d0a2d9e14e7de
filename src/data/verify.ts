/** @file Checks that a file is what it should be, by size and SHA-256. Node only. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** Size and digest of an acceptable file. */
export interface Fingerprint {
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** SHA-256 of a file's content, in lower-case hexadecimal, read piece by piece. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}

/**
 * Why the file at `path` is none of those `expected`, or undefined when it is one.
 * @throws the file system's error when it cannot be read.
 */
export async function whyDifferent(
  path: string,
  expected: readonly Fingerprint[],
): Promise<string | undefined> {
  const found = await stat(path);
  if (!found.isFile()) return "it is not a file";
  const sameSize = expected.filter((one) => one.bytes === found.size);
  if (sameSize.length === 0) {
    return `it has ${found.size} bytes; expected ${expected.map((one) => one.bytes).join(" or ")}`;
  }
  const sha256 = await sha256OfFile(path);
  if (sameSize.some((one) => one.sha256 === sha256)) return undefined;
  return `its SHA-256 is ${sha256}; expected ${sameSize.map((one) => one.sha256).join(" or ")}`;
}
