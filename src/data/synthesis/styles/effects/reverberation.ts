/**
 * @file A room: four delay lines that feed each other through a Householder matrix, each with a low-pass, since air
 * and walls take high frequencies first. Jot and Chaigne, Digital Delay Networks for Designing Artificial
 * Reverberators, 1991. Browser-safe.
 */

import { decayFactor } from "../signals/arithmetic.ts";
import { onePoleCoefficient } from "../signals/filters.ts";

export interface Room {
  /** Seconds in which sound loses 60 dB. */
  readonly decay: number;
  /** Size of the room: 1 has delays of 29 … 46 ms. */
  readonly size: number;
  /** Above this frequency in Hz sound decays sooner. */
  readonly damping: number;
}

/** Delays at size 1, in seconds; without common divisors in samples at usual rates. */
const DELAYS = [0.0297, 0.0371, 0.0411, 0.0453];

/** Returns the sound of the room, without the direct sound. */
export function reverberate(signal: Float32Array, room: Room, sampleRate: number): Float32Array {
  const out = new Float32Array(signal.length);
  const lines = DELAYS.map(
    (delay) => new Float32Array(Math.max(2, Math.round(delay * room.size * sampleRate) | 1)),
  );
  const [lineA, lineB, lineC, lineD] = lines;
  const [gainA, gainB, gainC, gainD] = lines.map((line) =>
    decayFactor((room.decay * sampleRate) / line.length, 1),
  );
  const damping = onePoleCoefficient(room.damping, sampleRate);
  let [a, b, c, d] = [0, 0, 0, 0];
  let [atA, atB, atC, atD] = [0, 0, 0, 0];
  for (let i = 0; i < signal.length; i++) {
    a += damping * (gainA * lineA[atA] - a);
    b += damping * (gainB * lineB[atB] - b);
    c += damping * (gainC * lineC[atC] - c);
    d += damping * (gainD * lineD[atD] - d);
    out[i] = 0.5 * (a - b + c - d);
    const half = 0.5 * (a + b + c + d);
    const input = signal[i];
    lineA[atA] = input + a - half;
    lineB[atB] = input + b - half;
    lineC[atC] = input + c - half;
    lineD[atD] = input + d - half;
    if (++atA === lineA.length) atA = 0;
    if (++atB === lineB.length) atB = 0;
    if (++atC === lineC.length) atC = 0;
    if (++atD === lineD.length) atD = 0;
  }
  return out;
}
