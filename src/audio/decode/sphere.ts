/**
 * @file NIST's SPHERE, in which TIMIT and much recorded speech is distributed. Browser-safe.
 *
 *     "NIST_1A\n", the header's length and "\n", then lines of a name, a type (-i, -r, or -s and a length) and a value, up
 *     to "end_head"; after the header's length the samples
 */

import { checkHeader, fileError } from "./audio-reader.ts";
import { textAt, type ByteSource } from "./byte-source.ts";
import { signedEncoding, type PcmEncoding } from "./pcm-encoding.ts";
import type { PcmLayout } from "./pcm-reader.ts";
import { pcmCoding } from "./sample-coding.ts";

const MAX_HEADER_BYTES = 65_536;

/** @throws AuricleError "file" where the header is damaged, or the samples are compressed. */
export async function readSphereHeader(source: ByteSource): Promise<PcmLayout> {
  const dataOffset = Number(textAt(await source.read(0, 16), 8, 8));
  if (!(dataOffset >= 16 && dataOffset <= MAX_HEADER_BYTES)) {
    throw fileError(source, "the SPHERE header is damaged: it does not state its length");
  }
  const fields = parseFields(textAt(await source.read(0, dataOffset), 0, dataOffset));
  const number = (name: string): number => Number(fields.get(name) ?? NaN);
  const sampleRate = number("sample_rate");
  const channels = fields.has("channel_count") ? number("channel_count") : 1;
  checkHeader(source, sampleRate, channels);
  const [coding = "pcm", compression] = (fields.get("sample_coding") ?? "pcm").split(",");
  const order = fields.get("sample_byte_format") ?? "01";
  const encoding = encodingOf(coding, number("sample_n_bytes"), order.startsWith("10") ? "big" : "little");
  if (compression !== undefined || !encoding) {
    throw fileError(
      source,
      `a SPHERE file with samples in "${fields.get("sample_coding")}", which cannot be decoded; ` +
        "convert it with sph2pipe -f wav",
    );
  }
  const frames = number("sample_count");
  const pcm = pcmCoding(encoding, channels);
  const dataBytes = frames > 0 ? frames * pcm.blockBytes : undefined;
  return { format: "sphere", coding: pcm, sampleRate, channels, dataOffset, dataBytes, warnings: [] };
}

function parseFields(header: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of header.split("\n").slice(2)) {
    if (line.startsWith("end_head")) break;
    const [, name, value] = /^(\w+) -(?:i|r|s\d*) (.*)$/.exec(line.trimEnd()) ?? [];
    if (name !== undefined) fields.set(name, value);
  }
  return fields;
}

function encodingOf(coding: string, bytes: number, endian: "little" | "big"): PcmEncoding | undefined {
  if (coding === "pcm") return signedEncoding(bytes, endian);
  if (coding === "ulaw" || coding === "mu-law") return "mu-law";
  return coding === "alaw" ? "a-law" : undefined;
}
