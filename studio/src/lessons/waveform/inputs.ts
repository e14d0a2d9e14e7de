/** @file The sounds that the filter moves over: the clip, a tone that rises, noise. */
import { Generator } from "auricle";
import type { Sound } from "../../sound/player.svelte.ts";

/** Seconds of a clip that are filtered. */
export const LONGEST = 10;

const SAMPLE_RATE = 16_000;
const SECONDS = 3;
/** Hz at the beginning and the end of the rising tone. */
const RISE = [100, 7600] as const;

const made = new Map<string, Sound>();

/** The same object for the same input, so that what was computed of it is kept. */
export function inputOf(kind: "clip" | "sweep" | "noise", clip: Sound): Sound {
  if (kind === "clip") return shortened(clip);
  const known = made.get(kind);
  const sound = known ?? (kind === "sweep" ? risingTone() : noise());
  made.set(kind, sound);
  return sound;
}

/** The same beginning of each channel as of the clip. */
export function shortenedChannels(clip: Sound, channels: readonly Float32Array[]): readonly Float32Array[] {
  return channels.map((channel) => channel.subarray(0, LONGEST * clip.sampleRate));
}

const shortenedClips = new WeakMap<Sound, Sound>();

function shortened(clip: Sound): Sound {
  if (clip.samples.length <= LONGEST * clip.sampleRate) return clip;
  const known = shortenedClips.get(clip);
  const part = known ?? { ...clip, samples: clip.samples.slice(0, LONGEST * clip.sampleRate) };
  shortenedClips.set(clip, part);
  return part;
}

/** Rises by equal steps of Hz in equal times, so that it is a straight line in a spectrogram. */
function risingTone(): Sound {
  const [low, high] = RISE;
  const samples = Float32Array.from({ length: SECONDS * SAMPLE_RATE }, (_, i) => {
    const time = i / SAMPLE_RATE;
    return 0.5 * Math.sin(2 * Math.PI * (low * time + ((high - low) * time * time) / (2 * SECONDS)));
  });
  return { name: "Rising tone", samples, sampleRate: SAMPLE_RATE };
}

function noise(): Sound {
  const generator = new Generator(9);
  const samples = Float32Array.from({ length: SECONDS * SAMPLE_RATE }, () => 0.15 * generator.normal());
  return { name: "Noise", samples, sampleRate: SAMPLE_RATE };
}
