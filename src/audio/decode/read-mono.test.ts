import { describe, expect, it } from "vitest";
import { describeAudio, type AudioReader } from "./audio-reader.ts";
import { readMono } from "./read-mono.ts";

const RATE = 8000;
const BLOCK = 1000;

/** A recording of one channel that counts from 0, with a header that promises `promised` frames. */
function counting(frames: number, promised: number | undefined): AudioReader {
  const info = { format: "wav", codec: "counts", sampleRate: RATE, channels: 1, bitDepth: 32, warnings: [] };
  return {
    info: describeAudio({ ...info, frames: promised }),
    async *blocks(start, end) {
      for (let at = start; at < Math.min(end, frames); at += BLOCK) {
        const length = Math.min(BLOCK, frames - at);
        yield await Promise.resolve({
          position: at,
          channels: [Float32Array.from({ length }, (_, i) => at + i)],
        });
      }
    },
  };
}

const upTo = (first: number, last: number) =>
  Float32Array.from({ length: last - first }, (_, i) => first + i);

describe("readMono", () => {
  it.each([
    ["as many frames as it has", 4321],
    ["more frames than it has", 9000],
    ["2⁴⁰ frames", 2 ** 40],
    ["no number of frames", undefined],
  ])(
    "has the frames of a recording whose header promises %s, and no more memory than they take",
    async (_, promised) => {
      const { samples } = await readMono(counting(4321, promised), "x");
      expect(samples).toEqual(upTo(0, 4321));
      expect(samples.buffer.byteLength).toBe(4 * 4321);
    },
  );

  it("fills one array of the promised length, so that a sound is never held twice", async () => {
    const filled = new Set<ArrayBufferLike>();
    const { set } = Float32Array.prototype;
    Float32Array.prototype.set = function (this: Float32Array, ...parameters) {
      filled.add(this.buffer);
      set.apply(this, parameters);
    };
    try {
      const { samples } = await readMono(counting(4321, 4321), "x");
      expect([...filled]).toEqual([samples.buffer]);
    } finally {
      Float32Array.prototype.set = set;
    }
  });

  it.each([
    [0.1, 0.2],
    [0.5, 10],
    [0.0001, 0.0003],
  ])("reads from %d s for %d s, also at another rate", async (start, duration) => {
    const [first, length] = [Math.round(start * RATE), Math.round(duration * RATE)];
    const last = Math.min(4321, first + length);
    const part = await readMono(counting(4321, 4321), "x", { start, duration });
    expect(part.samples).toEqual(upTo(first, last));
    for (const sampleRate of [7999, 11_025, 16_000]) {
      const { samples } = await readMono(counting(4321, 4321), "x", { start, duration, sampleRate });
      const unknown = await readMono(counting(4321, undefined), "x", { start, duration, sampleRate });
      expect(samples).toEqual(unknown.samples);
      expect(samples).toHaveLength(Math.ceil(((last - first) * sampleRate) / RATE));
    }
  });

  it("refuses parts that are none", async () => {
    for (const options of [
      { start: Number.NaN },
      { start: -1 },
      { duration: 0 },
      { duration: Number.NaN },
      { start: 1 },
    ]) {
      await expect(readMono(counting(4321, 4321), "x", options)).rejects.toMatchObject({ code: "argument" });
    }
  });
});
