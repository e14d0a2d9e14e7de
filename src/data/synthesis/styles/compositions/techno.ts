/** @file Techno: an even bass drum, a sequence that repeats and slowly opens, short chords, claps. Browser-safe. */

import { addEcho } from "../effects/echo.ts";
import type { InstrumentName } from "../instruments/instruments.ts";
import type { Composition } from "../music/composition.ts";
import { nearest, scalePitches, voicing } from "../music/harmony.ts";
import { chordOf, progression } from "../music/progression.ts";
import { rhythm } from "../music/rhythm.ts";
import { Session } from "../music/session.ts";
import { between, chance, pick } from "../signals/draw.ts";

const PROGRESSIONS = ["i", "i7", "i i bVI bVII", "i9 i9 iv7 iv7"].map(progression);

const SEQUENCES = [
  "x.xx .x.x x.xx .xx.",
  "..xx ..xx ..xx ..xx",
  "x..x ..x. x..x ..x.",
  ".xxx .xxx .xxx .xxx",
  "xxxx xxxx xxxx xxxx",
].map(rhythm);
const STABS = [
  ".... ..x. ...x ....",
  "...x ..x. .... ..x.",
  "..x. .... ..x. ....",
  "x..x ..x. .... ....",
].map(rhythm);

const STAB_INSTRUMENTS: readonly InstrumentName[] = [
  "synthStab",
  "synthStab",
  "organ",
  "electricPiano",
  "piano",
  "synthPad",
];
const SEQUENCE_INSTRUMENTS: readonly InstrumentName[] = [
  "synthLead",
  "synthBass",
  "bell",
  "marimba",
  "electricPiano",
];

export const techno: Composition = (options, random) => {
  const session = new Session(options, random, {
    tempo: between(random, 108, 148),
    sixteenthSwing: between(random, 0.5, 0.55),
    looseness: between(random, 0, 0.004),
  });
  const chords = pick(random, PROGRESSIONS);
  const { sampleRate } = session;
  const echo = { seconds: session.secondsPerBeat * 0.75, feedback: between(random, 0.2, 0.6) };
  const effect = (signal: Float32Array) => addEcho(signal, echo, sampleRate);

  playDrums(session);
  const bass = session.player(pick(random, ["synthBass", "synthBass", "electricBass"]), {
    level: -2,
    room: -24,
  });
  const pulse = rhythm(
    pick(random, [
      "..x. ..x. ..x. ..x.",
      ".xxx .xxx .xxx .xxx",
      "..xx ..x. ..xx ..xx",
      "x..x ..x. ..x. ..x.",
    ]),
  );
  for (let bar = 0; bar < session.bars; bar++) {
    const root = nearest(session.key + chordOf(chords, bar)[0], 37);
    for (const { position, velocity } of pulse)
      bass.note(root, session.bar(bar) + 4 * position, 0.22, velocity);
  }

  if (chance(random, 0.75)) playSequence(session, effect);
  if (chance(random, 0.75)) {
    const stab = session.player(pick(random, STAB_INSTRUMENTS), { level: -5, room: -9, effect });
    const strokes = pick(random, STABS);
    for (let bar = 0; bar < session.bars; bar++) {
      const tones = voicing(chordOf(chords, bar), session.key, 62);
      for (const { position, velocity } of strokes)
        stab.chord(tones, session.bar(bar) + 4 * position, 0.25, velocity);
    }
  }
  if (chance(random, 0.4)) {
    const pad = session.player(pick(random, ["synthPad", "stringSection"]), { level: -8, room: -8 });
    for (let bar = 0; bar < session.bars; bar += 2) {
      pad.chord(voicing(chordOf(chords, bar), session.key, 64), session.bar(bar), 8, 0.6);
    }
  }
  return session;
};

/** The same bar of sixteenths over and over, swelling. */
function playSequence(session: Session, effect: (signal: Float32Array) => void): void {
  const { random } = session;
  const player = session.player(pick(random, SEQUENCE_INSTRUMENTS), { level: -4, room: -12, effect });
  const strokes = pick(random, SEQUENCES);
  const pitches = scalePitches(pick(random, ["minor", "minorPentatonic", "phrygian"]), session.key, 52, 72);
  const line = strokes.map(() => pick(random, pitches));
  for (let bar = 0; bar < session.bars; bar++) {
    const swell = 0.6 + 0.4 * ((bar % 4) / 3);
    strokes.forEach(({ position, velocity }, i) => {
      player.note(line[i], session.bar(bar) + 4 * position, 0.2, velocity * swell);
    });
  }
}

function playDrums(session: Session): void {
  const { random } = session;
  const drums = session.drummer({ level: 1, room: -20 });
  const back = chance(random, 0.75) ? pick(random, ["clap", "snare", "rim"] as const) : undefined;
  const open = chance(random, 0.7) ? pick(random, ["openHat", "closedHat", "shaker"] as const) : undefined;
  const hats = rhythm(
    pick(random, [
      "xoxo xoxo xoxo xoxo",
      "..xo ..xo ..xo ..xo",
      ".x.x .x.x .x.x .x.x",
      "...x ...x ...x ..xx",
    ]),
  );
  const percussion = chance(random, 0.4) ? pick(random, ["conga", "rim", "highTom"] as const) : undefined;
  const figure = rhythm(pick(random, ["...x ..x. .... x...", ".... ...x ..x. ....", "..x. .x.. ..x. .x.."]));
  for (let bar = 0; bar < session.bars; bar++) {
    drums.pattern("kick", bar, rhythm("X... X... X... X..."));
    if (back) drums.pattern(back, bar, rhythm(".... x... .... x..."));
    if (open) drums.pattern(open, bar, rhythm("..x. ..x. ..x. ..x."), 0.75);
    drums.pattern("closedHat", bar, hats, 0.6);
    if (percussion) drums.pattern(percussion, bar, figure, 0.6);
  }
}
