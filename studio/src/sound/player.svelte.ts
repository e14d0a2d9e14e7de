/** @file Plays sounds and parts of them, one at a time, with short fades; the playhead is state that every view of the clip shows. */

/** A mono sound. */
export interface Sound {
  readonly name: string;
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
}

/** Seconds over which a part is faded in and out, so that cutting makes no click. */
const FADE = 0.006;

interface Playing {
  readonly samples: Float32Array;
  readonly source: AudioBufferSourceNode;
  /** Seconds in the sound at which it began. */
  readonly from: number;
  /** The context's time at that moment. */
  readonly since: number;
}

let context: AudioContext | undefined;
let playing: Playing | undefined;
let playhead = $state<{ readonly samples: Float32Array; readonly time: number }>();

/** Where a sound is being played, in seconds; undefined when it is not. */
export function playheadOf(samples: Float32Array): number | undefined {
  return playhead?.samples === samples ? playhead.time : undefined;
}

/**
 * Plays a part of a sound; what was playing ends. Browsers allow it after a touch.
 * @param from seconds, default 0
 * @param to seconds, default the end
 */
export function play(
  { samples, sampleRate }: Pick<Sound, "samples" | "sampleRate">,
  from = 0,
  to = samples.length / sampleRate,
): void {
  stop();
  context ??= new AudioContext();
  void context.resume();
  const [first, last] = [
    Math.max(0, Math.floor(from * sampleRate)),
    Math.min(samples.length, Math.ceil(to * sampleRate)),
  ];
  if (last <= first) return;
  const buffer = context.createBuffer(1, last - first, sampleRate);
  buffer.copyToChannel(faded(samples.subarray(first, last), Math.round(FADE * sampleRate)), 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
  const mine: Playing = { samples, source, from, since: context.currentTime };
  playing = mine;
  source.addEventListener("ended", () => {
    if (playing === mine) stop();
  });
  requestAnimationFrame(follow);
}

export function stop(): void {
  const was = playing;
  playing = undefined;
  playhead = undefined;
  was?.source.stop();
}

function follow(): void {
  if (!playing || !context) return;
  playhead = { samples: playing.samples, time: playing.from + context.currentTime - playing.since };
  requestAnimationFrame(follow);
}

function faded(part: Float32Array, length: number): Float32Array<ArrayBuffer> {
  const samples = Float32Array.from(part);
  const fade = Math.min(length, samples.length >> 1);
  for (let i = 0; i < fade; i++) {
    samples[i] = (samples[i] ?? 0) * (i / fade);
    const end = samples.length - 1 - i;
    samples[end] = (samples[end] ?? 0) * (i / fade);
  }
  return samples;
}
