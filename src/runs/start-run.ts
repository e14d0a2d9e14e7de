/** @file Beginning a run and going on with one: one training, or several of which the best is kept. Browser-safe. */

import { AuricleError } from "../errors.ts";
import { readRun } from "./kinds.ts";
import { resumeOneRun, startOneRun } from "./one-run.ts";
import { transferOf } from "./requested.ts";
import { findRun } from "./run-folder.ts";
import type { RunControls, RunOutcome, RunRequest } from "./run-kind.ts";

/**
 * Begins a run in a folder of its own and trains. The folder is made only when data and model fit.
 * @throws AuricleError; a run whose training has begun can then be resumed.
 */
export async function startRun(
  request: RunRequest,
  place: { readonly out?: string },
  controls: RunControls,
): Promise<RunOutcome> {
  if (transferOf(request)?.how !== "auto") return startOneRun(request, place, controls);
  refuseComparison(controls);
  const { startComparison } = await comparison();
  return startComparison(request, place, controls);
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
  const { config } = await readRun(await findRun(path));
  const isCompared = config.transfer?.how === "auto" || config.transfer?.compared !== undefined;
  if (!isCompared) return resumeOneRun(path, wanted, controls);
  refuseComparison(controls);
  const { resumeComparison } = await comparison();
  return resumeComparison(path, wanted, controls);
}

/** Loads what few trainings need: a page gets it when it first asks for it. */
function comparison() {
  return import("./transfer/compare-ways.ts");
}

/** @throws AuricleError "unsupported" where several processes train: they train one run */
function refuseComparison({ ranks }: RunControls): void {
  if (!ranks) return;
  throw new AuricleError(
    "unsupported",
    "train: several processes train one run and cannot compare several ways of transfer; choose one, such as --transfer frozen, " +
      "or train without mpirun",
  );
}
