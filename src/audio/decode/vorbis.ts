/** @file Vorbis packets (xiph.org/vorbis/doc/Vorbis_I_spec.html), decoded by libvorbis. Browser-safe. */

import { checkHeader, fileError } from "./audio-reader.ts";
import { textAt, viewOf, type ByteSource } from "./byte-source.ts";
import type { PacketCodec, PacketDecoder } from "./packet-codec.ts";
import { vorbisBlockSizes } from "./vorbis-modes.ts";

/** The decoder's input buffer. */
const MAX_PACKET_BYTES = 128 * 1024;
const SETUP_PACKET = 5;

/** The fields of a page that the decoder reads; its type has more. A frame's header holds `vorbisSetup`, the setup packet. */
interface VorbisPage {
  data: Uint8Array;
  codecFrames: { data: Uint8Array; header: object }[];
  isLastPage: boolean;
  totalSamples: number;
}

interface VorbisDecoder {
  readonly ready: Promise<void>;
  decodeOggPages(pages: VorbisPage[]): Promise<{ channelData: Float32Array[]; samplesDecoded: number }>;
  free(): void;
}

/** Packets with an odd first byte are headers: 1 identification, 3 comment, 5 setup. */
export function isVorbisHeader(packet: Uint8Array): boolean {
  return (packet[0] & 1) === 1 && textAt(packet, 1, 6) === "vorbis";
}

/** @throws AuricleError "file" where a header is damaged. */
export function vorbisCodec(source: ByteSource, identification: Uint8Array, setup: Uint8Array): PacketCodec {
  if (identification.length < 30) throw fileError(source, "the Vorbis header is damaged or cut off");
  const channels = identification[11];
  const sampleRate = viewOf(identification).getUint32(12, true);
  checkHeader(source, sampleRate, channels);
  // The last bit of the setup that is not padding is a one; the decoder looks for it without an end.
  const isSetup = setup[0] === SETUP_PACKET && setup.length <= MAX_PACKET_BYTES;
  const modes =
    isSetup && setup.subarray(7).some((byte) => byte !== 0)
      ? vorbisBlockSizes(identification, setup)
      : undefined;
  if (!modes) throw fileError(source, "the Vorbis setup header is damaged");
  const blockSize = (packet: Uint8Array): number => {
    const mode = (packet[0] >> 1) & (2 ** modes.numberBits - 1);
    return mode < modes.sizes.length ? modes.sizes[mode] : 0;
  };
  return {
    name: "Vorbis",
    sampleRate,
    channels,
    bitDepth: undefined,
    preSkip: 0,
    preRoll: 0,
    kindOf(packet) {
      if (isVorbisHeader(packet)) return "header";
      const fits = packet.length > 0 && packet.length <= MAX_PACKET_BYTES;
      return fits && (packet[0] & 1) === 0 && blockSize(packet) > 0 ? "sound" : "damaged";
    },
    // Half of each block laps over half of the one before.
    samplesOf: (packet, before) => (before ? (blockSize(before) + blockSize(packet)) / 4 : 0),
    createDecoder: () => createDecoder(identification, setup),
  };
}

/** A decoder that has seen the headers. */
async function createDecoder(identification: Uint8Array, setup: Uint8Array): Promise<PacketDecoder> {
  const { OggVorbisDecoder }: { OggVorbisDecoder: new () => VorbisDecoder } =
    await import("@wasm-audio-decoders/ogg-vorbis");
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  const empty = { isLastPage: false, totalSamples: 0 };
  await decoder.decodeOggPages([{ data: identification, codecFrames: [], ...empty }]);
  return {
    async decode(packet) {
      const frame = { data: packet, header: { vorbisSetup: setup } };
      const page = { data: new Uint8Array(0), codecFrames: [frame], ...empty };
      return (await decoder.decodeOggPages([page])).channelData;
    },
    free: () => decoder.free(),
  };
}
