/** @file Progressions of chords, written in Roman numerals. Browser-safe. */

import { AuricleError } from "../../../../errors.ts";
import type { Chord, Progression, Quality } from "./harmony.ts";

const DEGREES: Readonly<Record<string, number>> = { I: 0, II: 2, III: 4, IV: 5, V: 7, VI: 9, VII: 11 };

/** The suffixes of a numeral in capitals. */
const MAJOR: Readonly<Record<string, Quality>> = {
  "": "major",
  "5": "fifth",
  "7": "seventh",
  "9": "ninth",
  maj7: "majorSeventh",
  maj9: "majorNinth",
  sus4: "suspended",
};

/** The suffixes of a numeral in small letters. */
const MINOR: Readonly<Record<string, Quality>> = {
  "": "minor",
  "7": "minorSeventh",
  "9": "minorNinth",
  ø7: "halfDiminished",
  "°7": "diminished",
};

/**
 * Reads one chord a bar: `"ii7 V7 Imaj7 bVII9"`. Numerals count from the key note through the major scale, `b` and `#`
 * lower and raise by a semitone, small letters have the minor third.
 * @throws AuricleError "argument" for what is no chord.
 */
export function progression(text: string): Progression {
  return text.split(" ").map(chord);
}

function chord(symbol: string): Chord {
  const match = /^([b#]?)([IV]+|[iv]+)(.*)$/.exec(symbol);
  if (!match) throw unknownChord(symbol);
  const [, accidental, numeral, suffix] = match;
  const degree = DEGREES[numeral.toUpperCase()];
  const quality = (numeral === numeral.toUpperCase() ? MAJOR : MINOR)[suffix];
  const shift = accidental === "b" ? -1 : accidental === "#" ? 1 : 0;
  if (degree === undefined || quality === undefined) throw unknownChord(symbol);
  return [degree + shift, quality];
}

function unknownChord(symbol: string): AuricleError {
  return new AuricleError(
    "argument",
    `progression: a chord must be as in "ii7 V7 Imaj7 bVII"; got "${symbol}"`,
  );
}

/** A progression that begins at another of its bars: a track begins anywhere in a piece. */
export function rotate(chords: Progression, bars: number): Progression {
  const start = bars % chords.length;
  return [...chords.slice(start), ...chords.slice(0, start)];
}

/** The chord of a bar, over and over. */
export function chordOf(chords: Progression, bar: number): Chord {
  return chords[bar % chords.length];
}

/** The scale of the key: minor where the chord on its note is. */
export function scaleOf(chords: Progression): "major" | "minor" {
  const onKeyNote = chords.find(([root]) => root === 0);
  return onKeyNote?.[1].startsWith("minor") ? "minor" : "major";
}
