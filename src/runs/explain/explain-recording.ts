/** @file Explains a model's answer to a recording. Browser-safe. */

import { classOf, explainHeard, type AudioExplanation } from "../../audio-model/explain-audio.ts";
import { hearRecording, type HeardRecording } from "../../audio-model/heard-recording.ts";
import { AudioModel } from "../../audio-model/index.ts";
import { EXPLANATION_METHODS, firstFilters, layerFeatures, type FirstFilters } from "../../explain/index.ts";
import type { Model } from "../../nn/index.ts";
import type { TrainedModel } from "../trained-model.ts";
import { choosePart } from "./choose-part.ts";
import type { FoundInput } from "./explained-input.ts";
import type { ExplainOptions, RecordingExplanation, RecordingMap, WindowFeatures } from "./explanation.ts";
import { SHOWN_PART } from "./methods.ts";
import { mapUnlessOptional } from "./optional-map.ts";

/**
 * Explains the answer to a recording, or to a part of a long one.
 * @throws AuricleError "file" for a file that cannot be read; "argument" for a class, method, layer or start that there is not
 */
export async function explainRecording(
  { model, path: place }: TrainedModel,
  input: FoundInput,
  options: ExplainOptions,
  signal?: AbortSignal,
): Promise<RecordingExplanation> {
  const { class: wanted, start, example, layer, check = false, features } = options;
  const listener = new AudioModel(model, place);
  const { audio, offset, part, notes } = await choosePart(listener, input, {
    class: wanted,
    start,
    example,
    signal,
  });
  const heard = await hearRecording(model, audio, "explain", place);
  const { description, outputs, cut } = heard;
  const index = classOf(description, outputs, wanted);
  const maps: RecordingMap[] = [];
  const told = [...notes];
  for (const method of options.methods ?? EXPLANATION_METHODS) {
    const named = method === "gradCam" && layer !== undefined ? { layer } : {};
    const found = await mapUnlessOptional(method, options, told, () =>
      explainHeard(model, heard, { method, class: index, check, keep: SHOWN_PART, signal, ...named }),
    );
    if (found) maps.push(mapIn(found));
  }
  const filters = shownFilters(model, heard);
  return {
    kind: "recording",
    path: input.name,
    ...(input.tested !== undefined && { tested: input.tested }),
    model: place,
    task: description.task,
    classNames: description.classNames,
    outputs,
    class: index,
    audio: { samples: cut.samples, sampleRate: heard.front.sampleRate },
    offset,
    ...(part !== undefined && { part }),
    frontEnd: description.frontEnd,
    maps,
    ...(features && { features: await featuresOf(model, heard, index, layer) }),
    ...(filters && { filters }),
    notes: told,
  };
}

/** A map without what all maps of a recording share. */
function mapIn({ method, map, kept, removed, layer, completeness, check }: AudioExplanation): RecordingMap {
  return {
    method,
    map,
    kept,
    removed,
    ...(layer !== undefined && { layer }),
    ...(completeness && { completeness }),
    ...(check && { check }),
  };
}

/** The outputs of layers for the window in which a class is clearest. */
async function featuresOf(
  model: Model,
  { cut, windows }: Pick<HeardRecording, "cut" | "windows">,
  index: number,
  layer: string | undefined,
): Promise<WindowFeatures> {
  const start = cut.starts[clearestWindow({ windows }, index)];
  const x = cut.windows([start]);
  return { start, layers: await layerFeatures(model, x, layer === undefined ? {} : { layers: [layer] }) };
}

/** The number of the window with the greatest output. */
export function clearestWindow({ windows }: Pick<HeardRecording, "windows">, index: number): number {
  return windows.reduce((best, one, i) => (one[index] > windows[best][index] ? i : best), 0);
}

/** The kernel of the first convolution, if it slides over time and frequency, or over a waveform. */
function shownFilters(model: Model, { x }: HeardRecording): FirstFilters | undefined {
  const found = firstFilters(model);
  // Of a convolution over time of many bands each kernel is as many curves.
  return found?.kernel.shape.length === x.shape.length ? found : undefined;
}
