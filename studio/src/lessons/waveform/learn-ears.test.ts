import { expect, it } from "vitest";
import { EARS, learnEars, pitchAt, type Ears, type Spread } from "./learn-ears.ts";

async function learned(spread: Spread): Promise<{ ears: Ears; accuracy: number }> {
  let last: { ears: Ears; accuracy: number } | undefined;
  await learnEars(spread, (ears, _, accuracy = 0) => (last = { ears, accuracy }));
  if (!last) throw new Error("nothing was told");
  return last;
}

/** The part of a filter's energy within a main lobe of its centre, on average. */
function concentration({ gains, centres }: Ears): number {
  const width = (1.5 * EARS.sampleRate) / EARS.taps;
  const parts = centres.map((centre, filter) => {
    let [near, all] = [0, 0];
    for (let i = 0; i < EARS.points; i++) {
      const energy = gains[filter * EARS.points + i] ** 2;
      all += energy;
      if (Math.abs((i * EARS.sampleRate) / 2 / (EARS.points - 1) - centre) <= width) near += energy;
    }
    return near / all;
  });
  return parts.reduce((a, b) => a + b, 0) / parts.length;
}

it("becomes bands, which lie where the pitches do", async () => {
  const [ratio, distance] = [await learned("ratio"), await learned("distance")];
  for (const { ears, accuracy } of [ratio, distance]) {
    expect(accuracy).toBeGreaterThan(0.55);
    expect(concentration(ears)).toBeGreaterThan(0.7);
    ears.centres.slice(1).forEach((centre, i) => expect(centre).toBeGreaterThanOrEqual(ears.centres[i]));
  }
  // The middle pitch is 1,025 Hz of those at equal ratios, and 3,575 Hz of the others.
  const middle = ({ centres }: Ears) => centres[EARS.filters / 2];
  expect(middle(ratio.ears)).toBeLessThan(1.6 * pitchAt(0.5, "ratio"));
  expect(middle(distance.ears)).toBeGreaterThan(0.75 * pitchAt(0.5, "distance"));
});
