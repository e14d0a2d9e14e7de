/** @file Disco: four beats of the bass drum, open hi-hat between them, octaves in the bass, strings. Browser-safe. */

import type { InstrumentName } from "../instruments/instruments.ts";
import type { Composition } from "../music/composition.ts";
import { rootPosition, scalePitches, voicing } from "../music/harmony.ts";
import { playMelody } from "../music/melody.ts";
import { chordOf, progression, rotate, scaleOf } from "../music/progression.ts";
import { rhythm } from "../music/rhythm.ts";
import { Session } from "../music/session.ts";
import { between, chance, pick } from "../signals/draw.ts";

const PROGRESSIONS = ["i7 iv7 bVII7 bIIImaj7", "i bVII bVI V7", "I vi7 ii7 V7", "i7 i7 IV9 IV9"].map(
  progression,
);

const TUNES = [
  "x.x...x. x.......",
  "..x. ..x. xxx. ....",
  "x... x... x.x. x...",
  "xxx. ..x. .... ....",
  ".... x.xx x.x. x...",
].map(rhythm);

/** Octaves: 0 the root, 12 the one above; one figure of eighths or sixteenths a beat. */
const BASS_LINES = [
  [0, 12, 0, 12, 0, 12, 0, 12],
  [0, 12, 12, 0, 12, 0, 12, 12],
  [0, 0, 12, 0, 0, 12, 7, 12],
];

const BEDS: readonly InstrumentName[] = [
  "stringSection",
  "stringSection",
  "synthPad",
  "organ",
  "electricPiano",
];
const LEADS: readonly InstrumentName[] = [
  "stringSection",
  "trumpet",
  "synthLead",
  "saxophone",
  "flute",
  "vibraphone",
];
const STABS: readonly InstrumentName[] = [
  "steelGuitar",
  "steelGuitar",
  "electricPiano",
  "piano",
  "synthStab",
];

export const disco: Composition = (options, random) => {
  const session = new Session(options, random, {
    tempo: between(random, 98, 136),
    sixteenthSwing: between(random, 0.5, 0.56),
  });
  const chords = rotate(pick(random, PROGRESSIONS), random.integer(4));

  playDrums(session);
  const bass = session.player(pick(random, ["electricBass", "electricBass", "synthBass"]), {
    level: -2,
    room: -22,
  });
  const line = pick(random, BASS_LINES);
  for (let bar = 0; bar < session.bars; bar++) {
    const [root] = rootPosition(chordOf(chords, bar), session.key, 31);
    line.forEach((interval, half) => {
      if (half > 0 && chance(random, 0.08)) return;
      bass.note(root + interval, session.bar(bar) + half / 2, 0.4, half % 2 === 0 ? 0.9 : 0.75);
    });
  }

  if (chance(random, 0.85)) {
    // The rhythm guitar: damped strings in sixteenths, some of which ring.
    const guitar = session.player(pick(random, STABS), { level: -6 });
    const strokes = rhythm(
      pick(random, [
        "..xo.ox. ..xo.xo.",
        "x.ox .ox. x.ox .ox.",
        ".xo. .xo. .xo. .xox",
        "..x. ..x. ..x. ..x.",
      ]),
    );
    for (let bar = 0; bar < session.bars; bar++) {
      const tones = voicing(chordOf(chords, bar), session.key, 65);
      for (const { position, velocity } of strokes)
        guitar.chord(tones, session.bar(bar) + 4 * position, 0.15, velocity, 0.006);
    }
  }
  if (chance(random, 0.8)) {
    const bed = session.player(pick(random, BEDS), { level: -6, room: -9 });
    for (let bar = 0; bar < session.bars; bar++) {
      bed.chord(voicing(chordOf(chords, bar), session.key, 67), session.bar(bar), 3.9, 0.7);
    }
  }
  if (chance(random, 0.75)) {
    const lead = session.player(pick(random, LEADS), { level: -3, room: -9 });
    const pitches = scalePitches(scaleOf(chords), session.key, 64, 86);
    playMelody(session, lead, { pitches, rhythms: TUNES, chords, rests: 0.25 });
  }
  return session;
};

function playDrums(session: Session): void {
  const { random } = session;
  const drums = session.drummer({ level: 0, room: -18 });
  const back = pick(random, ["snare", "snare", "clap"] as const);
  const hats = rhythm(pick(random, ["x... x... x... x...", "x.oo x.oo x.oo x.oo", "x..o x..o x..o x..o"]));
  const open = chance(random, 0.85) ? rhythm("..x. ..x. ..x. ..x.") : rhythm(".... ..x. .... ..x.");
  const congas = chance(random, 0.3)
    ? rhythm(pick(random, ["..x. .xx. ..x. .x..", "...x ..xx ...x ..x."]))
    : undefined;
  for (let bar = 0; bar < session.bars; bar++) {
    drums.pattern("kick", bar, rhythm("X... X... X... X..."));
    drums.pattern(back, bar, rhythm(".... X... .... X..."), 0.9);
    drums.pattern("closedHat", bar, hats, 0.65);
    drums.pattern("openHat", bar, open, 0.75);
    if (congas) drums.pattern("conga", bar, congas, 0.7);
    if (bar % 4 === 3 && chance(random, 0.5)) drums.pattern("highTom", bar, rhythm(".... .... ..xx x.xx"));
  }
}
