/** @file A report's facts about a run on images alone, its first filters, and the pictures that it shows. Browser-safe. */

import type { PixelStore } from "../../data/images/pixels/pixel-store.ts";
import type { Example } from "../../data/collection/collection.ts";
import type { Model } from "../../nn/index.ts";
import { examplesToPreview, type Evaluation, type FirstLayerFilters } from "../../report/index.ts";
import type { ReportFacts } from "../run-kind.ts";
import type { ImageRun } from "./image-job.ts";

export function imageFacts({ job: { config } }: ImageRun, model: Model): ReportFacts {
  const { width, height, channels, fit } = config.pixels;
  const filters = firstFilters(model);
  return {
    facts: [
      { name: "images", value: `${width} × ${height} pixels, ${channels === 1 ? "grey" : "colour"}, ${fit}` },
      { name: "input", value: `[${[height, width, channels].join(", ")}]` },
    ],
    summary: model.summary(),
    ...(filters && { filters }),
    timings: [],
  };
}

/** The kernel of the first convolution: `[height, width, inputs, filters]`. */
function firstFilters(model: Model): FirstLayerFilters | undefined {
  for (const { layer, name, path, shape } of model.network.weights) {
    if (name !== "kernel" || shape.length !== 4) continue;
    const array = model.getWeights().get(path);
    if (array) return { layer, sees: "pictures", shape, data: array.data, sampleRate: 0 };
  }
  return undefined;
}

/** Evaluations with the pictures that a report has room for, as the model sees them. */
export function withPictures(
  evaluations: readonly Evaluation[],
  store: PixelStore,
  examples: readonly Example[],
): Evaluation[] {
  const byId = new Map(examples.map((example) => [example.id, example]));
  const shown = new Set(
    examplesToPreview(evaluations).map(({ evaluation, index }) => `${evaluation} ${index}`),
  );
  const { width, height, channels } = store.format;
  return evaluations.map((evaluation) => ({
    ...evaluation,
    results: evaluation.results.map((result, index) => {
      const example = byId.get(result.id);
      if (!example || !shown.has(`${evaluation.name} ${index}`)) return result;
      return { ...result, preview: { picture: { width, height, channels, pixels: store.read(example) } } };
    }),
  }));
}
