/** @file The first bytes of a file. Node only. */

import { open, stat } from "node:fs/promises";

/** The first bytes of a file; undefined where it cannot be read, which is no matter for what is none of the data. */
export async function readHead(path: string, bytes: number): Promise<Uint8Array | undefined> {
  try {
    // Asked before opening it: to open a pipe would wait for its other end.
    if (!(await stat(path)).isFile()) return undefined;
    const file = await open(path, "r");
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(bytes), 0, bytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
