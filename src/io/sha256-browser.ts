/** @file SHA-256 piece by piece, which browsers have not. `sha256-node.ts` is the same for Node.js. */

import { sha256 as noble } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Sha256 } from "./sha256.ts";

export function sha256(): Sha256 {
  const hash = noble.create();
  const own: Sha256 = {
    update(piece) {
      hash.update(typeof piece === "string" ? utf8ToBytes(piece) : piece);
      return own;
    },
    digest: () => bytesToHex(hash.digest()),
  };
  return own;
}
