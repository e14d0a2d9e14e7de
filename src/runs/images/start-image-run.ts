/** @file Beginning a run and going on with one: the folder, its configuration and its data. Node only. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AuricleError } from "../../errors.ts";
import type { EngineOptions } from "../../nn/index.ts";
import { chooseAlgorithms } from "../../runtime/algorithm-policy.ts";
import { chooseTarget } from "../../runtime/target.ts";
import { usableThreads } from "../../runtime/pool.ts";
import { openDataSource, splitForTraining, type DataSource, type FileDigest } from "./data-source.ts";
import { loadCheckpoint } from "../model-files.ts";
import { buildModel, loadTraining } from "./run-model.ts";
import { readRunConfig, writeRunConfig, type RunConfig } from "./run-config.ts";
import { createRunFolder, endMaking, requireRoom, RUN_FILES, reopenRunFolder } from "../run-folder.ts";
import { readResult } from "./image-result.ts";
import { RunWarnings } from "../run-warnings.ts";
import { trainInFolder, type RunControls, type RunOutcome } from "./train-in-folder.ts";
import { classNamesOf } from "./test-result.ts";
import { writeVersions } from "../versions.ts";

/** A request for a new run; the names are those of {@link RunConfig}. */
export interface RunRequest {
  /** A data set's name, or the path of a folder with IDX files. */
  readonly data: string;
  readonly model: RunConfig["model"];
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: RunConfig["optimizer"];
  readonly learningRate: number;
  readonly seed: number;
  readonly validation: number;
  /** Default: training does not stop early. */
  readonly patience?: number;
  /** Default: all. */
  readonly trainSize?: number;
  /** Default: the fastest here. */
  readonly target?: RunConfig["target"];
  /** Default: "fixed". */
  readonly algorithms?: RunConfig["algorithms"];
}

/**
 * Begins a run in a folder of its own and trains. The folder is made only when data and model are found to fit.
 * @param place where the folder goes; default `runs/<date>-<time>-<model>-<data>` in the current folder.
 * @throws AuricleError; a run whose training has begun can then be resumed.
 */
export async function startImageRun(
  request: RunRequest,
  place: { readonly out?: string },
  controls: RunControls,
): Promise<RunOutcome> {
  if (request.patience !== undefined && request.validation === 0) {
    throw new AuricleError(
      "argument",
      "train: patience needs a validation loss; got patience with validation 0: hold a part out, such as 0.1",
    );
  }
  if (place.out !== undefined) await requireRoom(place.out);
  const source = await openDataSource(request.data, controls);
  const all = { train: await source.load("train"), test: await source.load("test") };
  const config: RunConfig = {
    version: 1,
    data: source.data,
    files: await allDigests(source),
    model: request.model,
    classNames: [...classNamesOf(all.train)],
    epochs: request.epochs,
    batchSize: request.batchSize,
    optimizer: request.optimizer,
    learningRate: request.learningRate,
    seed: request.seed,
    validation: request.validation,
    patience: request.patience ?? null,
    trainSize: request.trainSize ?? null,
    target: chooseTarget(request.target),
    algorithms: chooseAlgorithms(request.algorithms),
  };
  const data = {
    ...(await splitForTraining(all.train, config)),
    test: all.test,
    shortName: source.shortName,
  };
  const engine = engineOf(config, controls);
  const model = buildModel(config, data.train.inputShape, engine);
  const about = { model: config.model, data: source.shortName };
  const { path, lock } = await createRunFolder(place.out, about);
  try {
    await writeVersions(path, engine);
    // Last, since it makes the folder a run.
    await writeRunConfig(path, config);
    await endMaking(path);
    const warnings = await RunWarnings.open(path, controls.observer);
    return await trainInFolder({ path, config, data, engine }, model, warnings, controls);
  } finally {
    await lock.release();
  }
}

export interface ResumeRequest {
  /** Where given, it must be the run's own. */
  readonly data?: string;
  /** More epochs than the run was begun with. */
  readonly epochs?: number;
  /** Where given, each must be the run's own. */
  readonly wanted?: Partial<Omit<RunRequest, "data" | "epochs">>;
}

/**
 * Goes on with a run after its last whole epoch; the result is, bit for bit, that of a run never interrupted. A run that is
 * finished gives its result, unless it gets more epochs.
 * @throws AuricleError "file" when there is no such run or it is in use, "argument" for what differs from it, "data" when
 * the data are not what they were.
 */
export async function resumeImageRun(
  path: string,
  request: ResumeRequest,
  controls: RunControls,
): Promise<RunOutcome> {
  const folder = await reopenRunFolder(path);
  try {
    const before = await readRunConfig(folder.path);
    const wantedData = request.data && (await openDataSource(request.data, controls)).data;
    checkSame(folder.path, before, { ...request, data: wantedData });
    const config = { ...before, epochs: request.epochs ?? before.epochs };
    const warnings = await RunWarnings.open(folder.path, controls.observer);
    const result = await warnings.orTestAgain(readResult(folder.path));
    if (result && (config.epochs === before.epochs || result.stoppedEarly)) {
      return { status: "finished", kind: "images", path: folder.path, result, hasTrained: false };
    }
    const source = await openDataSource(config.data, controls);
    await checkFiles(source, config);
    const parts = await splitForTraining(await source.load("train"), config);
    const data = { ...parts, test: await source.load("test"), shortName: source.shortName };
    const engine = engineOf(config, controls);
    if (config.epochs !== before.epochs) {
      await rm(join(folder.path, RUN_FILES.result), { force: true });
      await writeRunConfig(folder.path, config);
    }
    await writeVersions(folder.path, engine);
    const job = { path: folder.path, config, data, engine };
    const model =
      (await loadCheckpoint(
        folder.path,
        (file) => loadTraining(file, config, engine),
        (text) => warnings.add(text),
      )) ?? buildModel(config, data.train.inputShape, engine);
    return await trainInFolder(job, model, warnings, controls);
  } finally {
    await folder.lock.release();
  }
}

function checkSame(path: string, config: RunConfig, { data, epochs, wanted = {} }: ResumeRequest): void {
  const differences = Object.entries({ ...wanted, ...(data !== undefined && { data }) }).filter(
    ([name, value]) => value !== undefined && config[name as keyof RunConfig] !== value,
  );
  if (differences.length > 0) {
    const [name, value] = differences[0];
    throw new AuricleError(
      "argument",
      `${path}: a resumed run keeps ${name} ${String(config[name as keyof RunConfig])}; got ` +
        `${String(value)}: omit the option or start a new run`,
    );
  }
  if (epochs !== undefined && epochs < config.epochs) {
    throw new AuricleError(
      "argument",
      `${path}: a run can only be extended beyond its ${config.epochs} epochs; got ${epochs}`,
    );
  }
}

async function checkFiles(source: DataSource, config: RunConfig): Promise<void> {
  const files = await allDigests(source);
  for (const { name, sha256 } of config.files) {
    const now = files.find((file) => file.name === name)?.sha256;
    if (now !== sha256) {
      const change = now === undefined ? "is gone" : "has changed since the run began";
      throw new AuricleError("data", `${source.data}: ${name} ${change}; restore it or start a new run`);
    }
  }
}

async function allDigests(source: DataSource): Promise<FileDigest[]> {
  return [...(await source.digests("train")), ...(await source.digests("test"))];
}

function engineOf(config: RunConfig, controls: RunControls): Required<Omit<EngineOptions, "precision">> {
  const threads = controls.threads ?? usableThreads();
  return { target: chooseTarget(config.target), threads, algorithms: config.algorithms };
}
