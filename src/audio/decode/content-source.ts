/** @file Recordings in memory or in a file of a page as sources of bytes. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { bytesOf, type Bytes } from "../../io/bytes.ts";
import { memorySource, type ByteSource } from "./byte-source.ts";

/** @throws AuricleError "argument" for content of another kind. */
export function contentSource(content: Bytes | Blob, name: string): ByteSource {
  return isBlob(content) ? blobSource(content, name) : memorySource(bytesOf(content, name), name);
}

/** Whether it is a Blob, of this frame or another. */
function isBlob(content: Bytes | Blob): content is Blob {
  return ["[object Blob]", "[object File]"].includes(Object.prototype.toString.call(content));
}

function blobSource(blob: Blob, name: string): ByteSource {
  return {
    name,
    size: blob.size,
    async read(offset, length) {
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      } catch (cause) {
        // Browsers refuse a file that was changed, moved or deleted since it was chosen.
        throw new AuricleError("file", `${name}: cannot be read: ${String(cause)}; choose it again`, {
          cause,
        });
      }
    },
    close: () => Promise.resolve(),
  };
}
