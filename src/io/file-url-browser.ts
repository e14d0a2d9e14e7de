/** @file Paths written as addresses. `file-url-node.ts` is the same for Node.js. */

/** @throws TypeError where it is no address. */
export function fileURLToPath(address: string): string {
  return decodeURIComponent(new URL(address).pathname);
}
