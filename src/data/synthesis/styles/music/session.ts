/** @file One piece while it is played: its key, tempo and groove, its parts and the mix. Browser-safe. */

import { deriveKey, Generator } from "../../../../random/generator.ts";
import { drumKit, type DrumName } from "../drums/drum-kit.ts";
import { addScaled, rootMeanSquare } from "../effects/level.ts";
import { reverberate } from "../effects/reverberation.ts";
import { INSTRUMENTS, type InstrumentName } from "../instruments/instruments.ts";
import { decibels, hertz } from "../signals/arithmetic.ts";
import { between, nearlyNormal } from "../signals/draw.ts";
import type { Stroke } from "./rhythm.ts";

/** Seconds of music before the first sample of a track, so that it begins in the midst of a piece. */
const LEAD_IN = 2.5;

export interface SessionOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly sampleRate: number;
}

/** The choices that a style makes first. */
export interface Groove {
  /** Quarter notes a minute. */
  readonly tempo: number;
  /** Quarter notes a bar. Default 4. */
  readonly beats?: number;
  /** Where in a beat its second half begins: 0.5 straight (the default), 0.67 a triplet. */
  readonly swing?: number;
  /** Where in a half beat its second half begins, likewise. */
  readonly sixteenthSwing?: number;
  /** Deviation of a player's time, in seconds. Default: drawn from 2 to 12 ms. */
  readonly looseness?: number;
}

/** The settings of one part in the mix. */
export interface PartOptions {
  /** Loudness in the mix, in dB. Each track draws another one, up to 4 dB off. */
  readonly level: number;
  /** How much of it goes into the room, in dB; -6 is much. */
  readonly room?: number;
  /** Processes the whole part, in place. */
  readonly effect?: (signal: Float32Array) => void;
}

/** One player or several who go through one channel of the mixing desk. */
interface Part {
  readonly signal: Float32Array;
  readonly options: PartOptions;
}

/** A part that plays notes. */
export interface Player {
  /** Pitch as a MIDI note number, beginning and length in quarter notes, velocity 0 … 1. */
  note(pitch: number, beat: number, beats: number, velocity: number): void;
  /** The same for several pitches, one `spread` seconds (default 0) after the other, as over strings. */
  chord(pitches: readonly number[], beat: number, beats: number, velocity: number, spread?: number): void;
}

/** A part that strikes drums. */
export interface Drummer {
  hit(drum: DrumName, beat: number, velocity: number): void;
  /** A rhythm in the bar that begins at a beat. */
  pattern(drum: DrumName, bar: number, strokes: readonly Stroke[], loudness?: number): void;
}

export class Session {
  readonly sampleRate: number;
  /** Samples, the lead-in included. */
  readonly length: number;
  /** The generator of the composer's draws. */
  readonly random: Generator;
  readonly beats: number;
  /** Bars that begin before the end. */
  readonly bars: number;
  /** Key note, semitones above C. */
  readonly key: number;
  readonly secondsPerBeat: number;
  private readonly groove: Required<Groove>;
  private readonly players: Generator;
  private readonly seed: number;
  private readonly skipped: number;
  private readonly tuning: number;
  private readonly parts: Part[] = [];

  constructor(options: SessionOptions, random: Generator, groove: Groove) {
    const { seed, seconds, sampleRate } = options;
    this.seed = seed;
    this.sampleRate = sampleRate;
    this.random = random;
    this.groove = {
      beats: 4,
      swing: 0.5,
      sixteenthSwing: 0.5,
      looseness: between(random, 0.002, 0.012),
      ...groove,
    };
    this.players = new Generator(deriveKey(seed, "players"));
    this.beats = this.groove.beats;
    this.secondsPerBeat = 60 / groove.tempo;
    const leadIn = LEAD_IN * between(random, 0.2, 1);
    this.skipped = Math.round(leadIn * sampleRate);
    this.length = this.skipped + Math.round(seconds * sampleRate);
    this.bars = Math.ceil((leadIn + seconds) / (this.secondsPerBeat * this.beats));
    this.key = random.integer(12);
    // Orchestras and tapes differ: up to 40 cents.
    this.tuning = between(random, -0.4, 0.4);
  }

