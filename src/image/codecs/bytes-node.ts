/** @file The compiled decoders as files of their packages. Node only; `bytes-browser.ts` is the same for browsers. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { CODEC_FILES } from "./codec-files.js";

export async function codecBytes(name: keyof typeof CODEC_FILES): Promise<Uint8Array<ArrayBuffer>> {
  const require = createRequire(import.meta.url);
  return new Uint8Array(await readFile(require.resolve(CODEC_FILES[name])));
}
