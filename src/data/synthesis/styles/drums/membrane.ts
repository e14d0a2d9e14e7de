/** @file The tone of a skin: a sine whose pitch falls as it fades. Browser-safe. */

import { decayFactor } from "../signals/arithmetic.ts";
import { SINE_TABLE, TABLE_SIZE } from "../signals/wavetable.ts";
import { silence } from "./drum.ts";

export interface Membrane {
  /** In Hz, at the end. */
  readonly frequency: number;
  /** How much higher it begins, as a multiple of it. */
  readonly drop: number;
  /** Seconds in which the drop is gone but for a thousandth. */
  readonly dropTime: number;
  /** Seconds in which it loses 60 dB. */
  readonly decay: number;
}

export function membrane(skin: Membrane, sampleRate: number): Float32Array {
  const sound = silence(skin.decay, sampleRate);
  const factor = decayFactor(skin.decay, sampleRate);
  const dropFactor = decayFactor(skin.dropTime, sampleRate);
  let drop = skin.drop;
  let amplitude = 1;
  let phase = 0;
  for (let i = 0; i < sound.length; i++) {
    sound[i] = amplitude * SINE_TABLE[phase | 0];
    amplitude *= factor;
    phase += (TABLE_SIZE * skin.frequency * (1 + drop)) / sampleRate;
    if (phase >= TABLE_SIZE) phase -= TABLE_SIZE;
    drop *= dropFactor;
  }
  return sound;
}
