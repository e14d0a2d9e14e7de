/** @file Predictions as JSON, as the command writes them and a server answers: one form for both. Browser-safe. */

import type { PicturePrediction } from "./images/predict-pictures.ts";
import type { RecordingPrediction } from "./sound/predict-recordings.ts";

/** The outputs of a model, and their names. */
export type NamedOutputs = Pick<RecordingPrediction, "classNames" | "outputs">;

/** Chooses the tags that a recording gets. */
export type ChooseTags = (answer: NamedOutputs) => string[];

/** A tag counts as given from this probability on. */
const TAG_THRESHOLD = 0.5;

/** Indices from the largest output to the smallest. */
export function order(outputs: Float32Array): number[] {
  return Array.from(outputs.keys()).sort((a, b) => outputs[b] - outputs[a] || a - b);
}

/** The tags that are given, in the order of the model. */
export function tagsOf({ classNames, outputs }: NamedOutputs): string[] {
  return classNames.filter((_, tag) => outputs[tag] >= TAG_THRESHOLD);
}

/** A recording's prediction without its name: the answer, and the outputs of all and of each window. */
export function recordingJson(
  prediction: Omit<RecordingPrediction, "path">,
  chooseTags: ChooseTags = tagsOf,
): object {
  const { seconds, isSilent, task, classNames, outputs, windows, outside, heardIn } = prediction;
  const named = naming(classNames);
  const key = keyOf(task);
  return {
    seconds,
    ...(heardIn && { heardIn }),
    ...(isSilent && { silent: true }),
    // What the model says of silence is no answer; its figures are below all the same.
    ...(task === "classification" && { class: isSilent ? null : classNames[order(outputs)[0]] }),
    ...(task === "tagging" && { tags: isSilent ? [] : chooseTags(prediction) }),
    [key]: named(outputs),
    ...(outside && { outside }),
    windows: windows.map(({ start, end, outputs: values }) => ({ start, end, [key]: named(values) })),
  };
}

/** A picture's prediction without its name. */
export function pictureJson(prediction: Omit<PicturePrediction, "path">): object {
  const { example, target, task, classNames, outputs, seenIn } = prediction;
  const named = naming(classNames);
  return {
    ...(example !== undefined && { example }),
    ...(seenIn && { seenIn }),
    ...(task === "classification" && { class: classNames[order(outputs)[0]] }),
    ...(task === "classification" && target && { trueClass: classNames[target.indexOf(1)] }),
    ...(task === "tagging" && { tags: tagsOf(prediction) }),
    ...(task === "tagging" && target && { trueTags: tagsOf({ classNames, outputs: target }) }),
    [keyOf(task)]: named(outputs),
    ...(task === "regression" && target && { trueValues: named(target) }),
  };
}

function keyOf(task: RecordingPrediction["task"]): "values" | "probabilities" {
  return task === "regression" ? "values" : "probabilities";
}

function naming(classNames: readonly string[]): (values: Float32Array) => Record<string, number> {
  return (values) => Object.fromEntries(classNames.map((name, index) => [name, values[index]]));
}
