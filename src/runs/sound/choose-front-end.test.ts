import { describe, expect, it } from "vitest";
import { frontEndConfig } from "../../audio/front-end/config.ts";
import { frontEnd } from "../../audio/front-end/index.ts";
import { highestFrequency } from "../../audio-model/outside-range.ts";
import { AUDIO_MODEL_NAMES, AUDIO_MODELS } from "../../models/index.ts";
import { chooseFrontEnd } from "./choose-front-end.ts";
import type { Survey } from "./survey-recordings.ts";

/** Recordings at some rate that have sound up to a frequency. */
function surveyOf(bandwidth: number, sampleRate: number): Survey {
  const range = { bandwidth: [bandwidth / 2, bandwidth], level: [-30, -20], noiseFloor: [-60, -40] } as const;
  return { range, sampleRate, recordings: 100 };
}

describe.each(AUDIO_MODEL_NAMES)("the front end of %s", (name) => {
  const own = frontEndConfig(AUDIO_MODELS[name].frontEnd);
  const { windowSeconds, build } = AUDIO_MODELS[name];

  it("is its own for recordings with sound in all of its band, for silence, and where none can be read", () => {
    expect(chooseFrontEnd(AUDIO_MODELS[name].frontEnd, surveyOf(22_050, 44_100))).toEqual(own);
    expect(
      chooseFrontEnd(AUDIO_MODELS[name].frontEnd, surveyOf(0.95 * highestFrequency(own), 44_100)),
    ).toEqual(own);
    expect(
      chooseFrontEnd(AUDIO_MODELS[name].frontEnd, { range: undefined, sampleRate: 8000, recordings: 5 }),
    ).toEqual(own);
  });

  it.each([
    [4000, 8000],
    [4000, 44_100],
    [2500, 22_050],
    [1000, 16_000],
    [200, 8000],
  ])(
    "where sound ends at %i Hz, in recordings at %i Hz, has all of it and less than its own",
    (found, rate) => {
      const chosen = chooseFrontEnd(AUDIO_MODELS[name].frontEnd, surveyOf(found, rate));
      const top = highestFrequency(chosen);
      expect(top).toBeGreaterThanOrEqual(found);
      expect(top).toBeLessThanOrEqual(highestFrequency(own));
      // Steps of time and bins of the spectrum stay what they are.
      const [before, after] = [frontEnd(own), frontEnd(chosen)];
      if (own.kind !== "waveform") {
        expect(after.hopLength / after.sampleRate).toBeCloseTo(before.hopLength / before.sampleRate, 9);
      }
      if (chosen.kind === "melSpectrogram" && own.kind === "melSpectrogram") {
        // Of what is listened to, no more than a margin and the rounding to a hundred, or 500 Hz, is empty.
        expect(top).toBeLessThanOrEqual(Math.max(500, Math.min(1.05 * found + 100, rate / 2)));
        expect(chosen.melBands).toBeLessThanOrEqual(own.melBands);
        expect(chosen.melBands % 16).toBe(0);
        expect(chosen.sampleRate / chosen.fftSize).toBeCloseTo(own.sampleRate / own.fftSize, 9);
      }
      // The model takes it.
      const samples = Math.ceil(windowSeconds * chosen.sampleRate);
      const network = build({ inputShape: after.outputShape(samples), classes: 2 });
      expect(network.outputShape).toEqual([2]);
    },
  );
});

describe("mel-cnn on telephone speech", () => {
  it("listens to 4 kHz, with bands as close as before", () => {
    expect(chooseFrontEnd(AUDIO_MODELS["mel-cnn"].frontEnd, surveyOf(4000, 8000))).toMatchObject({
      sampleRate: 11_025,
      fftSize: 1024,
      hopLength: 256,
      maxFrequency: 4000,
      // 128 bands · 35.2 mel / 49.9 mel = 90, and the nearest multiple of 16.
      melBands: 96,
    });
  });
});
