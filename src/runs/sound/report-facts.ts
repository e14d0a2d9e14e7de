/** @file A report's facts about a run on sound alone: its front end, its first filters, and the time of its preparation. Browser-safe. */

import { axisStepsOf } from "../../audio/front-end/index.ts";
import { highestFrequency } from "../../audio-model/outside-range.ts";
import type { Model } from "../../nn/index.ts";
import type { Fact, FirstLayerFilters } from "../../report/index.ts";
import type { ReportFacts } from "../run-kind.ts";
import type { SoundRun } from "./sound-job.ts";

/** Characters to a line of the report's widest page; narrower ones scroll. */
const REPORT_WIDTH = 112;

export function soundFacts(run: SoundRun, model: Model): ReportFacts {
  const { store } = run.job;
  const filters = firstFilters(run, model);
  const { timings } = store;
  const sums = "summed over the workers";
  return {
    facts: modelFacts(run),
    summary: model.summary({ width: REPORT_WIDTH, units: axisStepsOf(store.frontEnd) }),
    ...(filters && { filters }),
    timings: [
      { name: "decode", seconds: timings.decode, note: sums },
      { name: "features", seconds: timings.features, note: sums },
      { name: "feature cache", seconds: timings.cache + timings.hash, note: sums },
    ],
  };
}

function modelFacts({ job: { config, store } }: SoundRun): Fact[] {
  const { frontEnd } = store;
  const seconds = (config.windowFrames * frontEnd.hopLength) / frontEnd.sampleRate;
  return [
    { name: "front end", value: `${frontEnd.config.kind}, ${frontEnd.sampleRate} Hz` },
    { name: "highest frequency", value: `${highestFrequency(frontEnd.config)} Hz` },
    { name: "window", value: `${seconds.toFixed(2)} s, ${config.windowFrames} steps` },
    { name: "input", value: `[${[config.windowFrames, ...store.stepShape].join(", ")}]` },
  ];
}

/** The kernel of the first convolution: `[time, frequency, inputs, filters]` or `[time, inputs, filters]`. */
function firstFilters({ job: { store } }: SoundRun, model: Model): FirstLayerFilters | undefined {
  const rank = store.frontEnd.axisNames.length + 1;
  for (const { layer, name, path, shape } of model.network.weights) {
    if (name !== "kernel" || shape.length !== rank) continue;
    const array = model.getWeights().get(path);
    if (!array) continue;
    const sampleRate = store.frontEnd.sampleRate / store.frontEnd.hopLength;
    return { layer, shape, data: array.data, sampleRate };
  }
  return undefined;
}
