/** @file Tunes: a motif or two, repeated as tunes do, that walk through a scale and rest on chord tones. Browser-safe. */

import { chance, pick } from "../signals/draw.ts";
import { nearest, QUALITIES, type Progression } from "./harmony.ts";
import { chordOf } from "./progression.ts";
import type { Stroke } from "./rhythm.ts";
import type { Player, Session } from "./session.ts";

export interface MelodyOptions {
  /** Pitches that may be used, rising. */
  readonly pitches: readonly number[];
  /** Rhythms of a bar to choose from. */
  readonly rhythms: readonly (readonly Stroke[])[];
  /** One chord a bar. */
  readonly chords: Progression;
  /** Probability that a bar is silent. */
  readonly rests: number;
  /** How much of a stroke's length is held: 1 legato, 0.5 detached. Default 0.95. */
  readonly hold?: number;
  /** Loudness of an accent, 0 … 1. Default 0.85. */
  readonly velocity?: number;
}

interface Motif {
  readonly strokes: readonly Stroke[];
  /** By how many places of the scale each note moves on. */
  readonly steps: readonly number[];
}

/** Which of the two motifs a bar has: the form of four bars, over and over. */
const FORMS = [
  [0, 0, 1, 0],
  [0, 1, 0, 1],
  [0, 0, 0, 1],
] as const;

/** Lets a player play a tune through all bars. */
export function playMelody(session: Session, player: Player, options: MelodyOptions): void {
  const { random } = session;
  const { pitches, rhythms, chords, rests, hold = 0.95, velocity = 0.85 } = options;
  const motifs = [drawMotif(session, rhythms), drawMotif(session, rhythms)];
  const form = pick(random, FORMS);
  let place = Math.floor(pitches.length * (0.3 + 0.4 * random.uniform()));
  for (let bar = 0; bar < session.bars; bar++) {
    const { strokes, steps } = motifs[form[bar % form.length]];
    const silent = chance(random, rests);
    const [root, quality] = chordOf(chords, bar);
    strokes.forEach((stroke, i) => {
      place = reflect(place + steps[i], pitches.length);
      if (silent) return;
      const strong = (stroke.position * session.beats) % 2 === 0;
      const tones = QUALITIES[quality].map((interval) =>
        nearest(session.key + root + interval, pitches[place]),
      );
      const pitch = strong ? closest(tones, pitches[place]) : pitches[place];
      const beat = session.bar(bar) + stroke.position * session.beats;
      player.note(pitch, beat, stroke.length * session.beats * hold, velocity * stroke.velocity);
    });
  }
}

function drawMotif({ random }: Session, rhythms: readonly (readonly Stroke[])[]): Motif {
  const strokes = pick(random, rhythms);
  // Mostly steps, now and then a leap.
  const steps = strokes.map(() => pick(random, [-1, -1, 1, 1, -2, 2, 0, chance(random, 0.5) ? 3 : -4]));
  return { strokes, steps };
}

/** A place that has walked over an end of the scale comes back from it. */
function reflect(place: number, count: number): number {
  if (place < 0) return Math.min(count - 1, -place);
  if (place >= count) return Math.max(0, 2 * (count - 1) - place);
  return place;
}

function closest(pitches: readonly number[], pitch: number): number {
  return pitches.reduce((best, tone) => (Math.abs(tone - pitch) < Math.abs(best - pitch) ? tone : best));
}
