/** @file The coordinates of inputs, from the layers that normalise them. */
import { expect, it } from "vitest";
import { audioMetadata } from "../../audio-model/index.ts";
import { imageMetadata } from "../../image-model/index.ts";
import { batchNormalization, dense, flatten, normalization, sequential, type Layer } from "../../nn/index.ts";
import { inputCoordinates } from "./input-coordinates.ts";

const PIXELS = { width: 2, height: 1, channels: 3, fit: "crop", background: [255, 255, 255] } as const;

function pictures(first: Layer[]) {
  const model = sequential([...first, flatten({ inputShape: [1, 2, 3] }), dense({ units: 1 })], {
    threads: 1,
  });
  model.metadata = imageMetadata({ task: "regression", classNames: ["sum"], pixels: PIXELS });
  return { kind: "images", path: "model", model, config: undefined } as const;
}

function sound(kind: "spectrogram" | "waveform", first: Layer[], shape: readonly number[]) {
  const model = sequential([...first, flatten({ inputShape: shape }), dense({ units: 1 })], { threads: 1 });
  const frontEnd =
    kind === "waveform"
      ? ({ kind, sampleRate: 8000 } as const)
      : ({ kind, sampleRate: 8000, fftSize: 4, hopLength: 2 } as const);
  model.metadata = audioMetadata({
    task: "regression",
    classNames: ["sum"],
    frontEnd,
    windowFrames: shape[0],
  });
  return { kind: "sound", path: "model", model, config: undefined } as const;
}

it("takes the mean and the deviation of each channel of pictures", () => {
  const found = inputCoordinates(
    pictures([
      normalization({ mean: [0.5, 0.25, 0.125], variance: [0.25, 0.0625, 0], inputShape: [1, 2, 3] }),
    ]),
    [1, 2, 3],
  );
  expect(Array.from(found.center as Float32Array)).toEqual([0.5, 0.25, 0.125, 0.5, 0.25, 0.125]);
  expect(Array.from(found.scale as Float32Array)).toEqual(
    [0.5, 0.25, 1e-6, 0.5, 0.25, 1e-6].map(Math.fround),
  );
  expect(found.range).toEqual([0, 1]);
});

it("takes those of each frequency, and the range that the model clips to", () => {
  const statistics = {
    axis: 2,
    mean: [-40, -50, -60],
    variance: [4, 9, 16],
    minimum: [-80, -90, -70],
    maximum: [0, -10, -20],
  };
  const found = inputCoordinates(
    sound("spectrogram", [normalization({ ...statistics, inputShape: [2, 3, 1] })], [2, 3, 1]),
    [2, 3, 1],
  );
  expect(Array.from(found.center as Float32Array)).toEqual([-40, -50, -60, -40, -50, -60]);
  expect(Array.from(found.scale as Float32Array)).toEqual([2, 3, 4, 2, 3, 4]);
  expect(found.range).toEqual([-90, 0]);
});

it("takes running statistics of a batch normalisation, and one number of all", () => {
  const running = inputCoordinates(pictures([batchNormalization({ inputShape: [1, 2, 3] })]), [1, 2, 3]);
  expect(Array.from(running.scale as Float32Array)).toEqual([1, 1, 1, 1, 1, 1]);
  const one = inputCoordinates(
    sound(
      "spectrogram",
      [normalization({ axis: [], mean: 2, variance: 9, inputShape: [2, 3, 1] })],
      [2, 3, 1],
    ),
    [2, 3, 1],
  );
  expect(Array.from(one.center as Float32Array)).toEqual([2, 2, 2, 2, 2, 2]);
  expect(Array.from(one.scale as Float32Array)).toEqual([3, 3, 3, 3, 3, 3]);
});

it("knows pictures and waveforms that no layer normalises", () => {
  expect(inputCoordinates(pictures([]), [1, 2, 3])).toEqual({ center: 0.5, scale: 0.25, range: [0, 1] });
  const waveform = inputCoordinates(sound("waveform", [], [8, 1]), [8, 1]);
  expect(waveform).toEqual({ center: 0, scale: 0.2, range: [-1, 1] });
  expect(inputCoordinates(sound("spectrogram", [], [2, 3, 1]), [2, 3, 1])).toEqual({});
});
