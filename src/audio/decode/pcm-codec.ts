/** @file Uncompressed sound whose packets are in a container. Browser-safe. */

import type { PacketCodec } from "./packet-codec.ts";
import { PCM_ENCODINGS, readPcm, type PcmEncoding } from "./pcm-encoding.ts";

/** Packets of any number of whole frames. */
export function pcmCodec(encoding: PcmEncoding, sampleRate: number, channels: number): PacketCodec {
  const { label, bitDepth, bytes } = PCM_ENCODINGS[encoding];
  const frames = (packet: Uint8Array): number => Math.floor(packet.length / (bytes * channels));
  return {
    name: label,
    sampleRate,
    channels,
    bitDepth,
    preSkip: 0,
    preRoll: 0,
    kindOf: (packet) => (frames(packet) > 0 ? "sound" : "damaged"),
    samplesOf: frames,
    createDecoder: () =>
      Promise.resolve({
        decode: (packet) => readPcm(packet, encoding, channels),
        free: () => undefined,
      }),
  };
}
