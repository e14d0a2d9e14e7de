/** @file An explanation as data for a page with pictures and sounds. Browser-safe. */

import type { ExplanationData } from "../../report/index.ts";
import { shownOutputs } from "./answers.ts";
import { drawPicture } from "./draw-picture.ts";
import { drawRecording } from "./draw-recording.ts";
import type { Explanation } from "./explanation.ts";

/** Draws what a session's `explain` gives. @param names of the file and of the model, short */
export async function drawExplanation(
  explanation: Explanation,
  { title, model }: Pick<ExplanationData, "title" | "model">,
): Promise<ExplanationData> {
  const { outputs, classNames, notes } = explanation;
  const drawn = explanation.kind === "picture" ? drawPicture(explanation) : await drawRecording(explanation);
  return {
    title,
    model,
    createdAt: new Date().toISOString(),
    ...(explanation.kind === "recording" && explanation.part !== undefined && { part: explanation.part }),
    explained: classNames[explanation.class],
    outputs: shownOutputs(explanation, outputs, explanation.class),
    ...drawn,
    notes,
  };
}
