/**
 * @file The model files of a run: the best weights, the last checkpoint and the one before it. One of the checkpoints is
 * whole at every moment, whatever ends the process or the machine; which one was used where the last is damaged is said.
 * Browser-safe.
 */

import { join } from "#here/io/path";
import { store } from "#here/io/store/store";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError } from "../io/atomic-file.ts";
import { saveModel } from "../nn/checkpoint/model-file.ts";
import type { Model } from "../nn/index.ts";
import { readMetrics } from "./metrics-log.ts";
import type { Warn } from "./observer.ts";
import { exists, RUN_FILES } from "./run-folder.ts";

/** Makes something of a model file. @throws AuricleError "file" where the file is damaged. */
export type Load<T> = (path: string) => Promise<T>;

/** Saves a checkpoint; before it the best weights, if the epoch is the best one so far. */
export async function saveEpoch(folder: string, model: Model, isBest: boolean): Promise<void> {
  await saveBest(folder, model, isBest);
  await keepPrevious(folder);
  await saveModel(model, join(folder, RUN_FILES.last));
}

/** Saves a checkpoint likewise, in the place of the last one, which is of the same epoch. */
export async function saveAgain(folder: string, model: Model, isBest: boolean): Promise<void> {
  await saveBest(folder, model, isBest);
  await saveModel(model, join(folder, RUN_FILES.last));
}

async function saveBest(folder: string, model: Model, isBest: boolean): Promise<void> {
  if (isBest) await saveModel(model, join(folder, RUN_FILES.best), { includeTraining: false });
}

/**
 * Saves the state before the first epoch, so that a run of which something was trained always has a checkpoint: one
 * that has none has lost it.
 */
export async function saveBeginning(folder: string, model: Model): Promise<void> {
  const path = join(folder, RUN_FILES.last);
  if (!(await exists(path))) await saveModel(model, path);
}

/** Gives the last checkpoint a second name. Its first one stays, until the next checkpoint takes it over. */
async function keepPrevious(folder: string): Promise<void> {
  const [last, previous] = [join(folder, RUN_FILES.last), join(folder, RUN_FILES.previous)];
  try {
    await store.duplicate(last, previous);
  } catch (cause) {
    if (errorCode(cause) !== "ENOENT") throw fileError("write", previous, cause);
  }
}

/**
 * Reads the checkpoint to go on from: the last one, or the one before where that is damaged or gone; a damaged file is
 * kept under another name.
 * @returns undefined where nothing was trained and there is no checkpoint
 * @throws AuricleError "file" where there is none although something was trained, or neither can be read.
 */
export async function loadCheckpoint<T>(folder: string, load: Load<T>, warn: Warn): Promise<T | undefined> {
  const { loaded, name, problems } = await loadFirst(folder, [RUN_FILES.last, RUN_FILES.previous], load);
  if (loaded !== undefined && name !== undefined) {
    if (name === RUN_FILES.last) return loaded;
    await restoreLast(folder);
    await warn(`${problems.join("; ")}. The run continues from ${name}, the previous checkpoint`);
    return loaded;
  }
  const hasBest = await exists(join(folder, RUN_FILES.best));
  const isMissing = problems.every((problem) => problem.endsWith(MISSING));
  if (isMissing && !hasBest && !(await hasContent(join(folder, RUN_FILES.metrics)))) return undefined;
  throw new AuricleError(
    "file",
    `${folder}: this run cannot continue: ${problems.join("; ")}. Restore one of them from a copy or start a new ` +
      `run${hasBest ? `; ${RUN_FILES.best} is kept, and eval and predict use it` : ""}`,
  );
}

/** Puts the checkpoint before the last in its place, and a damaged one out of the way. */
async function restoreLast(folder: string): Promise<void> {
  const last = join(folder, RUN_FILES.last);
  try {
    if (await exists(last)) await store.rename(last, `${last}.damaged`);
    await store.rename(join(folder, RUN_FILES.previous), last);
  } catch (cause) {
    throw fileError("rename", last, cause);
  }
}

