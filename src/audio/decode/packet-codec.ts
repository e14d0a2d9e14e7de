/** @file The interface of a codec whose packets come in a container: Ogg or WebM. Browser-safe. */

/** Says what packets are, without decoding them. */
export interface PacketCodec {
  /** In words: "Opus", "16-bit FLAC". */
  readonly name: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitDepth: number | undefined;
  /** Samples at the beginning that the encoder put before the sound. */
  readonly preSkip: number;
  /** Samples that must be decoded before those that are wanted, so that they are the same bits as when all are decoded. */
  readonly preRoll: number;
  /** Only "sound" can be decoded. */
  kindOf(packet: Uint8Array): "sound" | "header" | "damaged";
  /** Samples of each channel that come out when `packet` is decoded after `before`; undefined where it is the first. */
  samplesOf(packet: Uint8Array, before: Uint8Array | undefined): number;
  createDecoder(): Promise<PacketDecoder>;
}

export interface PacketDecoder {
  /** Decodes the next packet; arrays of the length that `samplesOf` says, or of another where the packet is damaged. */
  decode(packet: Uint8Array): Promise<readonly Float32Array[]> | readonly Float32Array[];
  free(): void;
}

/** A packet and what its container says of it. */
export interface Packet {
  readonly bytes: Uint8Array;
  /** Where reading may begin so that this packet comes first. */
  readonly entry?: number;
  /** Samples of what it decodes to that are no part of the sound: at its end, or, where negative, at its beginning. */
  readonly discard?: number;
}
