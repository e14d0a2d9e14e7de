/** @file Jazz: swing, with a walking bass, the ride cymbal, chords off the beat and a soloist. Browser-safe. */

import type { InstrumentName } from "../instruments/instruments.ts";
import type { Composition } from "../music/composition.ts";
import { nearest, rootPosition, scalePitches, voicing, type Progression } from "../music/harmony.ts";
import { playMelody } from "../music/melody.ts";
import { chordOf, progression, rotate, scaleOf } from "../music/progression.ts";
import { rhythm } from "../music/rhythm.ts";
import { Session } from "../music/session.ts";
import { between, chance, pick } from "../signals/draw.ts";

const PROGRESSIONS = [
  "ii7 V7 Imaj7 VI7",
  "Imaj7 vi7 ii7 V7",
  "iiø7 V7 i7 i7",
  "iii7 VI7 ii9 V9 Imaj9 IV7 bVII7 V7",
].map(progression);

const LINES = ["xxxx xxxx", ".xxx xxx.", "x.xx .xxx", "xx.x xx.x", "..xx xxxx", "x..x .x.x", "x.x. .xx."].map(
  rhythm,
);
const COMPING = ["x..x ....", ".x.. x...", "...x ...x", ".x.. .x..", "x... .x.x"].map(rhythm);

const SOLOISTS: readonly InstrumentName[] = [
  "saxophone",
  "saxophone",
  "trumpet",
  "clarinet",
  "vibraphone",
  "piano",
  "flute",
  "nylonGuitar",
  "bowedString",
];
const CHORDS: readonly InstrumentName[] = [
  "piano",
  "piano",
  "nylonGuitar",
  "electricPiano",
  "vibraphone",
  "organ",
];

export const jazz: Composition = (options, random) => {
  const session = new Session(options, random, {
    tempo: between(random, 92, 210),
    swing: between(random, 0.58, 0.68),
  });
  const chords = rotate(pick(random, PROGRESSIONS), random.integer(8));

  playWalkingBass(session, chords);
  const comping = session.player(pick(random, CHORDS), { level: -6 });
  for (let bar = 0; bar < session.bars; bar++) {
    const tones = voicing(chordOf(chords, bar), session.key, 61);
    for (const { position, velocity } of pick(random, COMPING)) {
      comping.chord(tones, session.bar(bar) + 4 * position, pick(random, [0.4, 0.5, 1.2]), velocity * 0.8);
    }
  }
  if (chance(random, 0.9)) {
    const soloist = session.player(pick(random, SOLOISTS), { level: -1, room: -11 });
    const pitches = scalePitches(scaleOf(chords), session.key, 58, 82);
    playMelody(session, soloist, { pitches, rhythms: LINES, chords, rests: 0.15 });
  }
  if (chance(random, 0.88)) playDrums(session);
  return session;
};

/** A quarter note on each beat: root, chord tones, and a step into the next chord's root. */
function playWalkingBass(session: Session, chords: Progression): void {
  const { random } = session;
  const bass = session.player(pick(random, ["doubleBass", "doubleBass", "doubleBass", "electricBass"]), {
    level: -3,
    room: -20,
  });
  for (let bar = 0; bar < session.bars; bar++) {
    const tones = rootPosition(chordOf(chords, bar), session.key, 31);
    const next = nearest(session.key + chordOf(chords, bar + 1)[0], tones[2]);
    const line = [
      tones[0],
      pick(random, [tones[1], tones[2], tones[0] + 2]),
      pick(random, [tones[2], tones[3]]),
      next + pick(random, [-1, 1, -2]),
    ];
    line.forEach((pitch, beat) =>
      bass.note(pitch, session.bar(bar) + beat, 0.95, beat % 2 === 0 ? 0.75 : 0.85),
    );
    if (chance(random, 0.2)) bass.note(tones[0], session.bar(bar) + 1.5, 0.3, 0.5);
  }
}

/** Ting, ting-a-ting: on a cymbal with sticks, or with brushes on the snare drum. */
function playDrums(session: Session): void {
  const { random } = session;
  const drums = session.drummer({ level: -6, room: -16 });
  const brushes = chance(random, 0.35);
  const time = brushes ? "brushTap" : pick(random, ["ride", "ride", "closedHat"] as const);
  for (let bar = 0; bar < session.bars; bar++) {
    drums.pattern(time, bar, rhythm(chance(random, 0.8) ? "x.Xox.Xo" : "x.X.x.Xo"), 0.8);
    if (brushes) drums.pattern("brushSweep", bar, rhythm("x.x.x.x."), 0.6);
    drums.pattern("closedHat", bar, rhythm("..x...x."), 0.7);
    if (chance(random, 0.5))
      drums.pattern(
        "snare",
        bar,
        rhythm(pick(random, ["...o....", ".....o..", ".o...o..", ".......x"])),
        0.7,
      );
    if (chance(random, 0.5))
      drums.pattern("kick", bar, rhythm(pick(random, ["o.o.o.o.", "...o....", ".....x.."])), 0.7);
  }
}
