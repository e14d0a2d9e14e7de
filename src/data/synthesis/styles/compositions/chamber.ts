/** @file Chamber music: a few players of bowed, blown and struck instruments, and no drums. Browser-safe. */

import type { InstrumentName } from "../instruments/instruments.ts";
import type { Composition } from "../music/composition.ts";
import { rootPosition, scalePitches, voicing, type Progression } from "../music/harmony.ts";
import { playMelody } from "../music/melody.ts";
import { chordOf, progression, rotate, scaleOf } from "../music/progression.ts";
import { rhythm } from "../music/rhythm.ts";
import { Session, type Player } from "../music/session.ts";
import { between, chance, pick } from "../signals/draw.ts";

const PROGRESSIONS = ["I IV V I vi ii V7 I", "I V vi iii IV I IV V", "i iv V i bVI iv V7 i"].map(progression);

const IN_FOUR = [
  "x.x. x.x.",
  "x... x.x.",
  "xxxx x.x.",
  "x.xx x.xx",
  "x... ..xx",
  "x.x. xxxx",
  "xxxxxxxx xxxxxxxx",
].map(rhythm);
const IN_THREE = ["x.x.x.", "x...x.", "x.xxxx", "xxxxxx", "x..x.x"].map(rhythm);

const VOICES: readonly InstrumentName[] = [
  "bowedString",
  "bowedString",
  "bowedString",
  "flute",
  "clarinet",
  "trumpet",
];
const ACCOMPANIMENTS: readonly InstrumentName[] = [
  "piano",
  "harp",
  "bowedString",
  "stringSection",
  "nylonGuitar",
  "organ",
];

export const chamber: Composition = (options, random) => {
  const beats = chance(random, 0.4) ? 3 : 4;
  const session = new Session(options, random, { tempo: between(random, 66, 150), beats });
  const chords = rotate(pick(random, PROGRESSIONS), random.integer(8));
  const scale = scaleOf(chords) === "minor" ? "harmonicMinor" : "major";

  const voices = 1 + random.integer(3);
  for (let voice = 0; voice < voices; voice++) {
    const player = session.player(pick(random, VOICES), { level: -1 - 2 * voice, room: -9 });
    const top = 84 - 7 * voice;
    playMelody(session, player, {
      pitches: scalePitches(scale, session.key, top - 17, top),
      rhythms: beats === 3 ? IN_THREE : IN_FOUR,
      chords,
      rests: 0.08 + 0.12 * voice,
      hold: between(random, 0.7, 1),
    });
  }
  const accompaniment = session.player(pick(random, ACCOMPANIMENTS), { level: -5, room: -10 });
  pick(random, [playBrokenChords, playRepeatedChords, playLongChords])(session, accompaniment, chords);
  if (chance(random, 0.7)) {
    playLowVoice(
      session,
      session.player(pick(random, ["bowedString", "bowedString", "doubleBass"]), { level: -5, room: -10 }),
      chords,
    );
  }
  return session;
};

/** Alberti's bass: low, high, middle, high. */
function playBrokenChords(session: Session, player: Player, chords: Progression): void {
  const steps = session.beats * 2;
  for (let bar = 0; bar < session.bars; bar++) {
    const tones = rootPosition(chordOf(chords, bar), session.key, 50);
    for (let step = 0; step < steps; step++) {
      player.note(tones[[0, 2, 1, 2][step % 4]], session.bar(bar) + step / 2, 0.5, step === 0 ? 0.75 : 0.55);
    }
  }
}

function playRepeatedChords(session: Session, player: Player, chords: Progression): void {
  for (let bar = 0; bar < session.bars; bar++) {
    const tones = voicing(chordOf(chords, bar), session.key, 60);
    for (let beat = 0; beat < session.beats; beat++) {
      player.chord(tones, session.bar(bar) + beat, 0.6, beat === 0 ? 0.6 : 0.5);
    }
  }
}

function playLongChords(session: Session, player: Player, chords: Progression): void {
  for (let bar = 0; bar < session.bars; bar++) {
    player.chord(voicing(chordOf(chords, bar), session.key, 59), session.bar(bar), session.beats, 0.6);
  }
}

/** The cello: roots, or a walk from one to the next. */
function playLowVoice(session: Session, player: Player, chords: Progression): void {
  const walking = chance(session.random, 0.5);
  for (let bar = 0; bar < session.bars; bar++) {
    const tones = rootPosition(chordOf(chords, bar), session.key, 38);
    if (!walking) {
      player.note(tones[0], session.bar(bar), session.beats, 0.7);
      continue;
    }
    for (let beat = 0; beat < session.beats; beat++) {
      player.note(tones[beat % tones.length], session.bar(bar) + beat, 0.9, 0.7);
    }
  }
}
