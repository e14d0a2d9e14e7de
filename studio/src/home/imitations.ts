/** @file The sounds that the first view's network learns from: half a second of a string, a drum, a voice, in any company, or of nothing. */
import type { Generator } from "auricle";
import { addDrum, addString, addVoice, SAMPLE_RATE } from "../objects/instruments.ts";

/** The network's answers; each is yes or no. */
export const KINDS = ["string", "drum", "voice"] as const;

/** Samples of a window. */
export const WINDOW = 8192;

export interface Imitation {
  readonly samples: Float32Array;
  /** 1 for what is in it, in the order of `KINDS`. */
  readonly answers: readonly number[];
}

export function imitation(generator: Generator): Imitation {
  const seconds = WINDOW / SAMPLE_RATE;
  const samples = new Float32Array(WINDOW);
  const answers = KINDS.map(() => (generator.uniform() < 0.45 ? 1 : 0));
  const loudness = () => 0.25 + 0.5 * generator.uniform();
  if (answers[0] === 1) {
    const notes = 1 + Math.floor(2 * generator.uniform());
    // Strings that were plucked before the window sound on.
    for (let i = 0; i < notes; i++) {
      addString(
        samples,
        generator.uniform() * 0.7 * seconds - 0.15,
        160 * 2 ** (2 * generator.uniform()),
        generator,
        loudness(),
      );
    }
  }
  if (answers[1] === 1) addDrum(samples, generator.uniform() * 0.8 * seconds, generator, loudness());
  if (answers[2] === 1) {
    const from = generator.uniform() * 0.4 * seconds;
    addVoice(samples, from, from + 0.2 + 0.3 * generator.uniform(), generator, 2 * loudness());
  }
  for (let i = 0; i < WINDOW; i++) samples[i] += 0.002 * (2 * generator.uniform() - 1);
  return { samples, answers };
}
