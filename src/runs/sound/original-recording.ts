/** @file The file of a clip, by what is in it. Browser-safe. */

import { fileSource } from "../../audio/decode/audio-file.ts";
import { detectFormat } from "../../audio/decode/detect-format.ts";
import type { AudioClip } from "../../data/audio/index.ts";
import type { ExampleOriginal } from "../run-kind.ts";

/** @throws AuricleError "file" where it cannot be read, or is no recording. */
export async function originalRecording({ path }: AudioClip): Promise<ExampleOriginal> {
  const source = await fileSource(path);
  try {
    const { format } = await detectFormat(source);
    return { path, format };
  } finally {
    await source.close();
  }
}
