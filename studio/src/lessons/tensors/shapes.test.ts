import { expect, it } from "vitest";
import { compile, floatArray } from "auricle";
import { frontEnd } from "auricle/audio";
import { slice } from "auricle/ops";
import { elementCount, offsetOf, pictureAxes, shapeText, soundAxes } from "./shapes.ts";

it("has the shapes of the library's front ends", () => {
  for (const [samples, fftSize, hop] of [
    [48_000, 1024, 256],
    [48_000, 128, 16],
    [15_801, 4096, 1024],
  ]) {
    const options = { examples: 3, samples, fftSize, hop };
    const shape = (form: "waveform" | "magnitude" | "complex") =>
      soundAxes(form, options).map(({ size }) => size);
    const shared = { fftSize, hopLength: hop } as const;
    const magnitude = frontEnd({ kind: "spectrogram", ...shared }).outputShape(samples);
    expect(shape("magnitude")).toEqual([3, ...magnitude.slice(0, 2)]);
    const complex = frontEnd({ kind: "complexSpectrogram", ...shared }).outputShape(samples);
    expect(shape("complex")).toEqual([3, ...complex]);
    expect(shape("waveform")).toEqual([3, samples]);
    expect(soundAxes("waveform", { ...options, channels: 2 }).map(({ size }) => size)).toEqual([
      3,
      samples,
      2,
    ]);
  }
});

it("finds elements where the engine keeps them", () => {
  const axes = pictureAxes(4, 5, 3);
  const shape = axes.map(({ size }) => size);
  const values = floatArray(
    Array.from({ length: elementCount(axes) }, (_, i) => i),
    shape,
  );
  for (const index of [
    [0, 0, 0, 0],
    [0, 3, 4, 2],
    [0, 2, 1, 1],
  ]) {
    const element = compile((x) => slice(x, index, [1, 1, 1, 1]), [shape], { threads: 1 })(values);
    expect(offsetOf(axes, index)).toBe(element.data[0]);
  }
  expect(shapeText(axes)).toBe("[1, 4, 5, 3]");
});