/**
 * Reads the weights of the best epoch for the last test of a run.
 * @param epochs that were trained
 * @returns undefined where they are lost: the last epoch's, which are in memory, must do; said by `warn`
 */
export async function loadBest<T>(
  folder: string,
  { bestEpoch, epochs }: { readonly bestEpoch: number; readonly epochs: number },
  load: Load<T>,
  warn: Warn,
): Promise<T | undefined> {
  // The checkpoint before the last has the weights of the epoch before the last.
  const names = bestEpoch === epochs - 1 ? [RUN_FILES.best, RUN_FILES.previous] : [RUN_FILES.best];
  const { loaded, problems } = await loadFirst(folder, names, load);
  if (problems.length === 0) return loaded;
  if (loaded !== undefined || bestEpoch === epochs) {
    await warn(`${problems[0]}. The same weights were found in a checkpoint`);
    return loaded;
  }
  await warn(
    `${problems[0]}. The weights of the best epoch, ${bestEpoch}, are lost: those of the last epoch, ${epochs}, ` +
      "were tested instead",
  );
  return undefined;
}

/**
 * Reads the model of a run, finished or not: its best weights, or those of a checkpoint. That they are not the best is said
 * where the run has a best epoch.
 * @throws AuricleError "file" where there is none, or no epoch is finished.
 */
export async function loadTrained(folder: string, load: Load<Model>, warn: Warn): Promise<Model> {
  const names = [RUN_FILES.best, RUN_FILES.last, RUN_FILES.previous];
  const { loaded, name, problems } = await loadFirst(folder, names, async (path) => {
    const model = await load(path);
    const isTrained = !model.isCompiled || model.trainer.epoch > 0 || path.endsWith(RUN_FILES.best);
    return isTrained ? model : undefined;
  });
  if (name !== undefined && loaded === undefined) throw noModel(folder, "no epoch is finished");
  if (loaded === undefined) {
    const isNew = problems.every((problem) => problem.endsWith(MISSING));
    throw isNew ? noModel(folder, "no epoch is finished") : noModel(folder, problems.join("; "));
  }
  const expectsBest = (await readMetrics(folder)).some(({ validationLoss }) => validationLoss !== null);
  const said = problems.filter((problem) => expectsBest || !problem.startsWith(RUN_FILES.best));
  if (said.length > 0)
    await warn(`${said.join("; ")}. The weights are those of ${name}, not of the best epoch`);
  return loaded;
}

function noModel(folder: string, why: string): AuricleError {
  return new AuricleError(
    "file",
    `${folder}: this run has no model yet: ${why}; continue it with: auricle train --resume ${folder}`,
  );
}

function hasContent(path: string): Promise<boolean> {
  return store.look(path).then(
    ({ bytes }) => bytes > 0,
    () => false,
  );
}

const MISSING = "is missing";

interface Found<T> {
  readonly loaded?: T;
  readonly name?: string;
  /** Descriptions of why the files before it could not be loaded. */
  readonly problems: readonly string[];
}

/** Loads the first of some files that exists and is intact. @throws AuricleError where the system refuses to read one. */
async function loadFirst<T>(folder: string, names: readonly string[], load: Load<T>): Promise<Found<T>> {
  const problems: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (!(await exists(path))) {
      problems.push(`${name} ${MISSING}`);
      continue;
    }
    try {
      return { loaded: await load(path), name, problems };
    } catch (error) {
      if (!isDamage(error)) throw error;
      problems.push(`${name} is damaged (${error.message.replace(`${path}: `, "")})`);
    }
  }
  return { problems };
}

/** Whether the content is at fault: what the system does not let us read may be whole. EIO is a damaged disk. */
function isDamage(error: unknown): error is AuricleError {
  if (!(error instanceof AuricleError) || error.code !== "file") return false;
  const isOfSystem = error.cause instanceof Error && "syscall" in error.cause;
  return !isOfSystem || errorCode(error.cause) === "EIO";
}
