/** @file Opus packets (RFC 6716, RFC 7845), decoded by libopus at 48 kHz. Browser-safe. */

import { fileError } from "./audio-reader.ts";
import { textAt, viewOf, type ByteSource } from "./byte-source.ts";
import type { PacketCodec, PacketDecoder } from "./packet-codec.ts";

interface OpusHead {
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

const SAMPLE_RATE = 48_000;
/** RFC 7845 asks for at least 80 ms before the place that one seeks; a decoder has forgotten its past after this. */
const PRE_ROLL = 48_000;
/** 60 ms at 510 kbit/s and more of a stream; a longer packet is damage. */
const MAX_STREAM_BYTES = 3840;
/** 120 ms. */
const MAX_PACKET_SAMPLES = 5760;

/** @param head The packet "OpusHead". @throws AuricleError "file" where it is damaged. */
export function opusCodec(source: ByteSource, head: Uint8Array): PacketCodec {
  const opus = parseOpusHead(source, head);
  return {
    name: "Opus",
    sampleRate: SAMPLE_RATE,
    channels: opus.channels,
    bitDepth: undefined,
    preSkip: opus.preSkip,
    preRoll: PRE_ROLL,
    kindOf(packet) {
      if (isHeader(packet)) return "header";
      const fits = packet.length <= MAX_STREAM_BYTES * opus.streams;
      return fits && packetSamples(packet) > 0 ? "sound" : "damaged";
    },
    samplesOf: packetSamples,
    createDecoder: () => createDecoder(opus),
  };
}

function isHeader(packet: Uint8Array): boolean {
  const name = textAt(packet, 0, 8);
  return name === "OpusHead" || name === "OpusTags";
}

function parseOpusHead(source: ByteSource, packet: Uint8Array): OpusHead {
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

/** Samples at 48 kHz of a packet's frames, by its first byte or two (RFC 6716, section 3.1); 0 where these are wrong. */
function packetSamples(packet: Uint8Array): number {
  if (packet.length === 0) return 0;
  const configuration = packet[0] >> 3;
  const kind = packet[0] & 3;
  const frames = kind === 0 ? 1 : kind < 3 ? 2 : packet.length > 1 ? packet[1] & 0x3f : 0;
  const samples = frames * frameSamples(configuration);
  return samples <= MAX_PACKET_SAMPLES ? samples : 0;
}

function frameSamples(configuration: number): number {
  // SILK: 10, 20, 40, 60 ms; both: 10, 20 ms; CELT: 2.5, 5, 10, 20 ms.
  if (configuration < 12) return [480, 960, 1920, 2880][configuration & 3];
  if (configuration < 16) return [480, 960][configuration & 1];
  return 120 << (configuration & 3);
}

async function createDecoder(head: OpusHead): Promise<PacketDecoder> {
  const { OpusDecoder } = await import("opus-decoder");
  const decoder = new OpusDecoder({
    channels: head.channels,
    streamCount: head.streams,
    coupledStreamCount: head.coupledStreams,
    channelMappingTable: head.mapping,
  });
  await decoder.ready;
  return {
    decode(packet) {
      const { channelData } = decoder.decodeFrame(packet);
      if (head.gain !== 1) scale(channelData, head.gain);
      return channelData;
    },
    free: () => decoder.free(),
  };
}

function scale(channels: readonly Float32Array[], factor: number): void {
  for (const samples of channels) {
    for (let i = 0; i < samples.length; i++) samples[i] *= factor;
  }
}
