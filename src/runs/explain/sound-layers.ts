/** @file The layers of a network on the window of a recording in which its answer is clearest. Browser-safe. */

import { axisStepsOf, frontEnd, type FrontEnd } from "../../audio/front-end/index.ts";
import type { LayerFeatures } from "../../explain/index.ts";
import { formatNumber, type FieldBox, type LayerView } from "../../report/index.ts";
import type { RecordingExplanation } from "./explanation.ts";
import { placeInRecording } from "./field-place.ts";
import { layerViews } from "./layer-views.ts";
import type { SoundScene } from "./sound-scene.ts";

export function soundLayers(explanation: RecordingExplanation, scene: SoundScene): readonly LayerView[] {
  const { features, frontEnd: config } = explanation;
  if (!features) return [];
  const front = frontEnd(config);
  return layerViews(features.layers, {
    upwards: config.kind !== "waveform",
    size: (found) => sizeText(front, found),
    box: (found) => boxOf(front, explanation, features.start, found, scene),
  });
}

/** "0.42 s × 23 mel bands". */
function sizeText(front: FrontEnd, { size }: LayerFeatures): string | undefined {
  if (!size || size.length === 0) return undefined;
  const units = axisStepsOf(front);
  return size
    .map((one, axis) => {
      const { unit, step, width = step } = units[axis];
      const length = (one - 1) * step + width;
      return unit === "ms" ? seconds(length / 1000) : `${formatNumber(length)} ${unit}`;
    })
    .join(" × ");
}

function seconds(value: number): string {
  return value < 0.1 ? `${formatNumber(Number((1000 * value).toPrecision(3)))} ms` : `${value.toFixed(2)} s`;
}

/** Where the most active unit of a layer looks, in the recording. */
function boxOf(
  front: FrontEnd,
  { audio, offset }: RecordingExplanation,
  start: number,
  { field, strongest }: LayerFeatures,
  scene: SoundScene,
): FieldBox | undefined {
  const [time, frequency] = field ?? [];
  if (!time) return undefined;
  const steps = { start: start + time.start, end: start + time.end };
  const spans = frequency ? [steps, frequency] : [steps];
  const { from, to, band } = placeInRecording(front, spans, audio.samples.length / audio.sampleRate);
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
