/** @file Metal: fifths through a distorted amplifier in damped riffs, and two feet at the bass drum. Browser-safe. */

import { distort } from "../effects/distortion.ts";
import type { InstrumentName } from "../instruments/instruments.ts";
import type { Composition } from "../music/composition.ts";
import { nearest, scalePitches } from "../music/harmony.ts";
import { playMelody } from "../music/melody.ts";
import { chordOf, progression } from "../music/progression.ts";
import { rhythm, type Stroke } from "../music/rhythm.ts";
import { Session } from "../music/session.ts";
import { between, chance, pick } from "../signals/draw.ts";

const PROGRESSIONS = ["I5 I5 bII5 I5", "I5 bVI5 bVII5 I5", "I5 bIII5 IV5 bV5", "I5 bVII5 bVI5 V5"].map(
  progression,
);

/** X rings, x is damped with the palm. */
const RIFFS = [
  "X.xx X.xx X.xx X.xx",
  "xxxx xxXx xxxx XxX.",
  "X.x.x.X. x.x.X.x.",
  "X... ..xx X.xx ..xx",
  "xxX. xxX. xxX. X.X.",
  "X.X. xxxx X.X. xxxx",
].map(rhythm);

const BEATS = [
  { kick: "x.xx ..x. x.xx ..x.", snare: ".... X... .... X..." },
  { kick: "xxxx xxxx xxxx xxxx", snare: ".... X... .... X..." },
  { kick: "x... x... x... x...", snare: "..X. ..X. ..X. ..X." },
  { kick: "x... .... x.x. ....", snare: ".... .... X... ...." },
].map(({ kick, snare }) => ({ kick: rhythm(kick), snare: rhythm(snare) }));

const SOLO = ["xxxx xxxx xxxx xxxx", "x.xx x.xx x.xx x.xx", "x... x... x.x. xxxx", "x... .... x... ...."].map(
  rhythm,
);

const LEADS: readonly InstrumentName[] = ["steelGuitar", "synthLead", "bowedString"];

export const metal: Composition = (options, random) => {
  const session = new Session(options, random, { tempo: between(random, 84, 190) });
  const chords = pick(random, PROGRESSIONS);
  const riffs = [pick(random, RIFFS), pick(random, RIFFS)];
  const { sampleRate } = session;

  const amplifier = { drive: between(random, 10, 26), cabinet: between(random, 2800, 5200) };
  const effect = (signal: Float32Array) => distort(signal, amplifier, sampleRate);
  const guitar = session.player("steelGuitar", { level: 0, room: -20, effect });
  const bass = session.player(pick(random, ["electricBass", "synthBass"]), { level: -4, room: -24 });
  for (let bar = 0; bar < session.bars; bar++) {
    // Down-tuned: the lowest string is a C or D.
    const root = nearest(session.key + chordOf(chords, bar)[0], 42);
    playRiff(session, riffs[bar % 4 === 3 ? 1 : 0], bar, (beat, beats, ringing, velocity) => {
      const held = ringing ? beats : 0.12;
      guitar.chord([root, root + 7, root + 12], beat, held, velocity);
      bass.note(root - 12, beat, beats * 0.9, velocity);
    });
  }
  if (chance(random, 0.55)) {
    const lead = session.player(pick(random, LEADS), { level: -3, room: -10, effect });
    const pitches = scalePitches(pick(random, ["minor", "phrygian", "harmonicMinor"]), session.key, 60, 86);
    playMelody(session, lead, { pitches, rhythms: SOLO, chords, rests: 0.25 });
  }
  playDrums(session);
  return session;
};

function playRiff(
  session: Session,
  riff: readonly Stroke[],
  bar: number,
  play: (beat: number, beats: number, ringing: boolean, velocity: number) => void,
): void {
  for (const { position, length, velocity } of riff) {
    play(session.bar(bar) + 4 * position, 4 * length, velocity === 1, velocity);
  }
}

function playDrums(session: Session): void {
  const { random } = session;
  const drums = session.drummer({ level: -1, room: -18 });
  const { kick, snare } = pick(random, BEATS);
  const cymbal = pick(random, ["closedHat", "openHat", "ride", "crash"] as const);
  const time = rhythm(
    cymbal === "crash" ? "x...x...x...x..." : pick(random, ["x.x.x.x.x.x.x.x.", "x...x...x...x..."]),
  );
  for (let bar = 0; bar < session.bars; bar++) {
    drums.pattern("kick", bar, kick, 0.95);
    drums.pattern("snare", bar, snare);
    drums.pattern(cymbal, bar, time, 0.7);
    if (bar % 4 === 0) drums.hit("crash", session.bar(bar), 0.9);
    if (bar % 4 === 3 && chance(random, 0.6)) drums.pattern("lowTom", bar, rhythm(".... .... .... xxxx"));
  }
}
