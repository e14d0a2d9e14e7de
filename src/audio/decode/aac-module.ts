/** @file The optional package that decodes AAC; loaded only when such a file is opened. Browser-safe. */

import type * as Aac from "@audio/decode-aac";
import { AuricleError } from "../../errors.ts";
import type { ByteSource } from "./byte-source.ts";

export type AacModule = typeof Aac;

/** @throws AuricleError "unsupported" where the package is not installed. */
export async function loadAac(source: ByteSource): Promise<AacModule> {
  try {
    return await import("@audio/decode-aac");
  } catch (cause) {
    throw new AuricleError(
      "unsupported",
      `${source.name}: AAC and ALAC need the optional package @audio/decode-aac (GPL-2.0): ` +
        "npm install @audio/decode-aac, or convert the file to flac or wav",
      { cause },
    );
  }
}
