/** @file Country: bass and chords in turn, picked guitars, a fiddle, three plain chords. Browser-safe. */

import type { InstrumentName } from "../instruments/instruments.ts";
import type { Composition } from "../music/composition.ts";
import { rootPosition, scalePitches, voicing, type Progression } from "../music/harmony.ts";
import { playMelody } from "../music/melody.ts";
import { chordOf, progression, rotate } from "../music/progression.ts";
import { rhythm } from "../music/rhythm.ts";
import { Session } from "../music/session.ts";
import { between, chance, pick } from "../signals/draw.ts";

const PROGRESSIONS = ["I I IV I I I V7 I", "I IV I V", "I vi IV V", "I V IV I"].map(progression);

const IN_FOUR = ["x.xx x.x.", "xxxx xxxx", "x.x. xx..", "xx.x x.x.", "x... x.x.", "xxxx x..."].map(rhythm);
const IN_THREE = ["x.x.x.", "x...xx", "xxx.x.", "x.xxxx"].map(rhythm);

const SOLOISTS: readonly InstrumentName[] = [
  "bowedString",
  "bowedString",
  "steelGuitar",
  "steelGuitar",
  "flute",
  "piano",
  "nylonGuitar",
  "clarinet",
];

export const country: Composition = (options, random) => {
  const beats = chance(random, 0.15) ? 3 : 4;
  const session = new Session(options, random, {
    tempo: between(random, 84, 184),
    beats,
    swing: pick(random, [0.5, 0.5, between(random, 0.52, 0.62)]),
  });
  const chords = rotate(pick(random, PROGRESSIONS), random.integer(8));

  playBoomChick(session, chords);
  if (chance(random, 0.65)) playPicking(session, chords);
  if (chance(random, 0.85)) {
    const soloist = session.player(pick(random, SOLOISTS), { level: -1, room: -12 });
    playMelody(session, soloist, {
      pitches: scalePitches(pick(random, ["major", "majorPentatonic"]), session.key, 60, 83),
      rhythms: beats === 3 ? IN_THREE : IN_FOUR,
      chords,
      rests: 0.15,
    });
  }
  if (chance(random, 0.7)) playDrums(session);
  return session;
};

/** Bass on the strong beats, root and fifth in turn; a strummed chord on the others. */
function playBoomChick(session: Session, chords: Progression): void {
  const { random } = session;
  const bass = session.player(pick(random, ["doubleBass", "electricBass", "steelGuitar"]), {
    level: -3,
    room: -20,
  });
  const guitar = session.player(pick(random, ["steelGuitar", "steelGuitar", "nylonGuitar", "piano"]), {
    level: -4,
  });
  const upStroke = chance(random, 0.5);
  for (let bar = 0; bar < session.bars; bar++) {
    const chord = chordOf(chords, bar);
    const [root] = rootPosition(chord, session.key, 31);
    const fifth = root + 7 > 43 ? root - 5 : root + 7;
    const tones = voicing(chord, session.key, 60);
    for (let beat = 0; beat < session.beats; beat++) {
      const at = session.bar(bar) + beat;
      const strong = session.beats === 3 ? beat === 0 : beat % 2 === 0;
      if (strong) bass.note(beat === 0 ? root : fifth, at, 0.9, 0.9);
      else guitar.chord(tones, at, 0.6, 0.8, 0.02);
      if (!strong && upStroke && chance(random, 0.7))
        guitar.chord([...tones].reverse(), at + 0.5, 0.3, 0.5, 0.015);
    }
  }
}

/** Broken chords in eighths, as fingers or a banjo's picks roll over the strings. */
function playPicking(session: Session, chords: Progression): void {
  const { random } = session;
  const player = session.player(pick(random, ["steelGuitar", "nylonGuitar", "harp"]), { level: -4 });
  const roll = pick(random, [
    [0, 2, 3, 1, 2, 3, 0, 2],
    [0, 1, 2, 3, 2, 1, 2, 3],
    [0, 3, 1, 3, 0, 3, 2, 3],
  ]);
  const step = session.secondsPerBeat > 0.55 && chance(random, 0.5) ? 0.25 : 0.5;
  for (let bar = 0; bar < session.bars; bar++) {
    const tones = rootPosition(chordOf(chords, bar), session.key, 52);
    const strings = [...tones.slice(0, 3), tones[0] + 12];
    for (let i = 0; i < session.beats / step; i++) {
      player.note(strings[roll[i % 8]], session.bar(bar) + i * step, 1, i % 4 === 0 ? 0.8 : 0.6);
    }
  }
}

/** The train beat: brushes in sixteenths, or in eighths when fast, with accents off the beat; or plain time. */
function playDrums(session: Session): void {
  const { random } = session;
  const drums = session.drummer({ level: -6, room: -16 });
  const train = session.beats === 4 && chance(random, 0.5);
  const back = pick(random, ["snare", "brushTap", "rim"] as const);
  const strokes = rhythm(session.secondsPerBeat > 0.45 ? "ooXo ooXo ooXo ooXo" : "oXoXoXoX");
  const inThree = session.beats === 3;
  for (let bar = 0; bar < session.bars; bar++) {
    drums.pattern("kick", bar, rhythm(inThree ? "x....." : "x...x..."));
    if (train) {
      drums.pattern(back, bar, strokes, 0.8);
    } else {
      drums.pattern(back, bar, rhythm(inThree ? "..x.x." : "..x...x."));
      drums.pattern("closedHat", bar, rhythm(inThree ? "x.x.x." : "xoxoxoxo"), 0.6);
    }
  }
}
