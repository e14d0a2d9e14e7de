/** @file Bossa nova: syncopated guitar chords over a bass of roots and fifths, straight eighths. Browser-safe. */

import type { InstrumentName } from "../instruments/instruments.ts";
import type { Composition } from "../music/composition.ts";
import { rootPosition, scalePitches, voicing } from "../music/harmony.ts";
import { playMelody } from "../music/melody.ts";
import { chordOf, progression, rotate, scaleOf } from "../music/progression.ts";
import { rhythm } from "../music/rhythm.ts";
import { Session } from "../music/session.ts";
import { between, chance, pick } from "../signals/draw.ts";

const PROGRESSIONS = [
  "Imaj7 Imaj7 II9 II9 ii7 V7 Imaj7 V7",
  "Imaj9 vi7 ii9 V7",
  "i7 iv7 iiø7 V7",
  "Imaj7 #i°7 ii7 V9",
].map(progression);

/** The rhythms of the guitarist's fingers, over two bars. */
const GUITAR = [
  ["x..x..x.", "..x.x..."],
  ["x.x..x..", "x..x..x."],
  ["x..x..x.", "..x..x.."],
  ["..x.xx..", "x..x.x.."],
].map((bars) => bars.map(rhythm));

/** The stick on the rim: the bossa clave, in either order, and a plainer figure. */
const STICK = [
  ["x..x..x.", "..x..x.."],
  ["..x..x..", "x..x..x."],
  ["x..x..x.", "x..x..x."],
].map((bars) => bars.map(rhythm));

const TUNES = ["x..x ..x.", ".x.x x...", "x.xx .x..", "..xx x.x.", "x... .xx.", ".x.x .x.x"].map(rhythm);

const SOLOISTS: readonly InstrumentName[] = [
  "flute",
  "piano",
  "electricPiano",
  "saxophone",
  "vibraphone",
  "clarinet",
  "nylonGuitar",
  "trumpet",
];
const CHORDS: readonly InstrumentName[] = [
  "nylonGuitar",
  "nylonGuitar",
  "nylonGuitar",
  "electricPiano",
  "piano",
  "steelGuitar",
];

export const bossaNova: Composition = (options, random) => {
  const session = new Session(options, random, { tempo: between(random, 96, 160) });
  const chords = rotate(pick(random, PROGRESSIONS), random.integer(8));

  const guitar = session.player(pick(random, CHORDS), { level: -3 });
  const fingers = pick(random, GUITAR);
  for (let bar = 0; bar < session.bars; bar++) {
    const tones = voicing(chordOf(chords, bar), session.key, 58);
    for (const { position, length, velocity } of fingers[bar % 2]) {
      guitar.chord(tones, session.bar(bar) + 4 * position, 4 * length * 0.8, velocity * 0.9, 0.008);
    }
  }

  const bass = session.player(pick(random, ["doubleBass", "doubleBass", "electricBass"]), {
    level: -3,
    room: -20,
  });
  for (let bar = 0; bar < session.bars; bar++) {
    const [root] = rootPosition(chordOf(chords, bar), session.key, 31);
    const fifth = root + 7 > 43 ? root - 5 : root + 7;
    bass.note(root, session.bar(bar), 1.4, 0.9);
    if (chance(random, 0.7)) bass.note(root, session.bar(bar) + 1.5, 0.45, 0.6);
    bass.note(fifth, session.bar(bar) + 2, 1.4, 0.8);
    bass.note(fifth, session.bar(bar) + 3.5, 0.45, 0.65);
  }

  if (chance(random, 0.85)) {
    const soloist = session.player(pick(random, SOLOISTS), { level: -1, room: -10 });
    const pitches = scalePitches(scaleOf(chords), session.key, 62, 83);
    playMelody(session, soloist, { pitches, rhythms: TUNES, chords, rests: 0.2 });
  }
  if (chance(random, 0.85)) playDrums(session);
  return session;
};

function playDrums(session: Session): void {
  const { random } = session;
  const drums = session.drummer({ level: -5, room: -16 });
  const stick = pick(random, STICK);
  const time = pick(random, ["shaker", "closedHat", "brushTap", "ride"] as const);
  const strokes = rhythm(pick(random, ["xoxoxoxo", "x.x.x.x.", "xoxo xoxo xoxo xoxo"]));
  const click = pick(random, ["rim", "rim", "rim", "snare"] as const);
  const kicks = rhythm(pick(random, ["x..ox..o", "x..ox..o", "x...x..."]));
  for (let bar = 0; bar < session.bars; bar++) {
    drums.pattern(time, bar, strokes, 0.6);
    drums.pattern(click, bar, stick[bar % 2], 0.9);
    drums.pattern("kick", bar, kicks, 0.75);
    if (chance(random, 0.15)) drums.pattern("conga", bar, rhythm("..x...xx"));
  }
}
