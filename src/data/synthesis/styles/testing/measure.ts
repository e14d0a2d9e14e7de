/** @file Measurements of sound for tests. */

/** Amplitude and phase of one frequency in the samples from `start` on, under a Hann window of `length` samples. */
function component(
  samples: Float32Array,
  start: number,
  length: number,
  frequency: number,
  sampleRate: number,
): { amplitude: number; phase: number } {
  let real = 0;
  let imaginary = 0;
  for (let i = 0; i < length; i++) {
    // The mean of a Hann window is 1/2, and a sine of amplitude 1 has 1/2 at each of ± its frequency.
    const x = (4 / length) * samples[start + i] * Math.sin((Math.PI * i) / length) ** 2;
    const angle = (2 * Math.PI * frequency * (start + i)) / sampleRate;
    real += x * Math.cos(angle);
    imaginary -= x * Math.sin(angle);
  }
  return { amplitude: Math.hypot(real, imaginary), phase: Math.atan2(imaginary, real) };
}

/** Amplitude of the sine of this frequency around a time in seconds, over 20 periods. */
export function amplitudeAt(
  samples: Float32Array,
  seconds: number,
  frequency: number,
  sampleRate: number,
): number {
  const length = Math.round((20 * sampleRate) / frequency);
  return component(samples, Math.round(seconds * sampleRate - length / 2), length, frequency, sampleRate)
    .amplitude;
}

/**
 * By how many cents the partial nearest to `frequency` is off, from how its phase moves in 10 periods; for up to ± 80
 * cents.
 */
export function centsOff(
  samples: Float32Array,
  seconds: number,
  frequency: number,
  sampleRate: number,
): number {
  const hop = Math.round((10 * sampleRate) / frequency);
  const start = Math.round(seconds * sampleRate);
  const first = component(samples, start, 2 * hop, frequency, sampleRate).phase;
  const second = component(samples, start + hop, 2 * hop, frequency, sampleRate).phase;
  const turn = (second - first) / (2 * Math.PI);
  const cycles = turn - Math.round(turn);
  return 1200 * Math.log2(1 + (cycles * sampleRate) / hop / frequency);
}

/** Root mean square from one time to another, in seconds. */
export function loudness(samples: Float32Array, from: number, to: number, sampleRate: number): number {
  const part = samples.subarray(Math.round(from * sampleRate), Math.round(to * sampleRate));
  return Math.sqrt(part.reduce((sum, x) => sum + x * x, 0) / part.length);
}

export function peakOf(samples: Float32Array): number {
  return samples.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0);
}

/**
 * The deviation in cents of the centre of the sound within a semitone around `frequency`, over 0.6 s: that is the mean
 * pitch of a note with vibrato or of strings that are a little out of tune with each other.
 */
export function pitchError(
  samples: Float32Array,
  seconds: number,
  frequency: number,
  sampleRate: number,
): number {
  const start = Math.round(seconds * sampleRate);
  const length = Math.round(0.6 * sampleRate);
  const windowed = Float64Array.from(
    { length },
    (_, i) => samples[start + i] * Math.sin((Math.PI * i) / length) ** 2,
  );
  let weight = 0;
  let moment = 0;
  for (let cents = -100; cents <= 100; cents += 10) {
    const power = goertzelPower(windowed, (frequency * 2 ** (cents / 1200)) / sampleRate);
    weight += power;
    moment += power * cents;
  }
  return moment / weight;
}

/** Power of one frequency, in cycles per sample, by Goertzel's recurrence. */
function goertzelPower(samples: Float64Array, frequency: number): number {
  const factor = 2 * Math.cos(2 * Math.PI * frequency);
  let last = 0;
  let before = 0;
  for (const sample of samples) {
    const next = sample + factor * last - before;
    before = last;
    last = next;
  }
  return last * last + before * before - factor * last * before;
}

/** Whether two signals have the same bits. */
export function sameBits(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((x, i) => Object.is(x, b[i]));
}
