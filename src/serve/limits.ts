/** @file The limits that keep a server within its memory and time. Imports nothing. */

export interface ServeLimits {
  /** Bytes of one request's body. */
  readonly bytes: number;
  /** Seconds of one recording. */
  readonly seconds: number;
  /** Pixels of one picture. */
  readonly pixels: number;
  /** Files of one form. */
  readonly files: number;
  /** Requests that are computed at once: threads that decode. */
  readonly workers: number;
  /** Requests that wait for one of them; more are told to come again. */
  readonly queue: number;
  /** Live connections at once; more are told to come again. */
  readonly live: number;
  /** Seconds until a request must have arrived, and again until its answer must have been taken. */
  readonly receiveSeconds: number;
  /** Seconds until a request that is computed must have its answer. */
  readonly answerSeconds: number;
  /** Seconds in which a server that is stopped gives its last answers. */
  readonly graceSeconds: number;
}

export const MEBIBYTE = 2 ** 20;

export const DEFAULT_LIMITS: Omit<ServeLimits, "workers"> = {
  bytes: 32 * MEBIBYTE,
  seconds: 600,
  pixels: 2 ** 25,
  files: 32,
  queue: 64,
  live: 32,
  receiveSeconds: 60,
  answerSeconds: 60,
  graceSeconds: 30,
};

/** As many bodies of the largest size are held at most, however many requests wait. */
export const HELD_BODIES = 16;

/** Connections at once; more are closed. */
export const MOST_CONNECTIONS = 1024;

/** Windows of one request: a hop of a hundredth of a second over three minutes. */
export const MOST_WINDOWS = 20_000;

/** Numbers in one answer, of all windows and classes: some 35 MB of JSON. */
export const MOST_NUMBERS = 2 ** 20;

/**
 * In Hz. A recording may last as long as the limit says up to this rate, and above it so much less that it has no more samples: a file of a few
 * hundred kB can hold gigabytes of silence.
 */
export const FULL_LENGTH_RATE = 48_000;

/** In Hz. No studio records at more, and a header of a few bytes can promise more. */
export const MOST_SAMPLE_RATE = 192_000;
