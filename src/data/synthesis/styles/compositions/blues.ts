/** @file Blues: twelve bars of three seventh chords in a shuffle, riffs below and answers above. Browser-safe. */

import { distort } from "../effects/distortion.ts";
import type { InstrumentName } from "../instruments/instruments.ts";
import type { Composition } from "../music/composition.ts";
import { rootPosition, scalePitches, voicing } from "../music/harmony.ts";
import { playMelody } from "../music/melody.ts";
import { chordOf, progression, rotate } from "../music/progression.ts";
import { rhythm } from "../music/rhythm.ts";
import { Session, type PartOptions } from "../music/session.ts";
import { between, chance, pick } from "../signals/draw.ts";

const TWELVE_BARS = progression("I7 I7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7");
const QUICK_CHANGE = progression("I7 IV7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 I7");

const LICKS = [".xxx x...", "x.xx ..xx", "..xx xxx.", "xx.x x...", "x... ..xx", ".x.x xxxx"].map(rhythm);

const SOLOISTS: readonly InstrumentName[] = [
  "steelGuitar",
  "steelGuitar",
  "saxophone",
  "piano",
  "trumpet",
  "organ",
];
const COMPING: readonly InstrumentName[] = ["steelGuitar", "piano", "organ", "nylonGuitar", "electricPiano"];

/** Bass lines: intervals above the root on each beat. */
const BASS_LINES = [
  [0, 4, 7, 9],
  [0, 0, 7, 7],
  [0, 4, 7, 10],
  [0, 7, 10, 7],
];

export const blues: Composition = (options, random) => {
  const session = new Session(options, random, {
    tempo: between(random, 66, 150),
    swing: between(random, 0.6, 0.69),
  });
  const chords = rotate(pick(random, [TWELVE_BARS, QUICK_CHANGE]), random.integer(12));

  const comping = session.player(pick(random, COMPING), amplified(session, { level: -4 }, 0.25));
  if (chance(random, 0.6)) {
    // The boogie: root with fifth and with sixth, in shuffled eighths.
    for (let bar = 0; bar < session.bars; bar++) {
      const [root] = rootPosition(chordOf(chords, bar), session.key, 43);
      for (let half = 0; half < 8; half++) {
        const upper = half % 4 < 2 ? 7 : 9;
        comping.chord(
          [root, root + upper],
          session.bar(bar) + half / 2,
          0.45,
          half % 2 === 0 ? 0.8 : 0.6,
          0.01,
        );
      }
    }
  } else {
    const strokes = rhythm(pick(random, ["..x...x.", ".x...x..", "..x..xx.", "x..x...."]));
    for (let bar = 0; bar < session.bars; bar++) {
      const tones = voicing(chordOf(chords, bar), session.key, 58);
      for (const { position, velocity } of strokes)
        comping.chord(tones, session.bar(bar) + 4 * position, 0.5, velocity, 0.015);
    }
  }

  const bass = session.player(pick(random, ["electricBass", "doubleBass", "electricBass"]), {
    level: -3,
    room: -20,
  });
  const line = pick(random, BASS_LINES);
  for (let bar = 0; bar < session.bars; bar++) {
    const [root] = rootPosition(chordOf(chords, bar), session.key, 31);
    line.forEach((interval, beat) =>
      bass.note(root + interval, session.bar(bar) + beat, 0.9, beat === 0 ? 0.9 : 0.75),
    );
  }

  const soloist = session.player(pick(random, SOLOISTS), amplified(session, { level: -1, room: -10 }, 0.5));
  const pitches = scalePitches("blues", session.key, 60, 82);
  playMelody(session, soloist, { pitches, rhythms: LICKS, chords, rests: 0.3 });
  if (chance(random, 0.85)) playDrums(session);
  return session;
};

/** A part that goes through an overdriven amplifier with this probability. */
function amplified(session: Session, part: PartOptions, probability: number): PartOptions {
  const { random, sampleRate } = session;
  if (!chance(random, probability)) return part;
  const amplifier = { drive: between(random, -6, 12), cabinet: between(random, 2500, 5000) };
  return { ...part, effect: (signal) => distort(signal, amplifier, sampleRate) };
}

function playDrums(session: Session): void {
  const { random } = session;
  const drums = session.drummer({ level: -2, room: -16 });
  const cymbal = pick(random, ["ride", "closedHat", "closedHat"] as const);
  const back = pick(random, ["snare", "snare", "brushTap"] as const);
  const time = rhythm(pick(random, ["xoxoxoxo", "x.xox.xo", "xoxoxoxo"]));
  const kicks = rhythm(pick(random, ["X...x...", "X..xX...", "X.x.X.x."]));
  for (let bar = 0; bar < session.bars; bar++) {
    drums.pattern(cymbal, bar, time, 0.7);
    drums.pattern("kick", bar, kicks);
    drums.pattern(back, bar, rhythm("..X...X."));
    if (chance(random, 0.2)) drums.pattern("snare", bar, rhythm(".......x"), 0.7);
  }
}
