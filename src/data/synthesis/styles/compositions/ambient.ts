/** @file Ambient: long chords that fade into each other, few notes over them, much room. Browser-safe. */

import { addEcho } from "../effects/echo.ts";
import type { InstrumentName } from "../instruments/instruments.ts";
import type { Composition } from "../music/composition.ts";
import { rootPosition, scalePitches, voicing, type Progression } from "../music/harmony.ts";
import { playMelody } from "../music/melody.ts";
import { chordOf, progression, rotate, scaleOf } from "../music/progression.ts";
import { rhythm } from "../music/rhythm.ts";
import { Session } from "../music/session.ts";
import { between, chance, pick } from "../signals/draw.ts";

const PROGRESSIONS = [
  "Imaj9 vi7 IVmaj7 Vsus4",
  "Imaj7 II Imaj7 vi7",
  "i9 bVImaj7 bIIImaj7 bVIIsus4",
  "Isus4 IVmaj9",
].map(progression);

const RHYTHMS = ["x... ....", "x... ..o.", "..x. ....", "x..o ....", ".... x.o."].map(rhythm);

const BEDS: readonly InstrumentName[] = ["synthPad", "synthPad", "stringSection", "organ", "bowedString"];
const COLOURS: readonly InstrumentName[] = [
  "bell",
  "vibraphone",
  "electricPiano",
  "piano",
  "flute",
  "harp",
  "nylonGuitar",
  "clarinet",
  "synthLead",
];

export const ambient: Composition = (options, random) => {
  const session = new Session(options, random, { tempo: between(random, 56, 128) });
  const chords = rotate(pick(random, PROGRESSIONS), random.integer(4));
  const { sampleRate } = session;

  const bed = session.player(pick(random, BEDS), { level: 0, room: -5 });
  const low = chance(random, 0.6)
    ? session.player(pick(random, ["synthPad", "synthBass", "bowedString"]), { level: -6 })
    : undefined;
  const barsPerChord = session.secondsPerBeat < 0.7 ? 2 : 1;
  for (let bar = 0; bar < session.bars; bar += barsPerChord) {
    const chord = chordOf(chords, bar / barsPerChord);
    const beats = session.beats * barsPerChord;
    bed.chord(voicing(chord, session.key, 60), session.bar(bar), beats * 1.05, between(random, 0.5, 0.9));
    low?.note(rootPosition(chord, session.key, 34)[0], session.bar(bar), beats, 0.6);
  }

  const echo = {
    seconds: session.secondsPerBeat * pick(random, [0.75, 1, 1.5]),
    feedback: between(random, 0.3, 0.6),
  };
  const effect = (signal: Float32Array) => addEcho(signal, echo, sampleRate);
  const pitches = scalePitches(scaleOf(chords), session.key, 60, 84);
  const melodyChords = chords.flatMap((chord) => Array.from({ length: barsPerChord }, () => chord));
  for (let colour = 0; colour < 2; colour++) {
    const player = session.player(pick(random, COLOURS), { level: -5 - 3 * colour, room: -5, effect });
    playMelody(session, player, {
      pitches,
      rhythms: RHYTHMS,
      chords: melodyChords,
      rests: 0.2,
      hold: 1.3,
      velocity: 0.7,
    });
  }
  if (chance(random, 0.35)) playArpeggio(session, chords, barsPerChord, effect);
  if (chance(random, 0.25)) playPulse(session);
  return session;
};

/** A quiet chain of chord tones. */
function playArpeggio(
  session: Session,
  chords: Progression,
  barsPerChord: number,
  effect: (signal: Float32Array) => void,
): void {
  const { random } = session;
  const player = session.player(pick(random, ["synthLead", "electricPiano", "harp", "marimba"]), {
    level: -8,
    room: -7,
    effect,
  });
  const step = pick(random, [0.25, 0.5, 0.5]);
  for (let beat = 0; beat < session.bar(session.bars); beat += step) {
    const bar = Math.floor(beat / session.beats / barsPerChord);
    const tones = rootPosition(chordOf(chords, bar), session.key, 60);
    player.note(tones[Math.round(beat / step) % tones.length], beat, step, 0.6);
  }
}

/** A soft beat, as if from next door. */
function playPulse(session: Session): void {
  const { random } = session;
  const drums = session.drummer({ level: -9, room: -8 });
  const kicks = rhythm(pick(random, ["x... x... x... x...", "x... .... ..x. ....", "x... .... x... ...."]));
  const hats = rhythm(pick(random, ["..o. ..o. ..o. ..o.", ".... o... .... o...", "o.o. o.o. o.o. o.oo"]));
  const time = pick(random, ["shaker", "closedHat"] as const);
  for (let bar = 0; bar < session.bars; bar++) {
    drums.pattern("kick", bar, kicks);
    drums.pattern(time, bar, hats);
  }
}
