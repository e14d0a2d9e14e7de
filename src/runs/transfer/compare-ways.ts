/**
 * @file Several ways to use a network, compared on the validation part: each is a training of its own in a folder within that of the run,
 * and the best becomes the run, bit for bit as if it had been asked for alone. Nothing is tested before the choice is made.
 *
 * All is decided before the first way is trained, so an interrupted comparison goes on with what its folders hold. Browser-safe.
 */

import { join } from "#here/io/path";
import { store as files } from "#here/io/store/store";
import { AuricleError } from "../../errors.ts";
import { readRun, writeConfig } from "../kinds.ts";
import { readMetrics, type EpochMetrics } from "../metrics-log.ts";
import type { TrainingObserver } from "../observer.ts";
import {
  aboutOf,
  goOn,
  modelOf,
  planOn,
  readData,
  trainUntested,
  writeBeginning,
  type PlannedRun,
} from "../one-run.ts";
import { checkSameRun } from "../options/check-same-run.ts";
import type { WayName } from "../options/names.ts";
import type { TrainingValues } from "../options/training-values.ts";
import {
  createRunFolder,
  exists,
  reopenRunFolder,
  requireRoom,
  RUN_FILE_NAMES,
  RUN_FILES,
  WAYS_FOLDER,
} from "../run-folder.ts";
import type { RunControls, RunOutcome, RunRequest } from "../run-kind.ts";
import { dataOf } from "../short-data-name.ts";
import { bestEpochOf, isTrained } from "../train-run.ts";
import { bestWay, figuresOf, type ComparedTransfer } from "./compared.ts";

/** The ways that are compared, the cheapest first. */
const WAYS = ["frozen", "fine-tuned", "scratch"] as const;

type Way = (typeof WAYS)[number];

/**
 * Begins a run that trains in each way and keeps the best one.
 * @throws AuricleError as of a single training, "argument" without a validation part; what was trained is resumed.
 */
export async function startComparison(
  request: RunRequest,
  place: { readonly out?: string },
  controls: RunControls,
): Promise<RunOutcome> {
  if (place.out !== undefined) await requireRoom(place.out);
  const told = { ...controls, observer: sayingOnce(within("", controls.observer)) };
  const read = await readData(requestOf("frozen", request), told);
  const frozen = await planOn(read, requestOf("frozen", request), told);
  if (frozen.recorded.parts.validation.length === 0) {
    throw new AuricleError(
      "argument",
      "train: --transfer auto compares on the validation part, and there is none: hold one out, or name one way, such as --transfer frozen",
    );
  }
  const tuned = await planOn(read, requestOf("fine-tuned", request), told);
  const fromScratch = requestOf("scratch", request);
  const scratch = await planOn(await readData(fromScratch, told), fromScratch, told);
  const plans: Readonly<Record<Way, PlannedRun>> = { frozen, "fine-tuned": tuned, scratch };
  // Before there is a folder, so that a network that does not fit leaves none.
  const models = { frozen: await modelOf(frozen, told), scratch: await modelOf(scratch, told) };
  const { path, lock } = await createRunFolder(place.out, aboutOf(frozen));
  try {
    // What a killed process left.
    await files.remove(join(path, WAYS_FOLDER));
    for (const way of WAYS) {
      const folder = await createRunFolder(join(path, WAYS_FOLDER, way), aboutOf(frozen));
      await writeBeginning(folder.path, plans[way], models[way === "scratch" ? way : "frozen"]);
      await folder.lock.release();
    }
    const transfer = frozen.config.transfer && { ...frozen.config.transfer, how: "auto" as const };
    const all = { ...frozen, config: { ...frozen.config, transfer } };
    await writeBeginning(path, all, models.frozen);
    return await compareWays(path, controls);
  } finally {
    await lock.release();
  }
}

/** Goes on with a comparison, or with the run that came of it. @throws AuricleError as of a single training */
export async function resumeComparison(
  path: string,
  wanted: Partial<RunRequest>,
  controls: RunControls,
): Promise<RunOutcome> {
  const folder = await reopenRunFolder(path);
  try {
    const { config } = await readRun(folder.path);
    const { transfer: asked, ...others } = wanted;
    const how = config.transfer?.how;
    if (asked !== undefined && asked !== "auto") checkSameRun(folder.path, config, { transfer: asked });
    if (how !== "auto") {
      await files.remove(join(folder.path, WAYS_FOLDER));
      return await goOn(folder.path, how ? requestOf(how, others) : others, controls);
    }
    for (const way of WAYS) {
      const { config: own } = await readRun(folderOf(folder.path, way));
      const { data, ...values } = requestOf(way, others);
      checkSameRun(folder.path, own, { ...values, transfer: undefined, data: data && dataOf(data) });
    }
    return await compareWays(folder.path, controls);
  } finally {
    await folder.lock.release();
  }
}

