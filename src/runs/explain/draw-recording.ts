/** @file The explanation of an answer to a recording, drawn over its spectrogram. Browser-safe. */

import type { MonoAudio } from "../../audio/audio.ts";
import { frontEnd } from "../../audio/front-end/index.ts";
import { encodeWav, resample } from "../../audio/index.ts";
import type { ExplanationData, ExplanationMap, FirstLayerFilters, SoundClip } from "../../report/index.ts";
import { answerText, completenessText } from "./answers.ts";
import type { RecordingExplanation, RecordingMap } from "./explanation.ts";
import { filterSounds } from "./filter-sounds.ts";
import { maskFacts, maskVerdict, METHOD_WORDS } from "./methods.ts";
import { soundLayers } from "./sound-layers.ts";
import { soundScene, type SoundScene } from "./sound-scene.ts";

/** The rate of sounds in a page at most: they are heard, not measured. */
const HIGHEST_RATE = 22_050;

type Drawn = Pick<ExplanationData, "scene" | "maps" | "sound" | "layers" | "filters" | "filterSound">;

/** Draws maps and layers in seconds and hertz, with what is heard of them. */
export async function drawRecording(explanation: RecordingExplanation): Promise<Drawn> {
  const { audio, offset } = explanation;
  const scene = soundScene(audio, offset);
  const maps: ExplanationMap[] = [];
  for (const map of explanation.maps) maps.push(await view(map, explanation, scene));
  const filters = shownFilters(explanation);
  return {
    scene,
    maps,
    sound: await soundOf(audio, offset),
    layers: soundLayers(explanation, scene),
    ...(filters && { filters }),
    ...(filters?.shape.length === 3 && { filterSound: filterSounds(filters) }),
  };
}

async function view(
  { method, map, layer, completeness, check, kept, removed }: RecordingMap,
  explanation: RecordingExplanation,
  scene: SoundScene,
): Promise<ExplanationMap> {
  const { key, title, meaning } = METHOD_WORDS[method];
  const { offset, frontEnd: front } = explanation;
  const answer = (outputs: Float32Array) => answerText(explanation, outputs, explanation.class);
  return {
    key,
    title: layer === undefined ? title : `${title} of ${layer}`,
    meaning,
    values: scene.draw(map),
    facts: [
      ...(completeness
        ? [
            { name: "completeness", value: completenessText(completeness) },
            {
              name: "counted from",
              value: front.kind === "waveform" ? "silence" : "the least feature of the recording",
            },
          ]
        : []),
      ...(check?.masks ? maskFacts(check.masks) : []),
    ],
    ...(check?.masks && { verdict: maskVerdict(check.masks) }),
    ...(check && {
      kept: { ...(await soundOf(kept, offset)), answer: answer(check.kept) },
      removed: { ...(await soundOf(removed, offset)), answer: answer(check.removed) },
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

function shownFilters({ filters, frontEnd: config }: RecordingExplanation): FirstLayerFilters | undefined {
  if (!filters) return undefined;
  const { sampleRate, hopLength } = frontEnd(config);
  const { layer, kernel } = filters;
  return { layer, shape: kernel.shape, data: kernel.data, sampleRate: sampleRate / hopLength };
}
