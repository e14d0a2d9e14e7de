/** @file Front ends of all kinds as parts of ONNX files, and files that begin behind them. */
import { describe, expect, it } from "vitest";
import { exportOnnx } from "../index.ts";
import { CLASS_NAMES, soundModel, stacked } from "./testing/built-in-models.ts";
import { expectAlike, expectSound } from "./testing/expect-answers.ts";
import { openOnnx } from "./testing/run-onnx.ts";

describe("every front end gives its features in the graph", () => {
  const decibels = { kind: "decibels", reference: "max" } as const;
  it.each([
    [
      "mel bands of magnitudes, mirrored at the ends",
      { kind: "melSpectrogram", power: 1, padMode: "reflect", scale: decibels },
    ],
    [
      "mel bands with derivatives",
      { kind: "melSpectrogram", melBands: 40, scale: decibels, deltas: { order: 2 } },
    ],
    [
      "natural logarithms of frames that begin with the waveform",
      { kind: "melSpectrogram", center: false, scale: { kind: "naturalLog" } },
    ],
    [
      "a power spectrogram in decibels below 1",
      { kind: "spectrogram", fftSize: 512, power: 2, scale: { kind: "decibels" } },
    ],
    [
      "magnitudes",
      { kind: "spectrogram", fftSize: 400, windowLength: 300, frameLength: "window", center: false },
    ],
    ["real and imaginary parts", { kind: "complexSpectrogram", fftSize: 256 }],
    ["cepstral coefficients with derivatives", { kind: "mfcc", deltas: { mode: "nearest" } }],
    ["a constant-Q transform", { kind: "constantQ", bins: 36, scale: decibels }],
  ] as const)("%s", async (_, options) => {
    // Of features that are large numbers one class would be certain.
    const sounding = { frontEnd: options, lastLayer: 0.2 };
    const sound = soundModel("mel-cnn", "classification", { ...sounding, steps: 60 });
    const file = exportOnnx(sound.model);
    await expectSound(sound, file);
    if (file.fixedTime === undefined) {
      await expectSound(soundModel("mel-cnn", "classification", { ...sounding, steps: 83 }), file);
    }
  });
});

it("a model of sound from its features on takes what its front end gives", async () => {
  const { model } = soundModel("mel-cnn", "classification", { steps: 40 });
  const file = exportOnnx(model, { from: "features" });
  expect(file.inputs).toEqual([{ name: "features", type: "float32", shape: ["batch", "time", 128, 1] }]);
  const [input] = model.inputShapes;
  const features = stacked(
    [1, 2, 3].map((seed) => Float32Array.from({ length: 40 * 128 }, (_, i) => 30 * Math.sin(seed * i))),
    input,
  );
  const logits = await model.predict(features);
  const rows = CLASS_NAMES.length;
  const expected = [0, 1, 2].map((row) => {
    const powers = logits.data.slice(row * rows, (row + 1) * rows).map(Math.exp);
    const total = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => power / total);
  });
  const [actual] = await (await openOnnx(file.bytes))({ features });
  expectAlike(actual.data, expected);
});
