/** @file Reggae: chords off the beat, a heavy bass with holes in it, the bass drum on the third beat. Browser-safe. */

import { addEcho } from "../effects/echo.ts";
import type { InstrumentName } from "../instruments/instruments.ts";
import type { Composition } from "../music/composition.ts";
import { rootPosition, scalePitches, voicing, type Progression } from "../music/harmony.ts";
import { playMelody } from "../music/melody.ts";
import { chordOf, progression, rotate, scaleOf } from "../music/progression.ts";
import { rhythm } from "../music/rhythm.ts";
import { Session, type PartOptions } from "../music/session.ts";
import { between, chance, pick } from "../signals/draw.ts";

const PROGRESSIONS = ["i iv i v", "I IV I V", "i bVII", "I vi IV V"].map(progression);

/** A bar of the bass in eighths: an interval above the root, or a rest. */
const REST = undefined;
const BASS_LINES: readonly (readonly (number | undefined)[])[] = [
  [0, REST, REST, 0, 7, REST, 7, REST],
  [REST, REST, 0, 0, REST, 7, 5, REST],
  [0, 0, REST, 7, REST, 5, 7, REST],
  [0, REST, 12, REST, 7, REST, REST, 7],
  [REST, 0, 0, REST, 7, 12, 7, REST],
];

/** One drop (nothing on the first beat), rockers, steppers. */
const BEATS = [
  { kick: "....X...", back: "....X..." },
  { kick: "x...X...", back: "....X..." },
  { kick: "X.X.X.X.", back: "....X..." },
].map(({ kick, back }) => ({ kick: rhythm(kick), back: rhythm(back) }));

/** The scales that a tune may use, in a minor and in a major key. */
const SCALES = {
  minor: ["minor", "minorPentatonic", "dorian"],
  major: ["major", "majorPentatonic"],
} as const;

const TUNES = ["x.x. xx..", "..xx x...", "x... .xx.", ".xx. x.x.", "x..x ...."].map(rhythm);

const SKANKS: readonly InstrumentName[] = [
  "steelGuitar",
  "steelGuitar",
  "piano",
  "organ",
  "nylonGuitar",
  "synthStab",
];
const LEADS: readonly InstrumentName[] = [
  "trumpet",
  "saxophone",
  "organ",
  "clarinet",
  "steelGuitar",
  "flute",
  "synthLead",
];

export const reggae: Composition = (options, random) => {
  const session = new Session(options, random, {
    tempo: between(random, 120, 180),
    swing: between(random, 0.5, 0.6),
  });
  const chords = rotate(pick(random, PROGRESSIONS), random.integer(4));

  // Counted fast, as here, the chords fall on the second and fourth beat.
  const skank = session.player(pick(random, SKANKS), echoing(session, { level: -3 }));
  const double = chance(random, 0.25);
  for (let bar = 0; bar < session.bars; bar++) {
    const tones = voicing(chordOf(chords, bar >> 1), session.key, 63);
    for (const beat of [1, 3]) {
      skank.chord(tones, session.bar(bar) + beat, 0.3, 0.85, 0.01);
      if (double) skank.chord([...tones].reverse(), session.bar(bar) + beat + 0.5, 0.25, 0.6, 0.01);
    }
  }

  const bass = session.player(pick(random, ["electricBass", "electricBass", "synthBass"]), {
    level: 0,
    room: -24,
  });
  const line = pick(random, BASS_LINES);
  for (let bar = 0; bar < session.bars; bar += 2) {
    const [root] = rootPosition(chordOf(chords, bar >> 1), session.key, 29);
    line.forEach((interval, i) => {
      if (interval !== undefined) bass.note(root + interval, session.bar(bar) + i, 0.85, 0.85);
    });
  }

  if (chance(random, 0.5)) playBubble(session, chords);
  if (chance(random, 0.75)) {
    const lead = session.player(pick(random, LEADS), echoing(session, { level: -3, room: -9 }));
    const scales = SCALES[scaleOf(chords)];
    const pitches = scalePitches(pick(random, scales), session.key, 60, 80);
    playMelody(session, lead, {
      pitches,
      rhythms: TUNES,
      chords: chords.flatMap((chord) => [chord, chord]),
      rests: 0.35,
    });
  }
  if (chance(random, 0.92)) playDrums(session);
  return session;
};

/** A part with an echo, as dub likes it, in every third track. */
function echoing(session: Session, part: PartOptions): PartOptions {
  const { random, sampleRate } = session;
  if (!chance(random, 0.35)) return part;
  const echo = { seconds: session.secondsPerBeat * 1.5, feedback: between(random, 0.3, 0.55) };
  return { ...part, effect: (signal) => addEcho(signal, echo, sampleRate) };
}

/** The organ's left and right hand in turn, in eighths. */
function playBubble(session: Session, chords: Progression): void {
  const organ = session.player("organ", { level: -8 });
  for (let bar = 0; bar < session.bars; bar++) {
    const tones = voicing(chordOf(chords, bar >> 1), session.key, 55);
    for (let beat = 0; beat < 4; beat++) {
      organ.chord(tones, session.bar(bar) + beat + 0.5, 0.3, 0.6);
      if (beat % 2 === 1) organ.chord(tones, session.bar(bar) + beat, 0.3, 0.5);
    }
  }
}

function playDrums(session: Session): void {
  const { random } = session;
  const drums = session.drummer({ level: -3, room: -14 });
  const { kick, back } = pick(random, BEATS);
  const click = pick(random, ["rim", "rim", "snare"] as const);
  const hats = rhythm(pick(random, ["x.x.x.x.", "xoxoxoxo", "..x...x."]));
  for (let bar = 0; bar < session.bars; bar++) {
    drums.pattern("kick", bar, kick);
    drums.pattern(click, bar, back);
    drums.pattern("closedHat", bar, hats, 0.65);
    if (chance(random, 0.15)) drums.pattern("openHat", bar, rhythm("......x."), 0.7);
    if (bar % 4 === 3 && chance(random, 0.4))
      drums.pattern(pick(random, ["highTom", "conga", "snare"]), bar, rhythm("....x.xx"), 0.8);
  }
}
