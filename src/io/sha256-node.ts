/** @file SHA-256 as Node.js computes it. Node only; `sha256-browser.ts` is the same for browsers. */

import { createHash } from "node:crypto";
import type { Sha256 } from "./sha256.ts";

export function sha256(): Sha256 {
  const hash = createHash("sha256");
  const own: Sha256 = {
    update(piece) {
      hash.update(piece);
      return own;
    },
    digest: () => hash.digest("hex"),
  };
  return own;
}
