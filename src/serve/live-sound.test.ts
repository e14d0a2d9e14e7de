import { expect, it } from "vitest";
import { deriveKey, Generator } from "../random/generator.ts";
import { LiveSound } from "./live-sound.ts";

const RATE = 1000;

function floats(...values: number[]): Buffer {
  return Buffer.from(Float32Array.from(values).buffer);
}

it("an answer is about the newest window, and due a hop after the one before", () => {
  const sound = new LiveSound({ sampleRate: RATE, format: "f32le", hop: 0.004 }, 0.005);
  sound.add(floats(1, 2, 3));
  expect(sound.isDue).toBe(false);
  sound.add(floats(4));
  expect(sound.isDue).toBe(true);
  expect(sound.take()).toEqual({ start: 0, end: 0.004, samples: Float32Array.of(1, 2, 3, 4) });
  sound.add(floats(5, 6, 7));
  expect(sound.isDue).toBe(false);
  sound.add(floats(8, 9, 10, 11, 12, 13, 14));
  expect(sound.take()).toEqual({ start: 0.009, end: 0.014, samples: Float32Array.of(10, 11, 12, 13, 14) });
});

it("samples of 16 bits are read as files of them are", () => {
  const sound = new LiveSound({ sampleRate: RATE, format: "s16le" }, 1);
  sound.add(Buffer.from(Int16Array.of(-32_768, 0, 16_384).buffer));
  expect(sound.take().samples).toEqual(Float32Array.of(-1, 0, 0.5));
});

it("half a sample, and what is no number, are refused", () => {
  const sound = new LiveSound({ sampleRate: RATE, format: "f32le" }, 1);
  expect(() => sound.add(Buffer.alloc(6))).toThrow("6 bytes are no whole number of samples in f32le");
  expect(() => sound.add(floats(0, NaN))).toThrow("a sample is not a number");
});

it("whatever the pieces, what is taken is the end of all that came", () => {
  const random = new Generator(deriveKey("live sound"));
  const whole = (below: number) => Math.floor(random.uniform() * below);
  for (let round = 0; round < 200; round++) {
    const window = 1 + whole(9);
    const sound = new LiveSound({ sampleRate: RATE, format: "f32le" }, window / RATE);
    const all: number[] = [];
    for (let piece = 0; piece < 12; piece++) {
      const values = Array.from({ length: whole(14) }, () => whole(1000));
      all.push(...values);
      sound.add(floats(...values));
      const { start, end, samples } = sound.take();
      expect([...samples]).toEqual(all.slice(-window));
      expect([start, end]).toEqual([(all.length - samples.length) / RATE, all.length / RATE]);
    }
  }
});
