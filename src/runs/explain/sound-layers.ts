/** @file The layers of a network on the window of a recording in which its answer is clearest. Browser-safe. */

import { axisStepsOf, firstStepMiddle, frequenciesOf, windowSamples } from "../../audio/front-end/index.ts";
import type { HeardRecording } from "../../audio-model/heard-recording.ts";
import { layerFeatures, receptiveField, type FieldSpan, type LayerFeatures } from "../../explain/index.ts";
import type { Model } from "../../nn/index.ts";
import { formatNumber, type FieldBox, type LayerView } from "../../report/index.ts";
import { layerViews } from "./layer-views.ts";
import type { SoundScene } from "./sound-scene.ts";

export async function soundLayers(
  model: Model,
  heard: HeardRecording,
  index: number,
  scene: SoundScene,
  offset: number,
  layer: string | undefined,
): Promise<readonly LayerView[]> {
  const { cut, windows } = heard;
  const clearest = windows.reduce((best, one, i) => (one[index] > windows[best][index] ? i : best), 0);
  const start = cut.starts[clearest];
  const x = cut.windows([start]);
  const all = await layerFeatures(model, x, layer === undefined ? {} : { layers: [layer] });
  return layerViews(all, {
    upwards: x.shape.length > 3,
    size: (name) => sizeText(model, heard, name),
    box: (found) => boxOf(heard, start, found, scene, offset),
  });
}

/** "0.42 s × 23 mel bands". */
function sizeText(model: Model, { front }: HeardRecording, layer: string): string | undefined {
  const field = receptiveField(model, layer, { units: axisStepsOf(front) });
  if (!field || field.length === 0) return undefined;
  return field
    .map(({ size, unit }) => (unit === "ms" ? seconds(size / 1000) : `${formatNumber(size)} ${unit}`))
    .join(" × ");
}

function seconds(value: number): string {
  return value < 0.1 ? `${formatNumber(Number((1000 * value).toPrecision(3)))} ms` : `${value.toFixed(2)} s`;
}

/** Where the most active unit of a layer looks, in the recording. */
function boxOf(
  { front, cut }: HeardRecording,
  start: number,
  { field, strongest }: LayerFeatures,
  scene: SoundScene,
  offset: number,
): FieldBox | undefined {
  const [time, frequency] = field ?? [];
  if (!time) return undefined;
  const { sampleRate, hopLength } = front;
  const length = cut.samples.length / sampleRate;
  const middle = (step: number) => (firstStepMiddle(front) + (start + step) * hopLength) / sampleRate;
  const half = windowSamples(front) / 2 / sampleRate;
  const from = Math.max(0, middle(time.start) - half);
  const to = Math.min(length, middle(time.end - 1) + half);
  const band = frequency && bandOf(frequenciesOf(front), frequency);
  const where = `${(offset + from).toFixed(2)} … ${(offset + to).toFixed(2)} s`;
  const hertz = band ? `, ${Math.round(band[0])} … ${Math.round(band[1])} Hz` : "";
  return {
    left: scene.place(from),
    right: scene.place(to),
    bottom: band ? scene.height(band[0]) : 0,
    top: band ? scene.height(band[1]) : 1,
    text: `${where}${hertz} (channel ${strongest.channel})`,
  };
}

/** The frequencies of the first and the last bin of a span; undefined where bins have none. */
function bandOf(
  frequencies: Float64Array | undefined,
  { start, end }: FieldSpan,
): readonly [number, number] | undefined {
  if (!frequencies) return undefined;
  const last = frequencies.length - 1;
  const at = (bin: number) => frequencies[Math.min(last, Math.max(0, Math.round(bin)))];
  return [at(start), at(end - 1)];
}
