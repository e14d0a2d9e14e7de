/** @file The same training with several seeds, which tells how much of a result is chance. Browser-safe. */

import { join, resolve } from "#here/io/path";
import { AuricleError } from "../errors.ts";
import { readFileBytes, writeFileAtomic } from "../io/atomic-file.ts";
import { withSeeds, type SeedsSummary } from "../report/index.ts";
import { writeJson } from "./json-file.ts";
import { readRun } from "./kinds.ts";
import { exists, hasRun, requireRoom, RUNS_FOLDER, runName } from "./run-folder.ts";
import { comparedFigures } from "./compared-figures.ts";
import { REPORT_NAME } from "./finish-run.ts";
import { modelTitle } from "./networks/network-path.ts";
import { shortDataName } from "./short-data-name.ts";
import type { SeedsOutcome, RunControls, RunOutcome, RunRequest } from "./run-kind.ts";
import { resumeRun, startRun } from "./start-run.ts";

/** The figures of all seeds, in the folder that holds the runs. */
const SUMMARY_NAME = "seeds.json";

/**
 * Trains with the seeds `request.seed`, `request.seed + 1`, … Each seed gives other first weights, other batches, and, where
 * the split is random, another split. The runs are in folders `seed-<n>`; those that are finished already are not trained
 * again, and an unfinished one goes on. In the end, the report of each shows the figures of all.
 * @throws AuricleError "argument" when there is a run already that was asked for otherwise; "file" when `out` holds
 * something else.
 */
export async function trainSeeds(
  request: RunRequest,
  { out, seeds }: { readonly out?: string; readonly seeds: number },
  controls: RunControls,
): Promise<SeedsOutcome | RunOutcome> {
  const path = out === undefined ? folderOfSeeds(request) : resolve(out);
  if (out !== undefined) await requireRoom(path, isOfSeeds);
  const done: SeedFigures[] = [];
  const notLearned: number[] = [];
  const { seed: first = 0 } = request;
  for (let seed = first; seed < first + seeds; seed++) {
    const folder = join(path, `seed-${seed}`);
    controls.observer.note(`Seed ${seed}: ${seed - first + 1} of ${seeds}`);
    const outcome = await namingSeed(seed, async () =>
      (await hasRun(folder))
        ? resumeRun(folder, { ...request, seed }, controls)
        : startRun({ ...request, seed }, { out: folder }, controls),
    ).catch(async (error: unknown) => {
      const last = done.at(-1);
      if (last === undefined || !isAbort(error)) throw error;
      // Stopped while its data were read: the seeds before it are whole.
      const { config } = await readRun(join(path, `seed-${last.seed}`));
      return { status: "interrupted", path: folder, epochsDone: 0, epochs: config.epochs } as const;
    });
    if (outcome.status === "interrupted") {
      return { ...outcome, seeds: { path, done: done.length, of: seeds } };
    }
    if (outcome.result.diagnosis?.verdict === "failed") notLearned.push(seed);
    done.push({ seed, figures: comparedFigures(outcome.result.evaluations) });
    await writeJson(join(path, SUMMARY_NAME), { ...summaryOf(done), notLearned });
  }
  const summary = summaryOf(done);
  for (const { seed } of done) {
    try {
      await addToReport(join(path, `seed-${seed}`, REPORT_NAME), summary);
    } catch (error) {
      if (!(error instanceof AuricleError)) throw error;
      controls.observer.warning(`Seed ${seed}: ${REPORT_NAME} does not show all seeds: ${error.message}`);
    }
  }
  return { status: "seeds", path, notLearned, ...summary };
}

/** A model that is not named may depend on the data, which are not opened yet. */
function folderOfSeeds({ model, data }: RunRequest): string {
  const title = model === undefined ? "seeds" : modelTitle(model);
  return join(resolve(RUNS_FOLDER), runName({ model: title, data: shortDataName(data) }));
}

/** Whether an entry is one of several seeds: their figures come after their folders, or are another file of that name. */
function isOfSeeds(name: string, entries: readonly string[]): boolean {
  const isRun = (entry: string) => /^seed-\d+$/.test(entry);
  return isRun(name) || (name === SUMMARY_NAME && entries.some(isRun));
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** Runs one seed and puts its number before the message of an error. */
async function namingSeed<T>(seed: number, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AuricleError)) throw error;
    throw new AuricleError(error.code, `seed ${seed}: ${error.message}`, { cause: error.cause });
  }
}

/** Adds the summary to the report, unless the user has removed that. */
async function addToReport(report: string, summary: SeedsSummary): Promise<void> {
  if (!(await exists(report))) return;
  const text = new TextDecoder().decode(await readFileBytes(report));
  await writeFileAtomic(report, withSeeds(text, summary));
}

interface SeedFigures {
  readonly seed: number;
  /** By what they are: "test accuracy". */
  readonly figures: ReadonlyMap<string, number>;
}

/** The figures that all seeds have: a tag that no example of a test part has gives that seed one less. */
function summaryOf(done: readonly SeedFigures[]): SeedsSummary {
  const metrics = [...done[0].figures.keys()].filter((metric) =>
    done.every(({ figures }) => figures.has(metric)),
  );
  return {
    metrics,
    runs: done.map(({ seed, figures }) => ({
      seed,
      values: metrics.flatMap((metric) => figures.get(metric) ?? []),
    })),
  };
}
