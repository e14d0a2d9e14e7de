/** @file The bytes of a file, for decoders that give all channels. Node only. */

import { open } from "node:fs/promises";
import type { ByteSource } from "../../../../audio/decode/byte-source.ts";

/** @throws an error of the file system. */
export async function fileSource(path: string): Promise<ByteSource> {
  const file = await open(path, "r");
  const { size } = await file.stat();
  return {
    name: path,
    size,
    async read(offset, length) {
      // A header may claim any length; no more is allocated than the file has.
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
      return bytes.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}
