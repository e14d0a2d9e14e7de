/** @file Beginning one training and going on with it: its data, its configuration and its folder. Browser-safe. */

import { join } from "#here/io/path";
import { store as files } from "#here/io/store/store";
import type { Collection, MediumWords } from "../data/audio/index.ts";
import type { FoundKnown } from "../data/audio/provenance/find-known.ts";
import { NO_PROVENANCE, type Provenance } from "../data/audio/provenance/provenance.ts";
import { obtainOptions } from "../data/obtain-options.ts";
import { AuricleError } from "../errors.ts";
import { loadModel } from "../nn/checkpoint/model-file.ts";
import type { Model } from "../nn/index.ts";
import { usableThreads } from "../runtime/pool.ts";
import { chooseTarget } from "../runtime/target.ts";
import { checkReading, checkRequest, checkTrained } from "./check-request.ts";
import { compileModel } from "./compile-model.ts";
import { divide } from "./divide-data.ts";
import { finishRun, trainEpochs } from "./finish-run.ts";
import { kindOfData, readRun, writeConfig, type StoredConfig } from "./kinds.ts";
import {
  checkSameBeginning,
  doubtsAbout,
  provenanceMetadata,
  provenanceOf,
  unsplitDoubt,
} from "./known-examples.ts";
import { warnOfFiles } from "./list-files.ts";
import { loadCheckpoint } from "./model-files.ts";
import { modelTitle } from "./networks/network-path.ts";
import type { EpochMetrics } from "./metrics-log.ts";
import type { Warn } from "./observer.ts";
import { checkSameRun } from "./options/check-same-run.ts";
import { loadProvenance, writeProvenance } from "./provenance-file.ts";
import { readingOf, splitOf, transferOf } from "./requested.ts";
import { createRunFolder, endMaking, requireRoom, reopenRunFolder, RUN_FILES } from "./run-folder.ts";
import type {
  ExampleStore,
  FirstNetwork,
  Job,
  ModelInput,
  PreparedData,
  ReadControls,
  Run,
  RunControls,
  RunKind,
  RunOutcome,
  RunRequest,
} from "./run-kind.ts";
import { readEpochs } from "./run-record.ts";
import { readResult } from "./run-result.ts";
import { RunWarnings } from "./run-warnings.ts";
import { compareRuns } from "./share-run.ts";
import { dataOf, shortDataName } from "./short-data-name.ts";
import { describeChanged, fileContentOf, readSplit, writeSplit, type RecordedSplit } from "./split-file.ts";
import { TargetScale } from "./target-scale.ts";
import type { TrainingConfig } from "./training-config.ts";
import { networkFrom, openFirstNetwork } from "./transfer/first-network.ts";
import { writeVersions } from "./versions.ts";

/** Data that are read, to begin one or several trainings on them. */
export interface ReadData {
  readonly kind: RunKind;
  readonly opened: Collection;
  readonly first: Awaited<ReturnType<typeof firstNetworkOf>>;
  readonly input: ModelInput;
  readonly store: ExampleStore;
}

/** A run that is about to begin: its data are read and divided, and everything is decided. */
export interface PlannedRun {
  readonly kind: RunKind;
  readonly config: TrainingConfig;
  readonly collection: Collection;
  readonly store: ExampleStore;
  readonly recorded: RecordedSplit;
  /** That of the weights that training begins with. */
  readonly earlier: Provenance;
  readonly found: FoundKnown;
}

/** Opens the data and the network that training begins with, and reads the examples in the form that the network takes. */
export async function readData(request: RunRequest, controls: ReadControls): Promise<ReadData> {
  const kind = await kindOfData(request.data);
  const warn: Warn = (text) => controls.observer.warning(text);
  // First: opening data can take long, and a name that leads nowhere is said at once.
  const first = await firstNetworkOf(request, kind, controls);
  const opened = await kind.open(request.data, { ...controls, ...readingOf(request) });
  checkReading(request, opened);
  const input = await kind.chooseInput(request, opened, first?.isUsed ? first : undefined, warn);
  const store = await kind.prepare(opened, input, controls);
  return { kind, opened, first, input, store };
}

