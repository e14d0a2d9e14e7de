/** @file The runs in a folder, their best figures, and the options in which they differ. Browser-safe. */

import { join, relative, resolve } from "#here/io/path";
import { store } from "#here/io/store/store";
import { AuricleError } from "../errors.ts";
import { fileError } from "../io/atomic-file.ts";
import { compareNames } from "../io/natural-order.ts";
import { comparedFigures } from "./compared-figures.ts";
import { readRun } from "./kinds.ts";
import { readMetrics, type EpochMetrics } from "./metrics-log.ts";
import { OPTION_NAMES, valuesOfRun, type TrainingValues } from "./options/training-values.ts";
import { hasRun, RUNS_FOLDER } from "./run-folder.ts";
import { readResult } from "./run-result.ts";

/** One run, for a comparison. */
export interface ListedRun {
  /** Below the folder that was searched. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly data: string;
  readonly model: string;
  readonly isFinished: boolean;
  /** Epochs that are trained. */
  readonly epochs: number;
  /** The main figures by name, such as "test accuracy"; of a run that is not finished those of its best epoch. */
  readonly figures: ReadonlyMap<string, number>;
  /** The figures of each epoch that is trained. */
  readonly history: readonly EpochMetrics[];
  /** The options in which the runs differ, with this run's values. */
  readonly differing: TrainingValues;
}

export interface ListedRuns {
  /** Absolute. */
  readonly folder: string;
  /** The best first, by the first figure; runs without one last. */
  readonly runs: readonly ListedRun[];
  /** Runs that could not be read, and why. */
  readonly problems: readonly { readonly path: string; readonly problem: string }[];
}

/** Folders within folders that are searched: runs of several seeds are one deeper. */
const DEPTH = 2;

/**
 * Reads all runs in a folder and those below it.
 * @param folder default: `runs` in the current folder
 * @throws AuricleError "file" where there is no such folder.
 */
export async function listRuns(folder = RUNS_FOLDER): Promise<ListedRuns> {
  const root = resolve(folder);
  const read: ReadRun[] = [];
  const problems: { path: string; problem: string }[] = [];
  for (const path of await foldersOfRuns(root, DEPTH)) {
    try {
      read.push(await readOne(root, path));
    } catch (error) {
      if (!(error instanceof AuricleError)) throw error;
      problems.push({ path, problem: error.message });
    }
  }
  const differing = differingOptions(read.map(({ values }) => values));
  const runs = read.map(({ values, ...run }) => ({
    ...run,
    differing: Object.fromEntries(differing.map((name) => [name, values[name]])) as TrainingValues,
  }));
  return { folder: root, runs: runs.sort(byFirstFigure), problems };
}

type ReadRun = Omit<ListedRun, "differing"> & { readonly values: TrainingValues };

async function foldersOfRuns(folder: string, depth: number): Promise<string[]> {
  if (await hasRun(folder)) return [folder];
  if (depth === 0) return [];
  const entries = await store.list(folder).catch((cause: unknown) => {
    throw fileError("read the folder", folder, cause);
  });
  const names = entries.filter(({ kind }) => kind === "folder").map(({ name }) => name);
  const found = await Promise.all(
    names.sort(compareNames).map((name) => foldersOfRuns(join(folder, name), depth - 1)),
  );
  return found.flat();
}

async function readOne(root: string, path: string): Promise<ReadRun> {
  const metrics = await readMetrics(path);
  const common = { name: relative(root, path) || ".", path, epochs: metrics.length, history: metrics };
  const best = bestOf(metrics.flatMap(({ validationAccuracy }) => validationAccuracy ?? []));
  const { config } = await readRun(path);
  const result = await readResult(path);
  const figures = result ? comparedFigures(result.evaluations) : best;
  const { data, model } = config;
  return { ...common, data, model, isFinished: result !== undefined, figures, values: valuesOfRun(config) };
}

function bestOf(accuracies: readonly number[]): Map<string, number> {
  return accuracies.length === 0
    ? new Map()
    : new Map([["best validation accuracy", Math.max(...accuracies)]]);
}

/** The options that do not have the same value in all runs. */
function differingOptions(all: readonly TrainingValues[]) {
  return OPTION_NAMES.filter((name) => new Set(all.map((values) => JSON.stringify(values[name]))).size > 1);
}

/** Errors are better the smaller they are. */
function byFirstFigure(one: ListedRun, other: ListedRun): number {
  const [a, b] = [one, other].map(({ figures }) => {
    const [first] = figures;
    if (!first) return -Infinity;
    return first[0].includes(" error of ") ? -first[1] : first[1];
  });
  return b === a ? compareNames(one.name, other.name) : b - a;
}
