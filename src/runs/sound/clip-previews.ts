/** @file Sounds and pictures of clips for a report. Browser-safe. */

import { frontEnd, FeatureExtractor, frequenciesOf } from "../../audio/front-end/index.ts";
import { readAudioFile } from "../../audio/node.ts";
import { encodeWav } from "../../audio/index.ts";
import type { AudioClip } from "../../data/audio/index.ts";
import { AuricleError } from "../../errors.ts";
import type { FeatureStore } from "../../data/audio/features/feature-store.ts";
import {
  examplesToPreview,
  EXCERPT,
  type AudioPreview,
  type ExamplePreview,
  type Evaluation,
  type SpectrogramPreview,
} from "../../report/index.ts";

/** Clips that last longer get no picture: nothing could be seen in it. */
const LONGEST_PICTURE_SECONDS = 600;

/** The front end of all pictures, independent of the model's: a mel spectrogram in decibels. */
const PICTURE = frontEnd({
  kind: "melSpectrogram",
  sampleRate: EXCERPT.sampleRate,
  melBands: 96,
  hopLength: 512,
  scale: { kind: "decibels" },
});

/** Evaluations with previews for the clips that a report has room for. A file that has gone meanwhile gets none. */
export async function withPreviews(
  evaluations: readonly Evaluation[],
  store: FeatureStore,
  clips: readonly AudioClip[],
): Promise<Evaluation[]> {
  const byId = new Map(clips.map((clip) => [clip.id, clip]));
  const previews = new Map<string, ExamplePreview>();
  const extractor = new FeatureExtractor(PICTURE, { threads: 1 });
  for (const { evaluation, index, id, excerpt } of examplesToPreview(evaluations)) {
    const clip = byId.get(id);
    if (!clip) continue;
    const preview = await previewOf(clip, store.duration(clip), excerpt, extractor).catch(ifGone);
    if (preview) previews.set(`${evaluation} ${index}`, preview);
  }
  return evaluations.map((evaluation) => ({
    ...evaluation,
    results: evaluation.results.map((result, index) => {
      const preview = previews.get(`${evaluation.name} ${index}`);
      return preview ? { ...result, preview } : result;
    }),
  }));
}

function ifGone(error: unknown): undefined {
  if (!(error instanceof AuricleError)) throw error;
}

async function previewOf(
  clip: AudioClip,
  seconds: number,
  excerpt: { readonly start: number; readonly end: number } | undefined,
  extractor: FeatureExtractor,
): Promise<ExamplePreview> {
  if (seconds > LONGEST_PICTURE_SECONDS) return excerpt ? { audio: await audioOf(clip, excerpt) } : {};
  const { samples } = await readAudioFile(clip.path, {
    sampleRate: EXCERPT.sampleRate,
    start: clip.start,
    duration: seconds,
  });
  const audio = excerpt && cut(samples, excerpt);
  const spectrogram = samples.length > 0 ? pictureOf(samples, extractor) : undefined;
  return { ...(spectrogram && { spectrogram }), ...(audio && { audio }) };
}

async function audioOf(
  clip: AudioClip,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<AudioPreview> {
  const { samples } = await readAudioFile(clip.path, {
    sampleRate: EXCERPT.sampleRate,
    start: clip.start + start,
    duration: end - start,
  });
  return { wav: wavOf(samples), start, end };
}

function cut(
  samples: Float32Array,
  { start, end }: { readonly start: number; readonly end: number },
): AudioPreview {
  const { sampleRate } = EXCERPT;
  return {
    wav: wavOf(samples.subarray(Math.round(start * sampleRate), Math.round(end * sampleRate))),
    start,
    end,
  };
}

function wavOf(samples: Float32Array): Uint8Array {
  return encodeWav({ sampleRate: EXCERPT.sampleRate, channels: [samples] }, { bitDepth: 16 });
}

function pictureOf(samples: Float32Array, extractor: FeatureExtractor): SpectrogramPreview {
  const [frames, bins] = PICTURE.outputShape(samples.length);
  return {
    values: extractor.extract(samples),
    frames,
    bins,
    frequencies: Array.from(frequenciesOf(PICTURE) ?? []),
  };
}
