/**
 * @file Plays sounds and parts of them, one at a time, with short fades; the playhead is state that every view of the clip shows. A
 * sound is played in pieces, so that one of any length begins at once and none is held twice.
 */
import { fadePiece, piecesOf } from "./chunks.ts";

/** A sound as one channel, which views show and play; where it was recorded in several, their mean. */
export interface Sound {
  readonly name: string;
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
  /** The file that it was decoded from, where it was. */
  readonly file?: Blob;
  /** The channels that it was recorded in, where there are several. */
  readonly recorded?: Recorded;
}

export interface Recorded {
  readonly channels: number;
  /** Gives each channel's samples; undefined where they are too long to be held beside the mean. */
  readonly read?: () => Promise<readonly Float32Array[]>;
}

/** Gives what is heard instead of the samples first … last - 1 of a sound: as many samples, at the same rate. */
export type Heard = (first: number, last: number) => Float32Array | Promise<Float32Array>;

/** Seconds over which a part is faded in and out, so that cutting makes no click. */
const FADE = 0.006;

/** Seconds from the touch to the first sample, so that the first piece is not cut off. */
const AHEAD = 0.02;

interface Playing {
  readonly samples: Float32Array;
  readonly sources: Set<AudioBufferSourceNode>;
  /** Seconds in the sound, and the context's time at which they are heard. */
  anchor?: { readonly at: number; readonly time: number };
}

let context: AudioContext | undefined;
let playing = $state.raw<Playing>();
let playhead = $state<number>();
let failure = $state<string>();

/** Where a sound is being played, in seconds; undefined when it is not. */
export function playheadOf(samples: Float32Array): number | undefined {
  return playing?.samples === samples ? playhead : undefined;
}

/** Whether a sound is being played, or about to be. */
export function isPlaying(samples: Float32Array): boolean {
  return playing?.samples === samples;
}

/** Why the last sound could not be played, in words; undefined when it could. */
export function playingFailed(): string | undefined {
  return failure;
}

/**
 * Plays a part of a sound; what was playing ends. Browsers allow it after a touch.
 * @param from seconds, default 0
 * @param to seconds, default the end
 * @param heard the samples that are heard in its place, such as the same part filtered; default the samples
 */
export function play(
  { samples, sampleRate }: Pick<Sound, "samples" | "sampleRate">,
  from = 0,
  to = samples.length / sampleRate,
  heard: Heard = (first, last) => samples.subarray(first, last),
): void {
  stop();
  failure = undefined;
  const whole = {
    first: Math.max(0, Math.floor(from * sampleRate)),
    last: Math.min(samples.length, Math.ceil(to * sampleRate)),
  };
  if (whole.last <= whole.first) return;
  const mine: Playing = { samples, sources: new Set() };
  playing = mine;
  feed(mine, whole, sampleRate, heard).catch((error: unknown) => {
    failure = error instanceof Error ? error.message : String(error);
    if (playing === mine) stop();
  });
  requestAnimationFrame(follow);
}

export function stop(): void {
  const was = playing;
  playing = undefined;
  playhead = undefined;
  for (const source of was?.sources ?? []) source.stop();
}

/** Schedules one piece after the other; two are ahead of what is heard. */
async function feed(
  mine: Playing,
  whole: { readonly first: number; readonly last: number },
  sampleRate: number,
  heard: Heard,
): Promise<void> {
  const to = contextAt(sampleRate);
  await to.resume();
  let when = 0;
  let before: Promise<unknown> | undefined;
  for (const piece of piecesOf(whole.first, whole.last, sampleRate)) {
    const samples = fadePiece(await heard(piece.first, piece.last), piece, whole, FADE * sampleRate);
    if (playing !== mine) return;
    if (when < to.currentTime) {
      when = to.currentTime + AHEAD;
      mine.anchor = { at: piece.first / sampleRate, time: when };
    }
    const ended = schedule(mine, to, samples, sampleRate, when);
    when += samples.length / sampleRate;
    await before;
    if (playing !== mine) return;
    before = ended;
  }
  await before;
  if (playing === mine) stop();
}

/** @returns a promise that the piece was heard */
function schedule(
  { sources }: Playing,
  to: AudioContext,
  samples: Float32Array<ArrayBuffer>,
  sampleRate: number,
  when: number,
): Promise<void> {
  const buffer = to.createBuffer(1, samples.length, sampleRate);
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(to, { buffer });
  source.connect(to.destination);
  source.start(when);
  sources.add(source);
  return new Promise((resolve) => {
    source.addEventListener("ended", () => {
      sources.delete(source);
      resolve();
    });
  });
}

/** A context at the sound's own rate: pieces of it then follow each other to the sample. */
function contextAt(sampleRate: number): AudioContext {
  if (context?.sampleRate !== sampleRate) {
    void context?.close();
    context = new AudioContext({ sampleRate });
  }
  return context;
}

function follow(): void {
  if (!playing || !context) return;
  const { anchor } = playing;
  if (anchor) playhead = Math.max(anchor.at, anchor.at + context.currentTime - anchor.time);
  requestAnimationFrame(follow);
}
