/**
 * @file Imitations of a plucked string, a drum and a voice, which are added to what is there: for the studio's clip, and for networks that
 * learn in the page.
 */
import type { Generator } from "auricle";

/** Hz. */
export const SAMPLE_RATE = 16_000;

/**
 * A plucked string, after Karplus and Strong (1983).
 * @param at seconds
 * @param frequency Hz
 */
export function addString(
  samples: Float32Array,
  at: number,
  frequency: number,
  generator: Generator,
  loudness = 0.5,
): void {
  const period = Math.round(SAMPLE_RATE / frequency);
  const string = Float32Array.from({ length: period }, () => 2 * generator.uniform() - 1);
  const start = Math.round(at * SAMPLE_RATE);
  for (let i = 0; start + i < samples.length; i++) {
    const place = i % period;
    const value = string[place];
    if (start + i >= 0) samples[start + i] += loudness * value;
    string[place] = 0.498 * (value + string[(place + 1) % period]);
  }
}

/** A drum: a tone that falls to 50 Hz, and a little noise at its beginning. @param at seconds */
export function addDrum(samples: Float32Array, at: number, generator: Generator, loudness = 0.6): void {
  const start = Math.round(at * SAMPLE_RATE);
  let phase = 0;
  for (let i = 0; i < 0.3 * SAMPLE_RATE && start + i < samples.length; i++) {
    const time = i / SAMPLE_RATE;
    phase += (2 * Math.PI * (50 + 60 * Math.exp(-time / 0.03))) / SAMPLE_RATE;
    const noise = 0.25 * Math.exp(-time / 0.01) * (2 * generator.uniform() - 1);
    if (start + i >= 0) samples[start + i] += loudness * (Math.exp(-time / 0.09) * Math.sin(phase) + noise);
  }
}

/** The first three resonances of the mouth for five vowels, in Hz (Peterson and Barney 1952, rounded). */
const VOWELS = [
  [730, 1090, 2440],
  [270, 2290, 3010],
  [300, 870, 2240],
  [530, 1840, 2480],
  [570, 840, 2410],
] as const;

/**
 * A voice: pulses of the vocal folds through the resonances of a vowel, or breath that hisses.
 * @param from seconds
 * @param to seconds
 */
export function addVoice(
  samples: Float32Array,
  from: number,
  to: number,
  generator: Generator,
  loudness = 0.5,
): void {
  const pitch = 90 + 160 * generator.uniform();
  const hisses = generator.uniform() < 0.25;
  const vowel = VOWELS[Math.floor(VOWELS.length * generator.uniform())];
  const filters = hisses
    ? [resonator(4500 + 2500 * generator.uniform(), 1800)]
    : vowel.map((hertz) => resonator(hertz, 90));
  const [first, last] = [from, to].map((time) => Math.round(time * SAMPLE_RATE));
  let phase = 0;
  for (let i = first; i < Math.min(last, samples.length); i++) {
    phase += (pitch * (1 + 0.02 * Math.sin((2 * Math.PI * 5 * i) / SAMPLE_RATE))) / SAMPLE_RATE;
    const pulse = phase >= 1 ? 1 : 0;
    phase -= pulse;
    const source = hisses
      ? 0.3 * (2 * generator.uniform() - 1)
      : pulse + 0.02 * (2 * generator.uniform() - 1);
    const value = filters.reduce((sum, filter) => sum + filter(source), 0);
    const swell = Math.min(1, (i - first) / 800, (last - i) / 800);
    if (i >= 0) samples[i] += loudness * swell * value;
  }
}

/** A resonance: two poles at a frequency with a bandwidth in Hz. */
function resonator(hertz: number, bandwidth: number): (input: number) => number {
  const radius = Math.exp((-Math.PI * bandwidth) / SAMPLE_RATE);
  const [first, second] = [2 * radius * Math.cos((2 * Math.PI * hertz) / SAMPLE_RATE), -radius * radius];
  let [before, earlier] = [0, 0];
  return (input) => {
    const value = (1 - radius) * 4 * input + first * before + second * earlier;
    [before, earlier] = [value, before];
    return value;
  };
}
