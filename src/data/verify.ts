/** @file Verifies a file by size and SHA-256. Node only. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** The properties of an acceptable file. Undefined ones are not checked. */
export interface Fingerprint {
  readonly bytes?: number | undefined;
  /** Lower-case hexadecimal. */
  readonly sha256?: string | undefined;
  readonly md5?: string | undefined;
}

/** SHA-256 of a file's content, in lower-case hexadecimal, read piece by piece. */
export async function sha256OfFile(path: string): Promise<string> {
  return digestOfFile(path, "sha256");
}

async function digestOfFile(path: string, algorithm: "sha256" | "md5"): Promise<string> {
  const hash = createHash(algorithm);
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}

/** How messages call the digests. */
const DIGESTS = { sha256: "SHA-256", md5: "MD5" } as const;

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
  let candidates = expected.filter(({ bytes }) => bytes === undefined || bytes === found.size);
  if (candidates.length === 0) {
    return `it has ${found.size} bytes; expected ${expected.map((one) => one.bytes).join(" or ")}`;
  }
  for (const algorithm of ["sha256", "md5"] as const) {
    const wanted = candidates.flatMap((one) => one[algorithm] ?? []);
    if (wanted.length === 0) continue;
    const digest = await digestOfFile(path, algorithm);
    candidates = candidates.filter((one) => (one[algorithm] ?? digest) === digest);
    if (candidates.length > 0) continue;
    return `its ${DIGESTS[algorithm]} is ${digest}; expected ${wanted.join(" or ")}`;
  }
  return undefined;
}
