/** @file Opens a recording of any known format. Browser-safe. */

import type { AudioReader } from "./audio-reader.ts";
import { openAdts } from "./adts.ts";
import { readAiffHeader } from "./aiff.ts";
import { readAuHeader } from "./au.ts";
import { sourceFrom, withHead, type ByteSource } from "./byte-source.ts";
import { openCaf } from "./caf.ts";
import { detectFormat, type AudioFormat } from "./detect-format.ts";
import { openFlac } from "./flac.ts";
import { openM4a } from "./m4a.ts";
import { openMp3 } from "./mp3.ts";
import { openOgg } from "./ogg.ts";
import { pcmReader } from "./pcm-reader.ts";
import { readSphereHeader } from "./sphere.ts";
import { readW64Header } from "./w64.ts";
import { mpegInWav, readWavHeader } from "./wav.ts";
import { openWebm } from "./webm.ts";

type Opener = (source: ByteSource) => Promise<AudioReader>;

const OPENERS: Readonly<Record<AudioFormat, Opener>> = {
  wav: async (source) => {
    const mpeg = await mpegInWav(source);
    return mpeg ? openMp3(mpeg, "wav") : pcmReader(source, await readWavHeader(source));
  },
  w64: async (source) => pcmReader(source, await readW64Header(source)),
  aiff: async (source) => pcmReader(source, await readAiffHeader(source)),
  au: async (source) => pcmReader(source, await readAuHeader(source)),
  caf: openCaf,
  sphere: async (source) => pcmReader(source, await readSphereHeader(source)),
  mp3: (source) => openMp3(source),
  flac: openFlac,
  ogg: openOgg,
  webm: openWebm,
  m4a: openM4a,
  aac: openAdts,
};

/**
 * Reads the header of a recording; its format is told by its contents.
 * @throws AuricleError "file" where it is empty, damaged, of no known format or without samples; "unsupported" where a
 * decoder is not installed.
 */
export async function openAudio(source: ByteSource): Promise<AudioReader> {
  const buffered = await withHead(source);
  const { format, offset } = await detectFormat(buffered);
  return OPENERS[format](offset === 0 ? buffered : sourceFrom(buffered, offset));
}
