import { describe, expect, it } from "vitest";
import { Generator } from "../../random/generator.ts";
import { joinBytes } from "./testing/containers.ts";
import { flacFile, flacFrame, flacHeader, type Coding, type FlacFrameFields } from "./testing/flac-writer.ts";
import { decoded, openBytes } from "./testing/packets.ts";

/** Each of these predicts from samples before; without a shift they are the fixed ones. */
const PREDICTIONS: readonly { factors: readonly number[]; shift?: number }[] = [
  { factors: [] },
  { factors: [1] },
  { factors: [2, -1] },
  { factors: [3, -3, 1] },
  { factors: [4, -6, 4, -1] },
  { factors: [1000], shift: 10 },
  { factors: [16_383, -16_384, 5], shift: 13 },
  { factors: Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? 400 : -380)), shift: 14 },
];

/** A tone and some noise, of the full range of `bits` at times, or of `loudest` times that. */
function sound(generator: Generator, length: number, bits: number, loudest = 1): number[] {
  const peak = 2 ** (bits - 1);
  const level = loudest * [0.001, 0.3, 1][generator.integer(3)];
  const frequency = generator.uniform();
  return Array.from({ length }, (_, i) => {
    const value = level * (0.9 * Math.sin(frequency * i) + 0.3 * (generator.uniform() - 0.5));
    // Without negative zeros, which whole numbers do not have.
    return Math.max(-peak, Math.min(peak - 1, Math.round(value * peak))) + 0;
  });
}

interface Frames {
  readonly bits: number;
  readonly channels: number;
  readonly blockSize: number;
}

/** A file of three frames, the last one shorter, and what must come out of it. */
function fileOf(
  { bits, channels, blockSize }: Frames,
  generator: Generator,
  fields: Pick<FlacFrameFields, "coding" | "stereo" | "wasted">,
) {
  const lengths = [blockSize, blockSize, Math.max(1, blockSize >> 1)];
  const wasted = fields.wasted ?? 0;
  // What remains beside a prediction has 32 bits at most.
  const loudest = fields.coding.kind === "predicted" && bits > 24 ? 0.05 : 1;
  let firstSample = 0;
  const parts: number[][][] = [];
  const frames = lengths.map((length) => {
    const values = Array.from({ length: channels }, () => {
      // The mean of two has one bit less that is a zero.
      const step = 2 ** (wasted > 0 ? wasted + 1 : 0);
      const samples = sound(generator, length, bits, loudest).map((value) => Math.floor(value / step) * step);
      return fields.coding.kind === "constant" ? samples.fill(samples[0]) : samples;
    });
    parts.push(values);
    const frame = flacFrame({ ...fields, channels: values, bits, firstSample });
    firstSample += length;
    return frame;
  });
  const wanted = parts[0].map((_, c) =>
    Float32Array.from(parts.flatMap((part) => part[c]).map((value) => value / 2 ** (bits - 1))),
  );
  return { bytes: joinBytes(flacHeader(channels, bits, blockSize, firstSample), ...frames), wanted };
}

describe("every sample", () => {
  it.each([4, 8, 12, 16, 20, 24, 31, 32])("of %i bits, of one to eight channels, is exact", async (bits) => {
    const generator = new Generator(bits);
    for (let channels = 1; channels <= 8; channels++) {
      for (const blockSize of [16, 96, 577]) {
        const coding: Coding = { kind: "predicted", ...PREDICTIONS[2], parameter: Math.max(0, bits - 3) };
        const { bytes, wanted } = fileOf({ bits, channels, blockSize }, generator, { coding });
        const reader = await openBytes(bytes);
        expect(reader.info).toMatchObject({
          codec: `${bits}-bit FLAC`,
          channels,
          bitDepth: bits,
          warnings: [],
        });
        expect(await decoded(reader)).toEqual(wanted);
      }
    }
  });

  it.each(PREDICTIONS)("predicted by $factors.length of those before", async ({ factors, shift }) => {
    const generator = new Generator(factors.length);
    for (const bits of [8, 16, 24]) {
      for (const [partitions, parameter] of [
        [0, bits - 4],
        [2, bits - 2],
        [3, 0],
        [1, "plain"],
      ] as const) {
        const coding: Coding = { kind: "predicted", factors, shift, partitions, parameter };
        // Codes of parameter 0 are as long as their numbers.
        const frames = { bits: parameter === 0 ? 8 : bits, channels: 1, blockSize: 512 };
        const { bytes, wanted } = fileOf(frames, generator, { coding });
        expect(await decoded(await openBytes(bytes))).toEqual(wanted);
      }
    }
  });

  it.each(["left-side", "side-right", "mid-side"] as const)("of two channels as %s", async (stereo) => {
    const generator = new Generator(7);
    for (const bits of [8, 16, 24, 32]) {
      const codings: Coding[] = [
        { kind: "verbatim" },
        { kind: "constant" },
        { kind: "predicted", factors: [1], parameter: bits - 2 },
        { kind: "predicted", factors: [700, -200], shift: 9, parameter: bits - 2 },
      ];
      for (const coding of codings) {
        for (const wasted of [0, 3]) {
          const frames = { bits, channels: 2, blockSize: 200 };
          const { bytes, wanted } = fileOf(frames, generator, { coding, stereo, wasted });
          expect(await decoded(await openBytes(bytes))).toEqual(wanted);
        }
      }
    }
  });
});

