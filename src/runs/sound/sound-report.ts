/** @file Fills a report in with what a run on sound was and came to. Node only. */

import { basename, relative } from "node:path";
import { arch, platform, version as nodeVersion } from "node:process";
import { axisStepsOf } from "../../audio/front-end/index.ts";
import { highestFrequency } from "../../audio-model/outside-range.ts";
import type { SplitRole } from "../../data/audio/index.ts";
import { describeLeak } from "../../data/audio/index.ts";
import { findKnownDataset } from "../../data/registry.ts";
import type { Model } from "../../nn/index.ts";
import type { DataSummary, Evaluation, Fact, FirstLayerFilters, ReportData } from "../../report/index.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { RunDiagnosis } from "../diagnosis.ts";
import type { EpochMetrics } from "../metrics-log.ts";
import { commandOf } from "../options/repeat-command.ts";
import { auricleVersion } from "../versions.ts";
import { withPreviews } from "./clip-previews.ts";
import type { SoundRun } from "./sound-run.ts";
import { notesOf } from "./run-notes.ts";
import { splitFacts } from "./sound-result.ts";
import type { TrainingSeconds } from "./train-sound.ts";

export interface ReportSource {
  readonly run: SoundRun;
  /** With the weights that were tested. */
  readonly model: Model;
  readonly metrics: readonly EpochMetrics[];
  readonly bestEpoch: number | null;
  readonly evaluations: readonly Evaluation[];
  readonly diagnosis: RunDiagnosis;
  readonly seconds: TrainingSeconds;
}

export async function reportOf(source: ReportSource): Promise<ReportData> {
  const { run, model, metrics, bestEpoch, evaluations } = source;
  const { config, path, store, parts } = run.job;
  const filters = firstFilters(run, model);
  return {
    title: basename(path),
    createdAt: new Date().toISOString(),
    task: config.task,
    data: dataSummary(run),
    model: {
      name: config.model,
      parameters: model.network.weights
        .filter(({ trainable }) => trainable)
        .reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      summary: model.summary({ units: axisStepsOf(store.frontEnd) }),
      facts: modelFacts(run),
    },
    history: metrics,
    warnings: run.warnings.all,
    bestEpoch,
    diagnosis: source.diagnosis,
    evaluations: await withPreviews(evaluations, store, [...parts.test, ...parts.validation]),
    ...(filters && { filters }),
    configuration: configurationFacts(run),
    environment: [
      { name: "Auricle", value: auricleVersion() },
      { name: "Node.js", value: nodeVersion },
      { name: "platform", value: `${platform} ${arch}` },
      { name: "machine code", value: `${run.job.engine.target}, ${run.job.engine.threads} threads` },
    ],
    timings: timingsOf(source),
    command: commandOf(config),
  };
}

function dataSummary({ job, collection, report }: SoundRun): DataSummary {
  const { store, parts, config } = job;
  const known = findKnownDataset(config.data);
  const names: readonly SplitRole[] = ["train", "validation", "test"];
  return {
    name: collection.name,
    synthetic: known?.kind === "audio" && known.render !== undefined,
    unit: "clip",
    classNames: config.classNames,
    facts: [
      { name: "place", value: collection.folder },
      ...(known ? [{ name: "licence", value: known.licence }] : []),
      ...(known ? [{ name: "source", value: known.homepage }] : []),
      ...notesOf({ collection, report, config }).map((note) => ({ name: "note", value: note })),
    ],
    parts: names.map((name) => ({
      name,
      classCounts: report.parts[name].byClass,
      examples: parts[name].length,
      seconds: parts[name].reduce((sum, clip) => sum + store.duration(clip), 0),
    })),
    split: {
      method: report.method,
      leaks: report.leaks.map(describeLeak),
      forced: splitFacts(report, config).forced,
    },
    problems: collection.problems.map(({ path, problem }) => ({
      file: relative(collection.folder, path),
      problem,
    })),
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

/** Fields of a configuration that are left out: the classes are shown with the data, and the kind of file is obvious. */
const SHOWN_ELSEWHERE = ["classNames", "version", "kind"];

function configurationFacts({ job: { config } }: SoundRun): Fact[] {
  return Object.entries(config)
    .filter(([name]) => !SHOWN_ELSEWHERE.includes(name))
    .map(([name, value]) => ({
      name,
      value: typeof value === "string" ? value : JSON.stringify(value),
    }));
}

function timingsOf({ run, seconds, metrics }: ReportSource) {
  const { timings } = run.job.store;
  const sums = "summed over the workers";
  return [
    { name: "decode", seconds: timings.decode, note: sums },
    { name: "features", seconds: timings.features, note: sums },
    { name: "feature cache", seconds: timings.cache + timings.hash, note: sums },
    { name: "read windows", seconds: seconds.read },
    { name: "augment", seconds: seconds.augment },
    { name: "validate", seconds: seconds.validate },
    {
      name: "train",
      seconds: Math.max(0, seconds.total - seconds.read - seconds.augment - seconds.validate),
    },
    {
      name: "all epochs",
      seconds: metrics.reduce((sum, epoch) => sum + (epoch.seconds ?? 0), 0),
      note: "wall-clock time",
    },
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