/** Divides data, and fills in what was not asked for. */
export async function planOn(
  { kind, opened, first, input, store }: ReadData,
  request: RunRequest,
  controls: ReadControls,
): Promise<PlannedRun> {
  const collection = kind.readable(opened, store);
  const split = splitOf(request);
  const provenance = first?.provenance ?? NO_PROVENANCE;
  const searched = { data: request.data, store, provenance };
  const found = await kind.findKnown(collection, searched, split.duplicates, controls);
  const { report, ...parts } = divide(collection, split, found.links, first && found.known);
  checkRequest(request, collection, parts);
  checkTrained(split, collection, report);
  const facts = { input, store, split, examples: parts.train.length };
  const config = withFactor(withAllRanks(kind.newConfig(request, collection, facts), controls), controls);
  const earlier = first?.isUsed ? provenance : NO_PROVENANCE;
  return { kind, config, collection, store, recorded: { report, parts }, earlier, found };
}

/** Several processes take a batch of the size asked for each: the run's own batch is that of all. */
function withAllRanks<Values extends { readonly batchSize?: number }>(
  values: Values,
  { ranks }: Pick<ReadControls, "ranks">,
): Values {
  if (!ranks || values.batchSize === undefined) return values;
  return { ...values, batchSize: values.batchSize * ranks.size };
}

/** Fills in the factor of the learning rate that is left to the number of ranks. @throws AuricleError "argument" where there are none */
function withFactor(config: TrainingConfig, { ranks }: Pick<ReadControls, "ranks">): TrainingConfig {
  if (config.scaleLearningRate !== true) return config;
  if (ranks && ranks.size > 1) return { ...config, scaleLearningRate: ranks.size };
  throw new AuricleError(
    "argument",
    "train: --scale-learning-rate (scaleLearningRate: true) takes its factor from the number of ranks, and this process is alone; " +
      "start it by mpirun, or give a factor: --scale-learning-rate 4",
  );
}

/**
 * Opens the network that a request names. `isUsed` says whether training begins with it; otherwise it is there for the split.
 * @throws AuricleError "argument" where it is for data of another kind
 */
export async function firstNetworkOf(
  request: RunRequest,
  kind: RunKind,
  { threads, observer, ...controls }: ReadControls,
): Promise<(FirstNetwork & { readonly isUsed: boolean }) | undefined> {
  const transfer = transferOf(request);
  if (!transfer) return undefined;
  const warn: Warn = (text) => observer.warning(text);
  const options = { threads, ...obtainOptions(controls) };
  const first = await openFirstNetwork(transfer.from, kind.name, options, warn);
  return { ...first, isUsed: transfer.how !== "scratch" };
}

/** Returns the configuration that a run would have, without beginning it. @throws AuricleError as {@link startOneRun}. */
export async function planRun(request: RunRequest, controls: ReadControls): Promise<TrainingConfig> {
  refuseAuto(request, "Its options");
  return (await planOn(await readData(request, controls), request, controls)).config;
}

/** Reads data as a run would, so that they are in the cache, and divides nothing. @throws AuricleError as {@link startOneRun} */
export async function prepareData(request: RunRequest, controls: ReadControls): Promise<PreparedData> {
  const { kind, opened, store } = await readData(request, controls);
  // What the search for duplicates measures is kept too.
  const searched = { data: request.data, store, provenance: NO_PROVENANCE };
  await kind.findKnown(kind.readable(opened, store), searched, request.duplicates ?? true, controls);
  return {
    kind: kind.name,
    examples: opened.examples.length,
    unusable: opened.problems.length + store.problems.length,
  };
}

/** @throws AuricleError "argument" where several ways are to be compared, of which each has options of its own */
export function refuseAuto(request: RunRequest, what: string): void {
  if (transferOf(request)?.how !== "auto") return;
  throw new AuricleError(
    "argument",
    `train: --transfer auto trains in several ways. ${what} can be told of one: name it, such as --transfer fine-tuned`,
  );
}

/**
 * Begins a run in a folder of its own and trains. The folder is made only when data and model fit.
 * @throws AuricleError; a run whose training has begun can then be resumed.
 */
export async function startOneRun(
  request: RunRequest,
  place: { readonly out?: string },
  controls: RunControls,
): Promise<RunOutcome> {
  if (place.out !== undefined) await requireRoom(place.out);
  const plan = await planOn(await readData(request, controls), request, controls);
  const { kind, collection, store, earlier, found } = plan;
  const { job, provenance, model } = await modelOf(plan, controls);
  noteOfSync(job, model, controls);
  const trained = await compiled(job, model);
  const { path, lock } = await createRunFolder(place.out, aboutOf(plan));
  try {
    await writeBeginning(path, plan, { job, provenance });
    await noteKept(kind, store, controls);
    const warnings = await RunWarnings.open(path, controls.observer);
    await warnOfFiles(store, (text) => warnings.add(text));
    for (const doubt of doubtsAbout(earlier, found, collection.words)) await warnings.add(doubt);
    const { report } = plan.recorded;
    return await finishRun({ job: { ...job, path }, collection, report, warnings }, trained, controls);
  } finally {
    await lock.release();
  }
}

