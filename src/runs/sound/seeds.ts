/** @file The same training with several seeds, which tells how much of a result is chance. Node only. */

import { join, resolve } from "node:path";
import type { SeedRun } from "../../report/index.ts";
import { writeJson } from "../run-config.ts";
import { hasRun, RUNS_FOLDER, runName } from "../run-folder.ts";
import { shortDataName } from "./short-data-name.ts";
import type { EvaluationFigures } from "./sound-result.ts";
import type { SeedsOutcome, SoundControls, SoundOutcome, SoundRequest } from "./sound-run.ts";
import { resumeSoundRun, startSoundRun } from "./start-sound-run.ts";

/** The figures of all seeds, in the folder that holds the runs. */
const SUMMARY_NAME = "seeds.json";

/**
 * Trains with the seeds `request.seed`, `request.seed + 1`, … Each seed gives other first weights, other batches, and, where
 * the split is random, another split. The runs are in folders `seed-<n>`; those that are finished already are not trained
 * again, and an unfinished one goes on.
 */
export async function trainSeeds(
  request: SoundRequest,
  { out, seeds }: { readonly out?: string; readonly seeds: number },
  controls: SoundControls,
): Promise<SeedsOutcome | SoundOutcome> {
  const about = { model: request.model, data: shortDataName(request.data) };
  const path = out === undefined ? join(resolve(RUNS_FOLDER), runName(about)) : resolve(out);
  const runs: SeedRun[] = [];
  let metrics: readonly string[] = [];
  for (let seed = request.seed; seed < request.seed + seeds; seed++) {
    const folder = join(path, `seed-${seed}`);
    controls.observer.note(`Seed ${seed}: ${seed - request.seed + 1} of ${seeds}`);
    const outcome = (await hasRun(folder))
      ? await resumeSoundRun(folder, controls)
      : await startSoundRun({ ...request, seed }, { out: folder }, controls);
    if (outcome.status === "interrupted") return outcome;
    const figures = figuresOfSeed(outcome.result.evaluations);
    metrics = [...figures.keys()];
    runs.push({ seed, values: [...figures.values()] });
    await writeJson(join(path, SUMMARY_NAME), { metrics, runs });
  }
  return { status: "seeds", path, metrics, seeds: runs };
}

/** What is compared between seeds. */
function figuresOfSeed(evaluations: readonly EvaluationFigures[]): Map<string, number> {
  const figures = new Map<string, number>();
  for (const evaluation of evaluations) {
    const { name } = evaluation;
    if (evaluation.task === "classification") figures.set(`${name} accuracy`, evaluation.accuracy);
    if (evaluation.task !== "regression") figures.set(`${name} macro-F1`, evaluation.macroF1);
    if (evaluation.task === "tagging" && evaluation.meanAveragePrecision !== null) {
      figures.set(`${name} mean average precision`, evaluation.meanAveragePrecision);
    }
    if (evaluation.task === "regression") {
      for (const output of evaluation.outputs) {
        figures.set(`${name} error of ${output.name}`, output.meanAbsoluteError);
      }
    }
  }
  return figures;
}
