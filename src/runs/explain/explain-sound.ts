/** @file The explanation of a model's answer to a recording, as data to draw. Browser-safe. */

import type { MonoAudio } from "../../audio/audio.ts";
import { encodeWav, resample } from "../../audio/index.ts";
import { classOf, explainHeard, type AudioExplanation } from "../../audio-model/explain-audio.ts";
import { hearRecording, type HeardRecording } from "../../audio-model/heard-recording.ts";
import { AuricleError } from "../../errors.ts";
import { EXPLANATION_METHODS, firstFilters, type ExplanationMethod } from "../../explain/index.ts";
import type { Model } from "../../nn/index.ts";
import type { ExplanationData, ExplanationMap, FirstLayerFilters, SoundClip } from "../../report/index.ts";
import { answerText, completenessText, shownOutputs } from "./answers.ts";
import { filterSounds } from "./filter-sounds.ts";
import { maskFacts, maskVerdict, METHOD_WORDS, SHOWN_PART } from "./methods.ts";
import { soundLayers } from "./sound-layers.ts";
import { soundScene, type SoundScene } from "./sound-scene.ts";

/** How an answer is explained. */
export interface ExplainOptions {
  /** The class, tag or number: its name or its number. Default: the most probable. */
  readonly class?: string | number;
  /** Default: all. */
  readonly methods?: readonly ExplanationMethod[];
  /** The layer that Grad-CAM and the pictures of layers are of. Default: the last convolution; the feature maps of all. */
  readonly layer?: string;
}

/** A recording, or the part of a long one that is explained. */
export interface ExplainedSound {
  readonly title: string;
  readonly audio: MonoAudio;
  /** Where it begins in the file, in seconds. */
  readonly offset: number;
  /** As {@link ExplanationData.part}. */
  readonly part?: string;
}

/** The rate of sounds in a page at most: they are heard, not measured. */
const HIGHEST_RATE = 22_050;

/** @throws AuricleError "argument" for a class, method or layer that there is not, "file" for a model that is none of sound. */
export async function explainSound(
  model: Model,
  name: string,
  { title, audio, offset, part }: ExplainedSound,
  options: ExplainOptions,
): Promise<ExplanationData> {
  const heard = await hearRecording(model, audio, "explain", name);
  const { description, outputs, front, cut } = heard;
  const index = classOf(description, outputs, options.class);
  const own = { samples: cut.samples, sampleRate: front.sampleRate };
  const scene = soundScene(own, offset);
  const notes: string[] = [];
  const maps: ExplanationMap[] = [];
  for (const method of options.methods ?? EXPLANATION_METHODS) {
    const found = await mapOf(model, heard, { ...options, method, class: index }, notes);
    if (found) maps.push(await view(found, heard, scene, offset));
  }
  const filters = shownFilters(model, heard);
  return {
    title,
    model: name,
    createdAt: new Date().toISOString(),
    ...(part !== undefined && { part }),
    explained: description.classNames[index],
    outputs: shownOutputs(description, outputs, index),
    scene,
    maps,
    sound: await soundOf(own, offset),
    layers: await soundLayers(model, heard, index, scene, offset, options.layer),
    ...(filters && { filters }),
    ...(filters?.shape.length === 3 && { filterSound: filterSounds(filters) }),
    notes,
  };
}

/** A map, or a note that says why there is none where nothing was named that must be there. */
async function mapOf(
  model: Model,
  heard: HeardRecording,
  { method, class: index, layer, methods }: ExplainOptions & { readonly method: ExplanationMethod },
  notes: string[],
): Promise<AudioExplanation | undefined> {
  const own = method === "gradCam" && layer !== undefined ? { layer } : {};
  try {
    return await explainHeard(model, heard, { method, class: index, check: true, keep: SHOWN_PART, ...own });
  } catch (error) {
    const isOptional = methods === undefined && layer === undefined && method === "gradCam";
    if (!isOptional || !(error instanceof AuricleError) || error.code !== "shape") throw error;
    notes.push(`There is no map of Grad-CAM: ${error.message}`);
    return undefined;
  }
}

async function view(
  found: AudioExplanation,
  { description, front }: HeardRecording,
  scene: SoundScene,
  offset: number,
): Promise<ExplanationMap> {
  const { key, title, meaning } = METHOD_WORDS[found.method];
  const { check, completeness, layer, map } = found;
  const isWaveform = front.config.kind === "waveform";
  const answer = (outputs: Float32Array) => answerText(description, outputs, found.class);
  return {
    key,
    title: layer === undefined ? title : `${title} of ${layer}`,
    meaning,
    values: scene.draw(map),
    facts: [
      ...(completeness
        ? [
            { name: "completeness", value: completenessText(completeness) },
            { name: "counted from", value: isWaveform ? "silence" : "the least feature of the recording" },
          ]
        : []),
      ...(check?.masks ? maskFacts(check.masks) : []),
    ],
    ...(check?.masks && { verdict: maskVerdict(check.masks) }),
    ...(check && {
      kept: { ...(await soundOf(found.kept, offset)), answer: answer(check.kept) },
      removed: { ...(await soundOf(found.removed, offset)), answer: answer(check.removed) },
    }),
  };
}

async function soundOf(audio: MonoAudio, offset: number): Promise<SoundClip> {
  const sampleRate = Math.min(HIGHEST_RATE, audio.sampleRate);
  const { samples } = await resample(audio, sampleRate);
  const seconds = audio.samples.length / audio.sampleRate;
  return {
    wav: encodeWav({ sampleRate, channels: [samples] }, { bitDepth: 16 }),
    start: offset,
    end: offset + seconds,
  };
}

/** The kernel of the first convolution, if it slides over time and frequency, or over a waveform. */
function shownFilters(model: Model, { front, x }: HeardRecording): FirstLayerFilters | undefined {
  const found = firstFilters(model);
  // Of a convolution over time of many bands each kernel is as many curves.
  if (!found || found.kernel.shape.length !== x.shape.length) return undefined;
  const { layer, kernel } = found;
  return { layer, shape: kernel.shape, data: kernel.data, sampleRate: front.sampleRate / front.hopLength };
}