  /** The beat at which a bar begins. */
  bar(index: number): number {
    return index * this.beats;
  }

  /** Lets an instrument play in a channel of its own. */
  player(name: InstrumentName, options: PartOptions): Player {
    const { signal } = this.part(options);
    const maker = INSTRUMENTS[name];
    const instrument = maker(new Generator(deriveKey(this.seed, name, this.parts.length)), this.sampleRate);
    const play = (pitch: number, start: number, beats: number, velocity: number): void => {
      if (start < 0 || start >= signal.length) return;
      const touch = Math.min(1, Math.max(0.1, velocity * (1 + 0.1 * nearlyNormal(this.players))));
      const note = {
        frequency: hertz(pitch + this.tuning),
        seconds: beats * this.secondsPerBeat,
        velocity: touch,
      };
      instrument(signal, start, note);
    };
    return {
      note: (pitch, beat, beats, velocity) => play(pitch, this.sampleAt(beat), beats, velocity),
      chord: (pitches, beat, beats, velocity, spread = 0) => {
        const start = this.sampleAt(beat);
        const gap = Math.round(spread * this.sampleRate);
        pitches.forEach((pitch, i) => play(pitch, start + i * gap, beats, velocity));
      },
    };
  }

  /** Sets up a drum kit in a channel of its own. */
  drummer(options: PartOptions): Drummer {
    const { signal } = this.part(options);
    const kit = drumKit(deriveKey(this.seed, "drums"), this.sampleRate);
    const hit = (drum: DrumName, beat: number, velocity: number): void => {
      const start = this.sampleAt(beat);
      const gain = velocity * velocity * (1 + 0.12 * nearlyNormal(this.players));
      if (start >= 0 && start < signal.length) addScaled(signal.subarray(start), kit(drum), gain);
    };
    return {
      hit,
      pattern: (drum, bar, strokes, loudness = 1) => {
        for (const { position, velocity } of strokes) {
          hit(drum, this.bar(bar) + position * this.beats, velocity * loudness);
        }
      },
    };
  }

  private part(options: PartOptions): Part {
    const part = { signal: new Float32Array(this.length), options };
    this.parts.push(part);
    return part;
  }

  /** The sample at which a note of this beat begins: with swing, and as exact as the players are. */
  private sampleAt(beat: number): number {
    const { swing, sixteenthSwing, looseness } = this.groove;
    const whole = Math.floor(beat + 1e-9);
    const swung = bend(beat - whole, swing, sixteenthSwing);
    const seconds = (whole + swung) * this.secondsPerBeat + looseness * nearlyNormal(this.players);
    // The very first note may be early, but not before there is anything.
    return beat === 0
      ? Math.max(0, Math.round(seconds * this.sampleRate))
      : Math.round(seconds * this.sampleRate);
  }

  /** All parts together, in a room; without the lead-in. */
  mix(): Float32Array {
    const random = new Generator(deriveKey(this.seed, "mix"));
    const dry = new Float32Array(this.length);
    const send = new Float32Array(this.length);
    for (const { signal, options } of this.parts) {
      options.effect?.(signal);
      const level = rootMeanSquare(signal);
      const gain = level > 0 ? decibels(options.level + between(random, -4, 4)) / level : 0;
      addScaled(dry, signal, gain);
      addScaled(send, signal, gain * decibels((options.room ?? -14) + between(random, -5, 5)));
    }
    const room = {
      decay: between(random, 0.4, 2.4),
      size: between(random, 0.6, 1.6),
      damping: between(random, 2000, 7000),
    };
    addScaled(dry, reverberate(send, room, this.sampleRate), 1);
    return dry.subarray(this.skipped);
  }
}

/** Where a position in a beat, 0 … 1, comes to lie when its halves and quarters swing. */
function bend(position: number, swing: number, sixteenthSwing: number): number {
  const second = position >= 0.5 ? 1 : 0;
  const inHalf = (position - 0.5 * second) * 2;
  const bent =
    inHalf < 0.5 ? 2 * inHalf * sixteenthSwing : sixteenthSwing + (2 * inHalf - 1) * (1 - sixteenthSwing);
  return second === 0 ? bent * swing : swing + bent * (1 - swing);
}
