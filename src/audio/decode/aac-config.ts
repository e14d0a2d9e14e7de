/** @file AAC's configuration, and a frame of silence for it (ISO/IEC 14496-3, sections 1.6.2.1 and 4.4.2). Browser-safe. */

/** Bits from the highest one down. */
class BitWriter {
  private readonly bits: number[] = [];

  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) this.bits.push((value >> bit) & 1);
  }

  finish(): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(this.bits.length / 8));
    this.bits.forEach((bit, i) => (bytes[i >> 3] |= bit << (7 - (i & 7))));
    return bytes;
  }
}

const MAIN = 1;
const LOW_COMPLEXITY = 2;
const LONG_TERM_PREDICTION = 4;
/** Where the channel configuration stands: behind 5 bits of an object type and 4 of a sample rate's number. */
const CHANNELS_SHIFT = 3;
const OWN_RATE = 15;

const SINGLE = 0;
const PAIR = 1;
const LOW_FREQUENCY = 3;
const END = 7;

/** The elements of a frame by the channel configuration. */
const ELEMENTS: readonly (readonly number[])[] = [
  [],
  [SINGLE],
  [PAIR],
  [SINGLE, PAIR],
  [SINGLE, PAIR, SINGLE],
  [SINGLE, PAIR, PAIR],
  [SINGLE, PAIR, PAIR, LOW_FREQUENCY],
  [SINGLE, PAIR, PAIR, PAIR, LOW_FREQUENCY],
];

/** Whether packets are predicted from all that came before them, so that none can be decoded without. */
export function predictsFromPast(config: Uint8Array): boolean {
  return [MAIN, LONG_TERM_PREDICTION].includes(config[0] >> 3);
}

/**
 * A frame of silence for a stream without an upper band by replication, which leaves a decoder as it is before its first frame.
 * @param config The stream's AudioSpecificConfig.
 * @returns undefined for other profiles, and where the channels are none of the usual.
 */
export function silentAacFrame(config: Uint8Array): Uint8Array | undefined {
  const rate = ((config[0] & 7) << 1) | (config[1] >> 7);
  const isPlain = config[0] >> 3 === LOW_COMPLEXITY || predictsFromPast(config);
  if (!isPlain || rate === OWN_RATE) return undefined;
  const elements = ELEMENTS.at((config[1] >> CHANNELS_SHIFT) & 15) ?? [];
  if (elements.length === 0) return undefined;
  const bits = new BitWriter();
  const tags = [0, 0, 0, 0];
  for (const element of elements) {
    bits.write(element, 3);
    bits.write(tags[element]++, 4);
    // A pair without a common window: two channels that stand for themselves.
    if (element === PAIR) {
      bits.write(0, 1);
      writeSilentChannel(bits);
    }
    writeSilentChannel(bits);
  }
  bits.write(END, 3);
  return bits.finish();
}

/** A channel without any band: gain, a long window, and no pulses, noise shaping or gain control. */
function writeSilentChannel(bits: BitWriter): void {
  bits.write(0, 8);
  // One reserved bit, the window's sequence (2) and shape, the number of bands (6), prediction.
  bits.write(0, 11);
  bits.write(0, 3);
}
