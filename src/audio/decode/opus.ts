/** @file Opus in Ogg (RFC 6716, RFC 7845), decoded by libopus at 48 kHz. Browser-safe. */

import { fileError, type AudioBlock } from "./audio-reader.ts";
import { viewOf, type ByteSource } from "./byte-source.ts";
import { oggPackets, oggPages, seekPage, type OggStream } from "./ogg-pages.ts";

export interface OpusHead {
  readonly channels: number;
  /** Samples that the encoder put before the sound. */
  readonly preSkip: number;
  /** Factor on all samples. */
  readonly gain: number;
  readonly streams: number;
  readonly coupledStreams: number;
  /** For each channel, which decoded one it is. */
  readonly mapping: number[];
}

/** RFC 7845 asks for at least 80 ms before the place that one seeks; a decoder has forgotten its past after this. */
const PRE_ROLL = 48_000;
/** 60 ms at 510 kbit/s and more; a longer packet is damage. */
const MAX_PACKET_BYTES = 3840;

/** @throws AuricleError "file" where it is damaged. */
export function parseOpusHead(source: ByteSource, packet: Uint8Array): OpusHead {
  const damaged = fileError(source, "the Opus header is damaged or cut off");
  if (packet.length < 19 || packet[9] === 0) throw damaged;
  const view = viewOf(packet);
  const channels = packet[9];
  const common = {
    channels,
    preSkip: view.getUint16(10, true),
    gain: 10 ** (view.getInt16(16, true) / 256 / 20),
  };
  if (packet[18] === 0) {
    if (channels > 2) throw damaged;
    const mapping = channels === 2 ? [0, 1] : [0];
    return { ...common, streams: 1, coupledStreams: channels - 1, mapping };
  }
  const [streams, coupledStreams] = [packet[19], packet[20]];
  const mapping = Array.from(packet.subarray(21, 21 + channels));
  const outputs = streams + coupledStreams;
  const valid = mapping.length === channels && streams > 0 && coupledStreams <= streams;
  if (!valid || mapping.some((output) => output >= outputs && output !== 255)) throw damaged;
  return { ...common, streams, coupledStreams, mapping };
}

/** Decodes from one second before frame `start`; positions count from behind the encoder's own samples. */
export async function* decodeOpus(
  source: ByteSource,
  stream: OggStream,
  head: OpusHead,
  start: number,
  end: number,
): AsyncGenerator<AudioBlock> {
  const { OpusDecoder } = await import("opus-decoder");
  const decoder = new OpusDecoder({
    channels: head.channels,
    streamCount: head.streams,
    coupledStreamCount: head.coupledStreams,
    channelMappingTable: head.mapping,
  });
  await decoder.ready;
  try {
    const target = start + head.preSkip - PRE_ROLL;
    const from = target > 0 ? await seekPage(source, stream.dataOffset, stream.serial, target) : undefined;
    let granule = from ? undefined : 0;
    for await (const { page, packets } of oggPackets(
      oggPages(source, from?.offset ?? stream.dataOffset),
      stream.serial,
    )) {
      const usable = packets.filter((packet) => packet.length > 0 && packet.length <= MAX_PACKET_BYTES);
      const { channelData, samplesDecoded } = decoder.decodeFrames(usable);
      const first = granule === undefined || granule === 0;
      if (first && page.granule !== undefined && !page.last) granule = page.granule - samplesDecoded;
      if (samplesDecoded > 0 && granule !== undefined) {
        if (head.gain !== 1) scale(channelData, head.gain);
        yield { position: granule - head.preSkip, channels: channelData };
      }
      granule = (granule ?? 0) + samplesDecoded;
      if (granule - head.preSkip >= end) return;
    }
  } catch (error) {
    throw fileError(source, "the Opus data are damaged", error);
  } finally {
    decoder.free();
  }
}

function scale(channels: readonly Float32Array[], factor: number): void {
  for (const samples of channels) {
    for (let i = 0; i < samples.length; i++) samples[i] *= factor;
  }
}
