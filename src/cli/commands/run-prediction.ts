/** @file A prediction by a session, and its output: what `auricle predict` and `auricle tag` share. */

import { openSession, type ModelFacts } from "../../session/index.ts";
import type { CommandContext } from "../context.ts";
import { CSV_STDOUT } from "../csv-output.ts";
import { progressOn } from "../progress.ts";
import { warner } from "../warner.ts";
import type { PredictOptions } from "./predict-options.ts";
import type { PredictionOutput } from "./prediction-output.ts";

/**
 * Predicts files, and images of the test part.
 * @param place the model: a run's folder, a model file or a pretrained model's name
 * @param outputOf makes the output once it is known what the model takes
 */
export async function runPrediction(
  place: string,
  files: readonly string[],
  options: Omit<PredictOptions, "top">,
  outputOf: (model: ModelFacts) => PredictionOutput,
  { terminal, setExitCode }: CommandContext,
): Promise<void> {
  const { index: tested, threads, precision, strict, dataFolder, download, hop, json = false, csv } = options;
  const warn = warner(terminal, json);
  const obtaining = progressOn(terminal, json || csv === CSV_STDOUT);
  let output: PredictionOutput | undefined;
  try {
    const unread = await openSession()
      .predict(place, files, {
        tested,
        threads,
        precision,
        strict,
        dataFolder,
        download,
        hopSeconds: hop,
      })
      .listen((event) => {
        if (event.kind === "warning") warn(event.text);
        else if (event.kind === "model") output = outputOf(event.model);
        else if (output) output.show(event);
        // A model that is downloaded first.
        else if (event.kind === "obtaining") obtaining.show(event);
      });
    if (unread > 0) setExitCode(1);
  } finally {
    obtaining.end();
    output?.close();
  }
  output?.sum();
}
