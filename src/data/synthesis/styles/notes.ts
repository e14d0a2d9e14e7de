/**
 * @file Single notes of synthesized instruments, to learn their pitch from: a regression whose test is a timbre that
 * was not heard in training. Browser-safe.
 */

import type { MonoAudio } from "../../../audio/audio.ts";
import { AuricleError } from "../../../errors.ts";
import { checkOptions, type OptionNames } from "../../../options.ts";
import { deriveKey, Generator } from "../../../random/generator.ts";
import { addScaled } from "./effects/level.ts";
import { record } from "./effects/recording.ts";
import { reverberate } from "./effects/reverberation.ts";
import { INSTRUMENTS } from "./instruments/instruments.ts";
import { checkSound, STYLE_SAMPLE_RATE } from "./render-style.ts";
import { decibels, hertz } from "./signals/arithmetic.ts";
import { between, chance } from "./signals/draw.ts";
import { shownValue } from "../../../shown-value.ts";

/** The instruments whose notes have one clear pitch over three octaves. */
export const NOTE_INSTRUMENTS = [
  "bowedString",
  "clarinet",
  "electricPiano",
  "flute",
  "harp",
  "marimba",
  "nylonGuitar",
  "organ",
  "piano",
  "saxophone",
  "steelGuitar",
  "synthLead",
  "trumpet",
  "vibraphone",
] as const satisfies readonly (keyof typeof INSTRUMENTS)[];

export type NoteInstrument = (typeof NOTE_INSTRUMENTS)[number];

/** In seconds, where nothing else is asked for. */
const NOTE_SECONDS = 1;

/** MIDI note numbers between which `notesPlan` draws pitches: C3 to C6, 131 … 1047 Hz. */
export const NOTE_PITCHES = [48, 84] as const;

export interface NoteOptions {
  readonly instrument: NoteInstrument;
  /** In Hz, from 20 to a sixth of the sample rate. A vibrato goes round it. */
  readonly frequency: number;
  /** The length of the sound, silence before and after the note included; above 0, up to 600. Default 1. */
  readonly seconds?: number;
  /** The seed of everything but the pitch: another specimen of the instrument, touch, length, room, noise and level. */
  readonly seed: number;
  /** In Hz, a whole number from 8000 to 96,000. Default 22,050. */
  readonly sampleRate?: number;
}

/**
 * Plays one note. It begins in the first tenth of the sound and is held for half to nine tenths of the rest.
 * @throws AuricleError "argument" for an unknown instrument, or a number out of range.
 */
export function renderNote(options: NoteOptions): MonoAudio {
  const names: OptionNames<NoteOptions> = PLANNED_NOTE;
  checkOptions("renderNote", options, names);
  const { instrument, frequency, seconds = NOTE_SECONDS, seed, sampleRate = STYLE_SAMPLE_RATE } = options;
  if (!NOTE_INSTRUMENTS.includes(instrument)) {
    const names = NOTE_INSTRUMENTS.join(", ");
    throw new AuricleError("argument", `renderNote: no instrument "${instrument}"; there are ${names}`);
  }
  checkSound("renderNote", seconds, sampleRate);
  if (!(frequency >= 20 && frequency <= sampleRate / 6)) {
    throw new AuricleError(
      "argument",
      `renderNote: frequency must be from 20 Hz to a sixth of the sample rate, ${sampleRate / 6} Hz; got ${shownValue(frequency)}`,
    );
  }
  const random = new Generator(deriveKey(seed, "note", instrument));
  const play = INSTRUMENTS[instrument](new Generator(random.uint32()), sampleRate);
  const samples = new Float32Array(Math.round(seconds * sampleRate));
  const before = seconds * between(random, 0, 0.1);
  const held = (seconds - before) * between(random, 0.5, 0.9);
  play(samples, Math.round(before * sampleRate), {
    frequency,
    seconds: held,
    velocity: between(random, 0.4, 1),
  });
  if (chance(random, 0.5)) {
    const room = { decay: between(random, 0.3, 1.5), size: between(random, 0.6, 1.6), damping: 4000 };
    addScaled(samples, reverberate(samples, room, sampleRate), decibels(between(random, -20, -6)));
  }
  record(samples, sampleRate, random);
  return { sampleRate, samples };
}

/** One note: `renderNote(note)` makes it. */
export interface PlannedNote extends Required<NoteOptions> {
  /** The number to learn: a MIDI note number with its fraction, so that 1 is a semitone at any height. */
  readonly pitch: number;
  /** Notes of one timbre stay on one side of a split: the instrument's name. */
  readonly group: string;
  /** The path of its file, below the set's folder: `flute/flute.00007.wav`. */
  readonly path: string;
}

const PLANNED_NOTE: OptionNames<PlannedNote> = {
  instrument: true,
  frequency: true,
  seconds: true,
  seed: true,
  sampleRate: true,
  pitch: true,
  group: true,
  path: true,
};

export interface NotesOptions {
  /** From 1 to 100,000. Default 60. */
  readonly notesPerInstrument?: number;
  /** The length of each sound. Default 1. */
  readonly seconds?: number;
  /** In Hz. Default 22,050. */
  readonly sampleRate?: number;
  /** Default 0. */
  readonly seed?: number;
}

const NOTES_OPTIONS: OptionNames<NotesOptions> = {
  notesPerInstrument: true,
  seconds: true,
  sampleRate: true,
  seed: true,
};

/** `options` with its defaults. */
export function completeNotesOptions(options: NotesOptions): Required<NotesOptions> {
  checkOptions("notes", options, NOTES_OPTIONS);
  const {
    notesPerInstrument = 60,
    seconds = NOTE_SECONDS,
    sampleRate = STYLE_SAMPLE_RATE,
    seed = 0,
  } = options;
  return { notesPerInstrument, seconds, sampleRate, seed };
}

/**
 * All notes of a set, instrument after instrument; pitches are uniform over three octaves and need not lie on a
 * keyboard. Note i of an instrument depends on the seed, the instrument and i alone.
 * @throws AuricleError "argument" for a number out of range.
 */
export function notesPlan(options: NotesOptions = {}): PlannedNote[] {
  const { notesPerInstrument, seconds, sampleRate, seed } = completeNotesOptions(options);
  if (!Number.isInteger(notesPerInstrument) || notesPerInstrument < 1 || notesPerInstrument > 100_000) {
    throw new AuricleError(
      "argument",
      `notes: notesPerInstrument must be a whole number from 1 to 100,000; got ${shownValue(notesPerInstrument)}`,
    );
  }
  checkSound("notes", seconds, sampleRate);
  return NOTE_INSTRUMENTS.flatMap((instrument) =>
    Array.from({ length: notesPerInstrument }, (_, index) => {
      const key = deriveKey(seed, "planned note", instrument, index);
      const pitch = between(new Generator(key), ...NOTE_PITCHES);
      return {
        instrument,
        pitch,
        frequency: hertz(pitch),
        seconds,
        sampleRate,
        seed: key,
        group: instrument,
        path: `${instrument}/${instrument}.${String(index).padStart(5, "0")}.wav`,
      };
    }),
  );
}
