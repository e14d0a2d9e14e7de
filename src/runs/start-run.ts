/** @file Beginning a run and going on with one: its data, its configuration and its folder. Browser-safe. */

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
import { finishRun } from "./finish-run.ts";
import { kindOfData, readRun, writeConfig } from "./kinds.ts";
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
import type { Warn } from "./observer.ts";
import { checkSameRun } from "./options/check-same-run.ts";
import { loadProvenance, writeProvenance } from "./provenance-file.ts";
import { readingOf, splitOf, transferOf } from "./requested.ts";
import { createRunFolder, endMaking, requireRoom, reopenRunFolder, RUN_FILES } from "./run-folder.ts";
import type {
  ExampleStore,
  FirstNetwork,
  Job,
  ReadControls,
  RunControls,
  RunKind,
  RunOutcome,
  RunRequest,
} from "./run-kind.ts";
import { readEpochs } from "./run-record.ts";
import { readResult } from "./run-result.ts";
import { RunWarnings } from "./run-warnings.ts";
import { dataOf, shortDataName } from "./short-data-name.ts";
import { describeChanged, fileContentOf, readSplit, writeSplit, type RecordedSplit } from "./split-file.ts";
import { TargetScale } from "./target-scale.ts";
import type { TrainingConfig } from "./training-config.ts";
import { networkFrom, openFirstNetwork } from "./transfer/first-network.ts";
import { writeVersions } from "./versions.ts";

/** A run that is about to begin: its data are read and divided, and everything is decided. */
interface PlannedRun {
  readonly kind: RunKind;
  readonly config: TrainingConfig;
  readonly collection: Collection;
  readonly store: ExampleStore;
  readonly recorded: RecordedSplit;
  /** That of the weights that training begins with. */
  readonly earlier: Provenance;
  readonly found: FoundKnown;
}

/** Reads and divides the data, and fills in what was not asked for. */
async function planned(request: RunRequest, controls: ReadControls): Promise<PlannedRun> {
  const kind = await kindOfData(request.data);
  const warn: Warn = (text) => controls.observer.warning(text);
  const opened = await kind.open(request.data, { ...controls, ...readingOf(request) });
  checkReading(request, opened);
  const first = await firstNetworkOf(request, kind, controls);
  const input = await kind.chooseInput(request, opened, first?.isUsed ? first : undefined, warn);
  const store = await kind.prepare(opened, input, controls);
  const collection = kind.readable(opened, store);
  const split = splitOf(request);
  const provenance = first?.provenance ?? NO_PROVENANCE;
  const searched = { data: request.data, store, provenance };
  const found = await kind.findKnown(collection, searched, split.duplicates, controls);
  const { report, ...parts } = divide(collection, split, found.links, first && found.known);
  checkRequest(request, collection, parts);
  checkTrained(split, collection, report);
  const facts = { input, store, split, examples: parts.train.length };
  const config = kind.newConfig(request, collection, facts);
  const earlier = first?.isUsed ? provenance : NO_PROVENANCE;
  return { kind, config, collection, store, recorded: { report, parts }, earlier, found };
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

/** Returns the configuration that a run would have, without beginning it. @throws AuricleError as {@link startRun}. */
export async function planRun(request: RunRequest, controls: ReadControls): Promise<TrainingConfig> {
  return (await planned(request, controls)).config;
}

/**
 * Begins a run in a folder of its own and trains. The folder is made only when data and model fit.
 * @throws AuricleError; a run whose training has begun can then be resumed.
 */
export async function startRun(
  request: RunRequest,
  place: { readonly out?: string },
  controls: RunControls,
): Promise<RunOutcome> {
  if (place.out !== undefined) await requireRoom(place.out);
  const { kind, config, collection, store, recorded, earlier, found } = await planned(request, controls);
  const { report, parts } = recorded;
  const job = await prepareJob(kind, config, store, recorded, controls);
  const provenance = provenanceOf(earlier, request.data, { collection, parts, store }, found);
  const warn = (text: string) => controls.observer.warning(text);
  const trained = await compiled(job, await newModel(job, provenance, warn));
  const about = { model: modelTitle(config.model), data: shortDataName(request.data) };
  const { path, lock } = await createRunFolder(place.out, about);
  try {
    await writeVersions(path, job.engine);
    await writeSplit(path, recorded, collection, fileContentOf(store));
    await writeProvenance(path, provenance);
    // Last, since it makes the folder a run.
    await writeConfig(path, config);
    await endMaking(path);
    await noteKept(kind, store, controls);
    const warnings = await RunWarnings.open(path, controls.observer);
    await warnOfFiles(store, (text) => warnings.add(text));
    for (const doubt of doubtsAbout(earlier, found, collection.words)) await warnings.add(doubt);
    return await finishRun({ job: { ...job, path }, collection, report, warnings }, trained, controls);
  } finally {
    await lock.release();
  }
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
  { parts }: RecordedSplit,
  { threads }: Pick<RunControls, "threads">,
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
export async function resumeRun(
  path: string,
  wanted: Partial<RunRequest>,
  controls: RunControls,
): Promise<RunOutcome> {
  const folder = await reopenRunFolder(path);
  try {
    const { kind, config: before } = await readRun(folder.path);
    const config = extended(folder.path, before, wanted);
    const warnings = await RunWarnings.open(folder.path, controls.observer);
    const warn: Warn = (text) => warnings.add(text);
    const result = await warnings.orTestAgain(readResult(folder.path));
    if (result && (config.epochs === before.epochs || result.stoppedEarly)) {
      const metrics = await readEpochs(folder.path, result.epochs, warn);
      return { status: "finished", kind: kind.name, path: folder.path, result, metrics, hasTrained: false };
    }
    const opened = await kind.open(config.data, { ...controls, ...config.reading });
    const store = await kind.prepare(opened, config, controls);
    await noteKept(kind, store, controls);
    await warnOfFiles(store, warn);
    const collection = kind.readable(opened, store);
    const recorded = await readSplit(folder.path, collection, fileContentOf(store));
    if (recorded.changed.length > 0) {
      const change = describeChanged(recorded.changed);
      throw new AuricleError(
        "data",
        `${collection.folder}: ${change}; restore the original files or start a new run`,
      );
    }
    const job = { ...(await prepareJob(kind, config, store, recorded, controls)), path: folder.path };
    if (config.epochs !== before.epochs) {
      await files.remove(join(folder.path, RUN_FILES.result));
      await writeConfig(folder.path, config);
    }
    await writeVersions(folder.path, job.engine);
    if (config.transfer && !recorded.report.known)
      await warnings.add(unsplitDoubt(config.transfer.from, collection.words));
    const model = await loadCheckpoint(folder.path, (file) => loadModel(file, job.engine), warn);
    const trained = model
      ? { model, windows: await job.kind.training(job, model.network) }
      : await compiled(job, await modelAgain(job, collection.words, warn));
    return await finishRun({ job, collection, report: recorded.report, warnings }, trained, controls);
  } finally {
    await folder.lock.release();
  }
}
