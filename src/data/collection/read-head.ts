/** @file The first bytes of a file. Browser-safe. */

import { store } from "#here/io/store/store";

/** The first bytes of a file; undefined where it cannot be read, which is no matter for what is none of the data. */
export async function readHead(path: string, bytes: number): Promise<Uint8Array | undefined> {
  try {
    // Asked before opening it: to open a pipe would wait for its other end.
    if ((await store.look(path)).kind !== "file") return undefined;
    const file = await store.open(path);
    try {
      return await file.read(0, bytes);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
