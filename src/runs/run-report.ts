/** @file Fills a report in with what a run was and came to. Browser-safe. */

import { basename, relative } from "#here/io/path";
import { environment } from "#here/runs/environment";
import type { SplitRole } from "../data/audio/index.ts";
import { leakDescriber } from "../data/collection/split/leaks.ts";
import { findKnownDataset } from "../data/registry.ts";
import type { Model } from "../nn/index.ts";
import type { DataSummary, Evaluation, Fact, ReportData } from "../report/index.ts";
import { sizeOf } from "../tensor/shape.ts";
import { AURICLE_VERSION } from "../version.ts";
import type { RunDiagnosis } from "./diagnosis.ts";
import type { EpochMetrics } from "./metrics-log.ts";
import { modelTitle } from "./networks/network-path.ts";
import { describeHead } from "./transfer/head-choice.ts";
import { describeTransfer, type TransferResult } from "./transfer/transfer-result.ts";
import { commandOf } from "./options/repeat-command.ts";
import type { Run } from "./run-kind.ts";
import { notesOf } from "./run-notes.ts";
import { splitFacts } from "./run-result.ts";
import type { TrainingSeconds } from "./train-run.ts";

export interface ReportSource {
  readonly run: Run;
  /** With the weights that were tested. */
  readonly model: Model;
  readonly metrics: readonly EpochMetrics[];
  readonly bestEpoch: number | null;
  readonly evaluations: readonly Evaluation[];
  readonly diagnosis: RunDiagnosis;
  readonly transfer: TransferResult | undefined;
  readonly seconds: TrainingSeconds;
}

export async function reportOf(source: ReportSource): Promise<ReportData> {
  const { run, model, metrics, bestEpoch, evaluations } = source;
  const { kind, config, path, engine, store, parts } = run.job;
  const { target, threads } = engine;
  // Loaded here, since a page that only predicts has no use for it.
  const { reportMap } = await import("./explain/report-map.ts");
  const map = evaluations.length > 0 ? await reportMap(model, run.job, evaluations[0]) : undefined;
  const { facts, filters, summary, timings } = kind.report(run, model);
  return {
    title: basename(path),
    createdAt: new Date().toISOString(),
    task: config.task,
    data: dataSummary(run),
    model: {
      name: modelTitle(config.model),
      parameters: model.network.weights
        .filter(({ trainable }) => trainable)
        .reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      summary,
      facts: [...facts, ...transferFacts(source)],
    },
    history: metrics,
    warnings: run.warnings.all,
    bestEpoch,
    diagnosis: source.diagnosis,
    evaluations: await kind.withPreviews(evaluations, store, [...parts.test, ...parts.validation]),
    ...(filters && { filters }),
    ...(map && { map }),
    configuration: configurationFacts(run),
    environment: [
      { name: "Auricle", value: AURICLE_VERSION },
      environment.runtime,
      { name: "platform", value: environment.platform },
      { name: "machine code", value: `${target}, ${threads} ${threads === 1 ? "thread" : "threads"}` },
    ],
    timings: [...timings, ...trainingTimes(source)],
    command: commandOf(config),
  };
}

function dataSummary(run: Run): DataSummary {
  const { job, collection, report } = run;
  const { kind, store, parts, config } = job;
  const known = findKnownDataset(config.data);
  const names: readonly SplitRole[] = ["train", "validation", "test"];
  return {
    name: collection.name,
    synthetic: known?.kind === "audio" && known.render !== undefined,
    unit: collection.words.example,
    classNames: config.classNames,
    facts: [
      { name: "place", value: collection.folder },
      ...(known ? [{ name: "licence", value: known.licence }] : []),
      ...(known ? [{ name: "source", value: known.homepage }] : []),
      ...notesOf(run).map((note) => ({ name: "note", value: note })),
    ],
    parts: names.map((name) => ({
      name,
      classCounts: report.parts[name].byClass,
      examples: parts[name].length,
      seconds: parts[name].reduce((sum, example) => sum + kind.seconds(store, example), 0),
    })),
    split: {
      method: report.method,
      leaks: report.leaks.map(leakDescriber(collection.words)),
      forced: splitFacts(report, config).forced,
    },
    problems: collection.problems.map(({ path, problem }) => ({
      file: relative(collection.folder, path),
      problem,
    })),
  };
}

/** Fields of a configuration that are left out: the classes are shown with the data, and the kind of file is obvious. */
const SHOWN_ELSEWHERE = ["classNames", "version", "kind"];

function configurationFacts({ job: { config } }: Run): Fact[] {
  return Object.entries(config)
    .filter(([name]) => !SHOWN_ELSEWHERE.includes(name))
    .map(([name, value]) => ({
      name,
      value: typeof value === "string" ? value : JSON.stringify(value),
    }));
}

/** Facts about the network that a run began with. */
function transferFacts({ transfer }: ReportSource): Fact[] {
  if (!transfer) return [];
  const taken = describeTransfer(transfer);
  return [
    { name: "first network", value: `${transfer.from}, ${transfer.how}` },
    ...(transfer.head ? [{ name: "head", value: describeHead(transfer.head) }] : []),
    ...(taken === undefined ? [] : [{ name: "compared", value: taken }]),
  ];
}

function trainingTimes({ seconds, metrics }: ReportSource) {
  return [
    { name: "read training data", seconds: seconds.read },
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
