/** @file Beginning a run on sound and going on with one: its data, its configuration and its folder. Node only. */

import type { FeatureStore } from "../../data/audio/features/feature-store.ts";
import type { WindowDataset } from "../../data/audio/features/windows/window-dataset.ts";
import type { AudioCollection } from "../../data/audio/index.ts";
import { openAudioCollection } from "../../data/audio/open.ts";
import type { FoundKnown } from "../../data/audio/provenance/find-known.ts";
import { NO_PROVENANCE, type Provenance } from "../../data/audio/provenance/provenance.ts";
import { AuricleError } from "../../errors.ts";
import { loadModel } from "../../nn/checkpoint/model-file.ts";
import { replaceHead, type Model } from "../../nn/index.ts";
import { usableThreads } from "../../runtime/pool.ts";
import { chooseTarget } from "../../runtime/target.ts";
import { loadCheckpoint } from "../model-files.ts";
import type { Warn } from "../observer.ts";
import { createRunFolder, endMaking, findRun, requireRoom, reopenRunFolder } from "../run-folder.ts";
import { readEpochs } from "../run-record.ts";
import { RunWarnings } from "../run-warnings.ts";
import { writeVersions } from "../versions.ts";
import { checkReading, checkRequest, checkTrained } from "./check-request.ts";
import { checkSameRun } from "../options/check-same-run.ts";
import { finishSoundRun } from "./finish-sound-run.ts";
import { modelInputFor } from "./model-input.ts";
import { inputNormalization, maskFillOf } from "./input-statistics.ts";
import { loadSoundRun } from "./load-sound-run.ts";
import { dataOf, newConfig, readingOf, splitOf } from "./new-config.ts";
import { shortDataName } from "./short-data-name.ts";
import {
  checkSameBeginning,
  doubtsAbout,
  knownIn,
  provenanceMetadata,
  provenanceOf,
  unsplitDoubt,
} from "./known-clips.ts";
import { loadProvenance, writeProvenance } from "./provenance-file.ts";
import { readSoundConfig, writeSoundConfig, type SoundConfig } from "./sound-config.ts";
import {
  describeKept,
  openOptions,
  prepareCollection,
  readableCollection,
  splitAsConfigured,
  warnOfRecordings,
} from "./sound-data.ts";
import { buildSoundModel, compileSoundModel, describeSoundModel } from "./sound-model.ts";
import { readSoundResult } from "./sound-result.ts";
import { describeChanged, readSplit, writeSplit, type RecordedSplit } from "./split-file.ts";
import type { SoundControls, SoundOutcome, SoundRequest } from "./sound-run.ts";
import { TargetScale } from "./target-scale.ts";
import { trainingWindows, type SoundJob } from "./train-sound.ts";

/** A run that is about to begin: its data are read and divided, and everything is decided. */
interface PlannedRun {
  readonly config: SoundConfig;
  readonly collection: AudioCollection;
  readonly store: FeatureStore;
  readonly recorded: RecordedSplit;
  /** That of the weights that training begins with. */
  readonly earlier: Provenance;
  readonly found: FoundKnown;
}

/** Reads and divides the data, and fills in what was not asked for. */
async function planned(request: SoundRequest, controls: SoundControls): Promise<PlannedRun> {
  const opened = await openAudioCollection(request.data, openOptions(controls, readingOf(request)));
  checkReading(request, opened);
  const modelInput = await modelInputFor(request, opened, (text) => controls.observer.warning(text));
  const store = await prepareCollection(opened, modelInput, controls);
  const collection = readableCollection(opened, store);
  const split = splitOf(request);
  const earlier = request.from === undefined ? NO_PROVENANCE : await provenanceOfRun(request.from);
  const searched = { data: request.data, store, provenance: earlier };
  const found = await knownIn(collection, searched, split.duplicates, controls);
  const known = request.from === undefined ? undefined : found.known;
  const { report, ...parts } = splitAsConfigured(collection, split, found.links, known);
  checkRequest(request, collection, parts);
  checkTrained(split, collection, report);
  const config = newConfig(request, collection, {
    ...modelInput,
    stepShape: store.stepShape,
    split,
    clips: parts.train.length,
  });
  return { config, collection, store, recorded: { report, parts }, earlier, found };
}

/** Returns the configuration that a run would have, without beginning it. @throws AuricleError as {@link startSoundRun}. */
export async function planSoundRun(request: SoundRequest, controls: SoundControls): Promise<SoundConfig> {
  return (await planned(request, controls)).config;
}

/**
 * Begins a run on sound in a folder of its own and trains. The folder is made only when data and model fit.
 * @throws AuricleError; a run whose training has begun can then be resumed.
 */
export async function startSoundRun(
  request: SoundRequest,
  place: { readonly out?: string },
  controls: SoundControls,
): Promise<SoundOutcome> {
  if (place.out !== undefined) await requireRoom(place.out);
  const { config, collection, store, recorded, earlier, found } = await planned(request, controls);
  const { report, parts } = recorded;
  const job = await prepareJob(config, store, recorded, controls);
  const provenance = provenanceOf(earlier, request.data, { collection, parts, store }, found);
  const warn = (text: string) => controls.observer.warning(text);
  const trained = await compiled(job, await newModel(job, provenance, warn));
  const about = { model: config.model, data: shortDataName(request.data) };
  const { path, lock } = await createRunFolder(place.out, about);
  try {
    await writeVersions(path, job.engine);
    await writeSplit(path, recorded, collection, (clip) => store.content(clip));
    await writeProvenance(path, provenance);
    // Last, since it makes the folder a run.
    await writeSoundConfig(path, config);
    await endMaking(path);
    await noteKept(store, controls);
    const warnings = await RunWarnings.open(path, controls.observer);
    await warnOfRecordings(store, (text) => warnings.add(text));
    for (const doubt of doubtsAbout(earlier, found)) await warnings.add(doubt);
    return await finishSoundRun({ job: { ...job, path }, collection, report, warnings }, trained, controls);
  } finally {
    await lock.release();
  }
}

