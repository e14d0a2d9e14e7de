/**
 * @file The compiled decoders as text within scripts, each loaded when it is needed: bundlers do not agree on where a file
 * beside a script lies in a built application. `bytes-node.ts` is the same for Node.js.
 */

import type { CODEC_FILES } from "./codec-files.js";

export async function codecBytes(name: keyof typeof CODEC_FILES): Promise<Uint8Array<ArrayBuffer>> {
  const { base64 } = await (name === "jpeg" ? import("./jpeg-source.js") : import("./webp-source.js"));
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