/** Says where synchronised normalisation changes nothing. */
function noteOfSync(
  { config, ranks }: Pick<Job, "config" | "ranks">,
  { network }: Pick<Model, "network">,
  { observer }: RunControls,
): void {
  if (!config.syncBatchNorm) return;
  const isAlone = !ranks || ranks.size === 1;
  const hasAny = network.layers.some(({ layer }) => layer.className === "BatchNormalization");
  if (isAlone)
    observer.note("--sync-batch-norm changes nothing here: one process normalises by the whole batch.");
  else if (!hasAny)
    observer.note("--sync-batch-norm changes nothing here: the network has no batch normalisation.");
}

/** Returns the names that a run's folder gets its own from, where nobody names it. */
export function aboutOf({ config }: Pick<PlannedRun, "config">) {
  return { model: modelTitle(config.model), data: shortDataName(config.data) };
}

/** Makes the model of a planned run; it says what its weights come from. @throws AuricleError where it does not fit the data */
export async function modelOf(
  { kind, config, collection, store, recorded, earlier, found }: PlannedRun,
  controls: RunControls,
): Promise<{ readonly job: Omit<Job, "path">; readonly provenance: Provenance; readonly model: Model }> {
  const job = await prepareJob(kind, config, store, recorded, controls);
  await compareRuns(controls.ranks, job);
  const provenance = provenanceOf(earlier, config.data, { collection, parts: recorded.parts, store }, found);
  const model = await newModel(job, provenance, (text) => controls.observer.warning(text));
  return { job, provenance, model };
}

/** Writes all that a run is before its first epoch. */
export async function writeBeginning(
  path: string,
  { config, collection, store, recorded }: PlannedRun,
  { job, provenance }: { readonly job: Pick<Job, "engine">; readonly provenance: Provenance },
): Promise<void> {
  await writeVersions(path, job.engine);
  await writeSplit(path, recorded, collection, fileContentOf(store));
  await writeProvenance(path, provenance);
  // Last, since it makes the folder a run.
  await writeConfig(path, config);
  await endMaking(path);
}

async function noteKept(kind: RunKind, store: ExampleStore, { cache, observer }: RunControls): Promise<void> {
  const kept = cache === false ? undefined : await kind.describeKept(store);
  if (kept !== undefined) observer.note(kept);
}

/** Adds to a configuration what does not change what is computed. @throws AuricleError "data" without training examples. */
export async function prepareJob(
  kind: RunKind,
  config: TrainingConfig,
  store: ExampleStore,
  { parts }: Pick<RecordedSplit, "parts">,
  { threads, ranks }: Pick<RunControls, "threads" | "ranks">,
): Promise<Omit<Job, "path">> {
  if (parts.train.length === 0)
    throw new AuricleError("data", `${config.data}: no training examples are left`);
  return {
    kind,
    config,
    store,
    parts,
    targetScale: config.task === "regression" ? TargetScale.of(parts.train) : undefined,
    engine: {
      target: chooseTarget(config.target),
      threads: threads ?? usableThreads(),
      algorithms: config.algorithms,
    },
    ...(ranks && { ranks }),
  };
}

/** With new weights, or with those of another run but for the last layer; it says what they come from. */
async function newModel(job: Omit<Job, "path">, provenance: Provenance, warn: Warn): Promise<Model> {
  const model = await firstModel(job, warn);
  model.metadata = { ...model.metadata, ...provenanceMetadata(provenance) };
  return model;
}

/** A model with new weights, or with those of another run but for the last layer. */
export async function firstModel(job: Omit<Job, "path">, warn: Warn): Promise<Model> {
  const { kind, config, engine } = job;
  if (!config.transfer || config.transfer.how === "scratch") return kind.build(job);
  const first = await openFirstNetwork(config.transfer.from, kind.name, { threads: engine.threads }, warn);
  return kind.describe(networkFrom(first, config), job);
}

/** That of a run whose first epoch was never finished. */
async function modelAgain(job: Job, words: MediumWords, warn: Warn): Promise<Model> {
  const { path, config } = job;
  const own = await loadProvenance({ path, config, metadata: () => Promise.resolve({}) });
  if (config.transfer && config.transfer.how !== "scratch") {
    const { provenance } = await openFirstNetwork(config.transfer.from, job.kind.name, {}, warn);
    checkSameBeginning(path, own, provenance, words);
  }
  return newModel(job, own, warn);
}