async function noteKept(store: FeatureStore, { cache, observer }: SoundControls): Promise<void> {
  const kept = cache === false ? undefined : await describeKept(store);
  if (kept !== undefined) observer.note(kept);
}

async function prepareJob(
  config: SoundConfig,
  store: FeatureStore,
  { parts }: RecordedSplit,
  { threads }: SoundControls,
): Promise<Omit<SoundJob, "path">> {
  if (parts.train.length === 0) throw new AuricleError("data", `${config.data}: no training clips are left`);
  return {
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
async function newModel(job: Omit<SoundJob, "path">, provenance: Provenance, warn: Warn): Promise<Model> {
  const model = await firstModel(job, warn);
  model.metadata = { ...model.metadata, ...provenanceMetadata(provenance) };
  return model;
}

async function firstModel(
  { config, store, parts, targetScale, engine }: Omit<SoundJob, "path">,
  warn: Warn,
): Promise<Model> {
  const inputShape = [config.windowFrames, ...store.stepShape];
  if (!config.transfer) {
    const normalization = await inputNormalization({ config, store, parts });
    return buildSoundModel(config, { inputShape, normalization, targetScale }, engine);
  }
  const { model } = await loadSoundRun(config.transfer.from, engine, warn);
  const { freeze } = config.transfer;
  const network = replaceHead(model.network, {
    classes: config.classNames.length,
    seed: config.seed,
    freeze,
  });
  return describeSoundModel(network, config, targetScale, engine);
}

/** That of a run whose first epoch was never finished. */
async function modelAgain(job: SoundJob, warn: Warn): Promise<Model> {
  const { path, config } = job;
  const own = await loadProvenance({ path, config, metadata: () => Promise.resolve({}) });
  if (config.transfer) checkSameBeginning(path, own, await provenanceOfRun(config.transfer.from));
  return newModel(job, own, warn);
}

/** Loads the provenance of another run's weights. */
async function provenanceOfRun(run: string): Promise<Provenance> {
  const path = await findRun(run);
  const config = await readSoundConfig(path);
  // What is wrong with the weights is told where they are used.
  const metadata = async () => (await loadSoundRun(path, {}, () => undefined)).model.metadata;
  return loadProvenance({ path, config, metadata });
}

async function compiled(job: Omit<SoundJob, "path">, model: Model) {
  const windows = await windowsFor(job, model);
  const steps = job.config.epochs * Math.ceil(windows.length / job.config.batchSize);
  compileSoundModel(model, job.config, steps);
  return { model, windows };
}

async function windowsFor(job: Omit<SoundJob, "path">, { network }: Model): Promise<WindowDataset> {
  return trainingWindows(job, await maskFillOf(job, network));
}

/**
 * Goes on with a run after its last whole epoch; the result is, bit for bit, that of a run never interrupted. A run that is
 * finished gives its result.
 * @throws AuricleError "file" when there is no such run or it is in use, "data" when recordings are gone or changed, "argument" when
 * something is wanted that the run did not begin with.
 */
export async function resumeSoundRun(
  path: string,
  wanted: Partial<SoundRequest>,
  controls: SoundControls,
): Promise<SoundOutcome> {
  const folder = await reopenRunFolder(path);
  try {
    const config = await readSoundConfig(folder.path);
    checkSameRun(folder.path, config, { ...wanted, data: wanted.data && dataOf(wanted.data) });
    const warnings = await RunWarnings.open(folder.path, controls.observer);
    const warn: Warn = (text) => warnings.add(text);
    const result = await warnings.orTestAgain(readSoundResult(folder.path));
    if (result) {
      const metrics = await readEpochs(folder.path, result.epochs, warn);
      return { status: "finished", kind: "sound", path: folder.path, result, metrics, hasTrained: false };
    }
    const opened = await openAudioCollection(config.data, openOptions(controls, config.reading));
    const store = await prepareCollection(opened, config, controls);
    await noteKept(store, controls);
    await warnOfRecordings(store, warn);
    const collection = readableCollection(opened, store);
    const recorded = await readSplit(folder.path, collection, (clip) => store.content(clip));
    if (recorded.changed.length > 0) {
      const change = describeChanged(recorded.changed);
      throw new AuricleError(
        "data",
        `${collection.folder}: ${change}; restore the original files or start a new run`,
      );
    }
    const job = { ...(await prepareJob(config, store, recorded, controls)), path: folder.path };
    await writeVersions(folder.path, job.engine);
    if (config.transfer && !recorded.report.known) await warnings.add(unsplitDoubt(config.transfer.from));
    const model = await loadCheckpoint(folder.path, (file) => loadModel(file, job.engine), warn);
    const trained = model
      ? { model, windows: await windowsFor(job, model) }
      : await compiled(job, await modelAgain(job, warn));
    return await finishSoundRun({ job, collection, report: recorded.report, warnings }, trained, controls);
  } finally {
    await folder.lock.release();
  }
}
