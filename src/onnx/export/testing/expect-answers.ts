/** @file Compares what ONNX Runtime makes of an exported model with the answers of the model. */
import { expect } from "vitest";
import { AudioModel } from "../../../audio-model/index.ts";
import type { OnnxFile } from "../../index.ts";
import { CLASS_NAMES, stacked, stretches, type SoundModel } from "./built-in-models.ts";
import { openOnnx } from "./run-onnx.ts";

const TOLERANCE = 1e-4;

/** Compares rows of probabilities, or of numbers in units of the largest. */
export function expectAlike(actual: ArrayLike<number>, expected: readonly ArrayLike<number>[]): void {
  const flat = expected.flatMap((row) => Array.from(row));
  expect(actual.length).toBe(flat.length);
  // Answers that are all alike would tell nothing, nor would those of which one is certain: any two networks agree on these.
  expect(Math.max(...flat) - Math.min(...flat)).toBeGreaterThan(0.02);
  for (const row of expected.filter(({ length }) => length > 1)) {
    const [, second] = Array.from(row, Math.abs).sort((a, b) => b - a);
    expect(second, "the second largest answer").toBeGreaterThan(1e-3);
  }
  const unit = Math.max(1, ...flat.map(Math.abs));
  flat.forEach((value, i) => {
    expect(Math.abs(actual[i] - value) / unit, `number ${i}`).toBeLessThan(TOLERANCE);
  });
}

/** Compares the answers for two stretches of music, together and one alone. */
export async function expectSound({ model, sampleRate, samples }: SoundModel, file: OnnxFile): Promise<void> {
  const clips = await stretches(2, sampleRate, samples);
  const listener = new AudioModel(model);
  const expected = await Promise.all(clips.map((clip) => listener.predict(clip)));
  const run = await openOnnx(file.bytes);
  const waveform = stacked(
    clips.map((clip) => clip.samples),
    [samples],
  );
  const [both] = await run({ waveform });
  expect(both.shape).toEqual([2, CLASS_NAMES.length]);
  expectAlike(
    both.data,
    expected.map(({ outputs }) => outputs),
  );
  const [one] = await run({ waveform: stacked([clips[1].samples], [samples]) });
  expectAlike(one.data, [expected[1].outputs]);
}