async function compiled(job: Omit<Job, "path">, model: Model) {
  const windows = await job.kind.training(job, model.network);
  const steps = job.config.epochs * Math.ceil(windows.length / job.config.batchSize);
  compileModel(model, job.config, steps);
  return { model, windows };
}

/**
 * The configuration with which a run goes on: its own, or one of more epochs where its learning rate does not depend on their
 * number.
 * @throws AuricleError "argument" for whatever else differs.
 */
function extended(path: string, config: TrainingConfig, wanted: Partial<RunRequest>): TrainingConfig {
  const { epochs = config.epochs, data } = wanted;
  const isExtended = epochs > config.epochs && config.schedule === "constant";
  const longer = isExtended ? { ...config, epochs } : config;
  checkSameRun(path, longer, { ...wanted, data: data && dataOf(data) });
  return longer;
}

/**
 * Goes on with a run after its last whole epoch; the result is, bit for bit, that of a run never interrupted. A run that is
 * finished gives its result, unless it gets more epochs.
 * @throws AuricleError "file" when there is no such run or it is in use, "data" when recordings are gone or changed, "argument" when
 * something is wanted that the run did not begin with.
 */
export async function resumeOneRun(
  path: string,
  wanted: Partial<RunRequest>,
  controls: RunControls,
): Promise<RunOutcome> {
  const folder = await reopenRunFolder(path);
  try {
    return await goOn(folder.path, wanted, controls);
  } finally {
    await folder.lock.release();
  }
}

/** As {@link resumeOneRun}, in a folder that this process has locked. */
export async function goOn(
  path: string,
  wanted: Partial<RunRequest>,
  controls: RunControls,
): Promise<RunOutcome> {
  const { kind, config: before } = await readRun(path);
  const config = extended(path, before, withAllRanks(wanted, controls));
  const warnings = await RunWarnings.open(path, controls.observer);
  const result = await warnings.orTestAgain(readResult(path));
  if (result && (config.epochs === before.epochs || result.stoppedEarly)) {
    const metrics = await readEpochs(path, result.epochs, (text) => warnings.add(text));
    return { status: "finished", kind: kind.name, path, result, metrics, hasTrained: false };
  }
  const { run, trained } = await openedAgain(path, { kind, config }, warnings, controls);
  return finishRun(run, trained, controls);
}

/**
 * Trains the epochs that a run lacks, in a folder that this process has locked. Nothing is tested.
 * @throws AuricleError as {@link resumeOneRun}
 */
export async function trainUntested(path: string, controls: RunControls): Promise<readonly EpochMetrics[]> {
  const warnings = await RunWarnings.open(path, controls.observer);
  const { run, trained } = await openedAgain(path, await readRun(path), warnings, controls);
  return (await trainEpochs(run, trained, controls)).metrics;
}

/** Reads the data and the last checkpoint of a run whose training has begun. @param config may have more epochs than the stored one */
async function openedAgain(
  path: string,
  { kind, config }: StoredConfig,
  warnings: RunWarnings,
  controls: RunControls,
): Promise<{ readonly run: Run; readonly trained: Awaited<ReturnType<typeof compiled>> }> {
  const warn: Warn = (text) => warnings.add(text);
  const opened = await kind.open(config.data, { ...controls, ...config.reading });
  const store = await kind.prepare(opened, config, controls);
  await noteKept(kind, store, controls);
  await warnOfFiles(store, warn);
  const collection = kind.readable(opened, store);
  const recorded = await readSplit(path, collection, fileContentOf(store));
  if (recorded.changed.length > 0) {
    const change = describeChanged(recorded.changed);
    throw new AuricleError(
      "data",
      `${collection.folder}: ${change}; restore the original files or start a new run`,
    );
  }
  const job = { ...(await prepareJob(kind, config, store, recorded, controls)), path };
  await compareRuns(controls.ranks, job);
  if (config.epochs !== (await readRun(path)).config.epochs) {
    await files.remove(join(path, RUN_FILES.result));
    await writeConfig(path, config);
  }
  await writeVersions(path, job.engine);
  if (config.transfer && !recorded.report.known)
    await warnings.add(unsplitDoubt(config.transfer.from, collection.words));
  const model = await loadCheckpoint(path, (file) => loadModel(file, job.engine), warn);
  const trained = model
    ? { model, windows: await job.kind.training(job, model.network) }
    : await compiled(job, await modelAgain(job, collection.words, warn));
  return { run: { job, collection, report: recorded.report, warnings }, trained };
}
