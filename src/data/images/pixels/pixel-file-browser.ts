/** @file The cache of decoded pictures, which a browser has in memory alone. `pixel-file-node.ts` is for Node.js. */

import type { StoredPixels } from "./stored-pixels.ts";

/** Nothing is kept from one visit to the next. */
export function readPixels(): StoredPixels | undefined {
  return undefined;
}

/** @throws always, which means that pixels stay in memory. */
export function writePixels(): void {
  throw new Error("a browser keeps pixels in memory");
}
