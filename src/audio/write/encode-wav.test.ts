import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { decodeAudio } from "../decode/decode-audio.ts";
import { encodeWav } from "./encode-wav.ts";

const LEFT = Float32Array.of(0, 0.5, -1, 0.25 + 2 ** -17);
const RIGHT = Float32Array.of(1, -0.5, 2 ** -15, -(2 ** -16));

describe("encodeWav", () => {
  it("16 bits: the header and samples of the format", () => {
    const bytes = encodeWav({ sampleRate: 22_050, channels: [Float32Array.of(0.5, -1)] });
    // 22,050 = 0x5622, bytes a second 44,100 = 0xac44, 2 bytes a frame, 16 bits; 0.5 = 0x4000, -1 = 0x8000.
    const header = [0x10, 0, 0, 0, 1, 0, 1, 0, 0x22, 0x56, 0, 0, 0x44, 0xac, 0, 0, 2, 0, 16, 0];
    const text = (value: string): number[] => Array.from(new TextEncoder().encode(value));
    expect(Array.from(bytes)).toEqual([
      ...[...text("RIFF"), 40, 0, 0, 0, ...text("WAVEfmt "), ...header],
      ...[...text("data"), 4, 0, 0, 0, 0x00, 0x40, 0x00, 0x80],
    ]);
  });

  it.each([
    // Rounded to steps of 2^-15 or 2^-23; full scale is clipped to the largest step below 1.
    [16, 2 ** -15],
    [24, 2 ** -23],
  ] as const)("%i bits come back to within half a step", async (bitDepth, step) => {
    const audio = await decodeAudio(
      encodeWav({ sampleRate: 8000, channels: [LEFT, RIGHT] }, { bitDepth }),
      "x",
    );
    [LEFT, RIGHT].forEach((samples, c) => {
      samples.forEach((value, i) => {
        const clipped = Math.min(value, 1 - step);
        expect(Math.abs(audio.channels[c][i] - clipped)).toBeLessThanOrEqual(step / 2);
      });
    });
  });

  it("floats come back as they are, beyond full scale, too", async () => {
    const channels = [LEFT, Float32Array.of(1.5, -2, 0.1, 0)];
    const audio = { sampleRate: 48_000, channels };
    expect(await decodeAudio(encodeWav(audio, { bitDepth: "32-float" }), "x")).toEqual(audio);
  });

  it("pads an odd number of bytes", () => {
    const bytes = encodeWav({ sampleRate: 8000, channels: [Float32Array.of(0.5)] }, { bitDepth: 24 });
    expect(bytes).toHaveLength(44 + 4);
    expect(new DataView(bytes.buffer).getUint32(40, true)).toBe(3);
  });

  it("refuses channels of different lengths, and none", () => {
    for (const channels of [[], [LEFT, LEFT.subarray(1)]]) {
      expect(() => encodeWav({ sampleRate: 8000, channels })).toThrow(AuricleError);
    }
  });

  it.each([22_050.5, 0, -8000, NaN, Infinity, 2 ** 32])(
    "refuses the rate %d, which the file cannot hold",
    (sampleRate) => {
      expect(() => encodeWav({ sampleRate, channels: [LEFT] })).toThrow(
        `encodeWav: sampleRate must be a whole number of Hz above 0; got ${sampleRate}`,
      );
    },
  );

  it("refuses another bit depth and other options", () => {
    const audio = { sampleRate: 8000, channels: [LEFT] };
    const depth = 8 as 16;
    expect(() => encodeWav(audio, { bitDepth: depth })).toThrow(
      'bitDepth must be 16, 24 or "32-float"; got 8',
    );
    const options: object = { bits: 16 };
    expect(() => encodeWav(audio, options)).toThrow('encodeWav: options are bitDepth; got "bits"');
  });
});
