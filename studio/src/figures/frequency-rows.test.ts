import { expect, it } from "vitest";
import { frontEnd, frequenciesOf } from "auricle/audio";
import { frequencyRows } from "./frequency-rows.ts";

it("has each bin in the middle of its row", () => {
  const rows = frequencyRows("linear", 64, 8000);
  const bins = frequenciesOf(frontEnd({ kind: "spectrogram", sampleRate: 8000, fftSize: 64 }));
  bins?.forEach((hertz, bin) => {
    expect(rows.hertzAt((bin + 0.5) / rows.count)).toBeCloseTo(hertz, 9);
    expect(rows.placeOf(hertz)).toBeCloseTo((bin + 0.5) / rows.count, 9);
  });
  expect(bins).toHaveLength(rows.count);
});

it("on the mel scale reaches from 0 Hz to half the rate, and back", () => {
  const rows = frequencyRows("mel", 1024, 44_100);
  expect(rows.hertzAt(0)).toBe(0);
  expect(rows.hertzAt(1)).toBeCloseTo(22_050, 6);
  expect(rows.edges?.at(-1)).toBeCloseTo(512, 6);
  for (const hertz of [50, 440, 1000, 9000]) expect(rows.hertzAt(rows.placeOf(hertz))).toBeCloseTo(hertz, 6);
});
