/** @file Chords, scales and where on the keyboard they lie. Browser-safe. */

/** Semitones above the root. */
export const QUALITIES = {
  major: [0, 4, 7],
  minor: [0, 3, 7],
  fifth: [0, 7, 12],
  suspended: [0, 5, 7],
  seventh: [0, 4, 7, 10],
  majorSeventh: [0, 4, 7, 11],
  minorSeventh: [0, 3, 7, 10],
  halfDiminished: [0, 3, 6, 10],
  diminished: [0, 3, 6, 9],
  ninth: [0, 4, 7, 10, 14],
  majorNinth: [0, 4, 7, 11, 14],
  minorNinth: [0, 3, 7, 10, 14],
} as const satisfies Record<string, readonly number[]>;

export type Quality = keyof typeof QUALITIES;

/** Semitones above the key note, and what stands on it. */
export type Chord = readonly [root: number, quality: Quality];

/** One chord a bar. */
export type Progression = readonly Chord[];

/** Semitones above the key note, within an octave. */
export const SCALES = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  harmonicMinor: [0, 2, 3, 5, 7, 8, 11],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
  majorPentatonic: [0, 2, 4, 7, 9],
  minorPentatonic: [0, 3, 5, 7, 10],
  blues: [0, 3, 5, 6, 7, 10],
} as const satisfies Record<string, readonly number[]>;

export type ScaleName = keyof typeof SCALES;

/** The pitch of this class (semitones above C, any octave) that is nearest to `centre`; MIDI note numbers. */
export function nearest(pitchClass: number, centre: number): number {
  const above = (((pitchClass - centre) % 12) + 12) % 12;
  return centre + (above > 6 ? above - 12 : above);
}

/** A chord's pitches around `centre`, lowest first: each tone in the octave nearest to it. */
export function voicing(chord: Chord, key: number, centre: number): number[] {
  const [root, quality] = chord;
  const pitches = QUALITIES[quality].map((interval) => nearest(key + root + interval, centre));
  return [...new Set(pitches)].sort((a, b) => a - b);
}

/** A chord in root position, its root at or above `lowest`. */
export function rootPosition(chord: Chord, key: number, lowest: number): number[] {
  const [root, quality] = chord;
  const bottom = lowest + ((((key + root - lowest) % 12) + 12) % 12);
  return QUALITIES[quality].map((interval) => bottom + interval);
}

/** All pitches of a scale from `low` to `high`. */
export function scalePitches(scale: ScaleName, key: number, low: number, high: number): number[] {
  const classes: readonly number[] = SCALES[scale];
  const pitches: number[] = [];
  for (let pitch = low; pitch <= high; pitch++) {
    if (classes.includes((((pitch - key) % 12) + 12) % 12)) pitches.push(pitch);
  }
  return pitches;
}
