/** @file In place of the decoder of AAC, which is under the GPL: no page has it. Browser-safe. */
import type { ByteSource } from "../audio/decode/byte-source.ts";
import { AuricleError } from "../errors.ts";

/** @throws AuricleError "unsupported" with what to do instead */
export function loadAac({ name }: ByteSource): Promise<never> {
  return Promise.reject(
    new AuricleError(
      "unsupported",
      `${name}: this page cannot decode AAC and ALAC, the usual content of .m4a and .aac files: convert it to MP3, FLAC or WAV, as ` +
        `"ffmpeg -i ${name} sound.flac" or an audio editor does, and open that`,
    ),
  );
}
