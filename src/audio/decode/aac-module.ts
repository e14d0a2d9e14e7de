/** @file The optional package that decodes AAC; loaded only when such a file is opened. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import type { ByteSource } from "./byte-source.ts";

/** The bytes that tell a decoder about its packets: AAC's AudioSpecificConfig, or ALAC's magic cookie. */
type PacketConfig = { readonly asc: Uint8Array } | { readonly alac: Uint8Array };

/** A decoder of AAC or ALAC packets, or of an ADTS stream. */
export interface AacDecoder {
  decode(data: Uint8Array | Uint8Array[]): { channelData: Float32Array[]; sampleRate: number };
  free(): void;
}

/**
 * The part of the package that is used. The package's own types are not named: declarations that import them would not
 * hold where it is not installed.
 */
export interface AacModule {
  decoder(config?: PacketConfig): Promise<AacDecoder>;
  /** The seconds to play of an MP4 track, by the iTunes tag; null without one. */
  gapless(boxes: PacketConfig & { readonly ilst?: Uint8Array }): { start: number; duration?: number } | null;
}

/** @throws AuricleError "unsupported" where the package is not installed. */
export async function loadAac(source: ByteSource): Promise<AacModule> {
  try {
    return await import("@audio/decode-aac");
  } catch (cause) {
    throw new AuricleError(
      "unsupported",
      `${source.name}: AAC and ALAC need the optional package @audio/decode-aac (GPL-2.0): ` +
        "npm install @audio/decode-aac, or convert the file to flac or wav",
      { cause },
    );
  }
}
