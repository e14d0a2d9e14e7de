/** @file Explains a trained model's answer to a file or an example. Browser-safe. */

import { checkOptions } from "../../options.ts";
import type { TrainedModel } from "../trained-model.ts";
import { findInput, type ExplainedInput } from "./explained-input.ts";
import { explainPicture } from "./explain-picture.ts";
import { explainRecording } from "./explain-recording.ts";
import { EXPLAIN_OPTIONS, type ExplainOptions, type Explanation } from "./explanation.ts";

/** @throws AuricleError as `findInput`, `explainPicture` and `explainRecording`; "argument" for an option that there is not */
export async function explainFile(
  trained: TrainedModel,
  input: ExplainedInput,
  options: ExplainOptions,
  signal?: AbortSignal,
): Promise<Explanation> {
  checkOptions("explain", options, EXPLAIN_OPTIONS, "model, file, ");
  const explain = trained.kind === "images" ? explainPicture : explainRecording;
  return explain(trained, await findInput(trained, input), options, signal);
}