describe("parts", () => {
  it("of eight channels in large blocks", async () => {
    const generator = new Generator(1);
    const channels = Array.from({ length: 8 }, () => sound(generator, 9000, 24));
    const frames = Array.from({ length: 9 }, (_, i) =>
      flacFrame({
        channels: channels.map((samples) => samples.slice(1000 * i, 1000 * (i + 1))),
        bits: 24,
        coding: { kind: "verbatim" },
        firstSample: 1000 * i,
      }),
    );
    const reader = await openBytes(joinBytes(flacHeader(8, 24, 1000, 9000), ...frames));
    const wanted = channels.map((samples) => Float32Array.from(samples, (value) => value / 2 ** 23));
    for (const [from, to] of [
      [0, 10],
      [999, 1001],
      [4321, 7654],
      [8990, 9000],
    ]) {
      expect(await decoded(reader, from, to)).toEqual(wanted.map((samples) => samples.slice(from, to)));
    }
  });

  it("of a file whose numbers begin late, as a cut leaves them", async () => {
    const samples = Int16Array.from({ length: 12_000 }, (_, i) => (i * 7919) % 30_011);
    const whole = flacFile({ samples, blockSize: 1000 });
    const header = flacHeader(1, 16, 1000, 0);
    const reader = await openBytes(
      joinBytes(header, whole.subarray(whole.length - 5 * frameLength(whole, 12))),
    );
    expect(reader.info.frames).toBe(5000);
    const wanted = Float32Array.from(samples.subarray(7000), (value) => value / 32768);
    expect(await decoded(reader)).toEqual([wanted]);
    expect(await decoded(reader, 2500, 2700)).toEqual([wanted.slice(2500, 2700)]);
  });
});

function frameLength(file: Uint8Array, frames: number): number {
  return (file.length - flacHeader(1, 16, 1000, 0).length) / frames;
}

describe("what stands behind the last frame", () => {
  it.each([100, 100_000, 6_000_000])("%i bytes of anything change nothing", async (length) => {
    const samples = Int16Array.from({ length: 5000 }, (_, i) => (i * 7919) % 30_011);
    const bytes = joinBytes(flacFile({ samples, blockSize: 1000 }), new Uint8Array(length).fill(0xff));
    const reader = await openBytes(bytes);
    expect(reader.info).toMatchObject({ frames: 5000, warnings: [] });
    expect(await decoded(reader, 4000, 5000)).toEqual([
      Float32Array.from(samples.subarray(4000), (value) => value / 32768),
    ]);
  });
});

describe("hostile files", () => {
  it("made of headers of long frames take time in proportion to their length", async () => {
    // A header says 65,536 samples of eight channels as they are; the next one stands behind its first subframe's.
    const frame = flacFrame({
      channels: Array.from({ length: 8 }, () => new Array<number>(16).fill(0)),
      bits: 32,
      coding: { kind: "verbatim" },
      firstSample: 0,
    }).slice(0, 8);
    frame.set([0xff, 0xff], 5);
    frame[7] = crc8(frame.subarray(0, 7));
    const unit = joinBytes(frame, Uint8Array.of(0x02));
    const bytes = new Uint8Array(2 ** 21);
    for (let at = 0; at + unit.length <= bytes.length; at += unit.length) bytes.set(unit, at);
    const file = joinBytes(flacHeader(8, 32, 65_535, 0), bytes);
    await expect(openBytes(file)).rejects.toThrow(/without complete frames/);
  });
});

function crc8(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = ((sum << 1) ^ (sum & 0x80 ? 0x07 : 0)) & 0xff;
  }
  return sum;
}
