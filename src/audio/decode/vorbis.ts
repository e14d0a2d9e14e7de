/** @file Vorbis in Ogg, decoded by libvorbis. Browser-safe. */

import { checkHeader, fileError, type AudioBlock } from "./audio-reader.ts";
import { viewOf, type ByteSource } from "./byte-source.ts";
import { oggPackets, oggPages, seekPage, type OggStream } from "./ogg-pages.ts";

/** The decoder's input buffer. */
const MAX_PACKET_BYTES = 128 * 1024;

/** What the decoder reads of a page; its own type has more. A frame's header holds `vorbisSetup`, the setup packet. */
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

/** @throws AuricleError "file" where it is damaged. */
export function parseVorbisHead(
  source: ByteSource,
  packet: Uint8Array,
): { sampleRate: number; channels: number } {
  if (packet.length < 30) throw fileError(source, "the Vorbis header is damaged or cut off");
  const channels = packet[11];
  const sampleRate = viewOf(packet).getUint32(12, true);
  checkHeader(source, sampleRate, channels);
  return { sampleRate, channels };
}

/** Decodes from the page at or before frame `start`, whose granule position says where in the recording it ends. */
export async function* decodeVorbis(
  source: ByteSource,
  stream: OggStream,
  start: number,
  end: number,
): AsyncGenerator<AudioBlock> {
  const decoder = await vorbisDecoder(source, stream);
  try {
    const from = start > 0 ? await seekPage(source, stream.dataOffset, stream.serial, start) : undefined;
    const setup = stream.headers[2];
    let position = from ? undefined : 0;
    for await (const { page, packets } of oggPackets(
      oggPages(source, from?.offset ?? stream.dataOffset),
      stream.serial,
    )) {
      const usable = packets.filter((packet) => packet.length > 0 && packet.length <= MAX_PACKET_BYTES);
      const { channelData, samplesDecoded } = await decoder.decodeOggPages([
        {
          data: new Uint8Array(0),
          codecFrames: usable.map((data) => ({ data, header: { vorbisSetup: setup } })),
          isLastPage: false,
          totalSamples: 0,
        },
      ]);
      // The first page in a stream may start before the recording; the last one may end behind it.
      const first = position === undefined || position === 0;
      if (first && page.granule !== undefined && !page.last) position = page.granule - samplesDecoded;
      if (samplesDecoded > 0 && position !== undefined) yield { position, channels: channelData };
      position = (position ?? 0) + samplesDecoded;
      if (position >= end) return;
    }
  } catch (error) {
    throw fileError(source, "the Vorbis data are damaged", error);
  } finally {
    decoder.free();
  }
}

/** A decoder that has seen the headers. */
async function vorbisDecoder(source: ByteSource, stream: OggStream): Promise<VorbisDecoder> {
  const [identification, , setup] = stream.headers;
  // The last bit of the setup that is not padding is a one; the decoder looks for it without an end.
  if (setup[0] !== 5 || setup.length > MAX_PACKET_BYTES || setup.subarray(7).every((byte) => byte === 0)) {
    throw fileError(source, "the Vorbis setup header is damaged");
  }
  const { OggVorbisDecoder }: { OggVorbisDecoder: new () => VorbisDecoder } =
    await import("@wasm-audio-decoders/ogg-vorbis");
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  const empty = { isLastPage: false, totalSamples: 0 };
  await decoder.decodeOggPages([{ data: identification, codecFrames: [], ...empty }]);
  return decoder;
}