function folderOf(path: string, way: Way): string {
  return join(path, WAYS_FOLDER, way);
}

/** The request of one way. Those that use the network take its input; the others may name theirs. */
function requestOf<R extends TrainingValues>(way: WayName, request: R): R {
  const own = { ...request, transfer: way, freeze: undefined };
  if (way === "scratch") return own;
  return {
    ...own,
    model: undefined,
    frontEnd: undefined,
    window: undefined,
    size: undefined,
    fit: undefined,
    color: undefined,
  };
}

/** Trains each way as far as it is not trained yet, makes the best one the run, and tests that. */
async function compareWays(path: string, controls: RunControls): Promise<RunOutcome> {
  controls.observer.begun(path);
  const observer = sayingOnce(within(path, controls.observer));
  const ways: ComparedTransfer[] = [];
  let epochsDone = 0;
  let epochs = 0;
  for (const [i, way] of WAYS.entries()) {
    const folder = folderOf(path, way);
    const { config } = await readRun(folder);
    let metrics: readonly EpochMetrics[] = await readMetrics(folder);
    if (!isTrained(metrics, config)) {
      observer.note(`--transfer auto: ${way}, ${i + 1} of ${WAYS.length}`);
      const own = await reopenRunFolder(folder);
      try {
        metrics = await trainUntested(folder, { ...controls, observer });
      } finally {
        await own.lock.release();
      }
    }
    epochsDone += metrics.length;
    epochs += config.epochs;
    if (!isTrained(metrics, config)) {
      const later = await Promise.all(WAYS.slice(i + 1).map((one) => readRun(folderOf(path, one))));
      const all = later.reduce((sum, one) => sum + one.config.epochs, epochs);
      return { status: "interrupted", path, epochsDone, epochs: all };
    }
    const best = metrics.find(({ epoch }) => epoch === bestEpochOf(metrics)) ?? metrics[metrics.length - 1];
    const seconds = metrics.reduce<number | null>(
      (sum, one) => (sum === null || one.seconds === null ? null : sum + one.seconds),
      0,
    );
    ways.push({ ...figuresOf(way, best), seconds });
  }
  await keepBest(path, ways);
  // Only the test is left, which is no training that starts.
  return goOn(path, {}, { ...controls, observer: { ...observer, started: () => undefined } });
}

/** Makes the best way the run. Until its configuration is written, which comes last, the comparison can be gone on with. */
async function keepBest(path: string, compared: readonly ComparedTransfer[]): Promise<void> {
  const { how } = bestWay(compared);
  const folder = join(path, WAYS_FOLDER, how);
  for (const name of RUN_FILE_NAMES.filter((one) => one !== RUN_FILES.config)) {
    if (await exists(join(folder, name))) await files.duplicate(join(folder, name), join(path, name));
  }
  const { config } = await readRun(folder);
  const transfer = config.transfer && { ...config.transfer, compared: [...compared] };
  await writeConfig(path, { ...config, transfer });
  await files.remove(join(path, WAYS_FOLDER));
}

/** Tells of a way's training as of one within the run, which has begun already. Its methods need no object. */
function within(path: string, observer: TrainingObserver): TrainingObserver {
  return {
    preparing: (progress) => observer.preparing(progress),
    note: (text) => observer.note(text),
    warning: (text) => observer.warning(text),
    begun: () => undefined,
    started: (info) => observer.started({ ...info, path }),
    batch: (progress) => observer.batch(progress),
    epoch: (metrics, isBest) => observer.epoch(metrics, isBest),
    profiled: (profile, trace) => observer.profiled(profile, trace),
  };
}

/** The data are read for several ways: what is said of them is said once. */
function sayingOnce(observer: TrainingObserver): TrainingObserver {
  const said = new Set<string>();
  const once = (say: (text: string) => void) => (text: string) => {
    if (said.has(text)) return;
    said.add(text);
    say(text);
  };
  return { ...observer, note: once(observer.note), warning: once(observer.warning) };
}
