/** @file What cannot be asked of data once they are known. */

import type { AudioCollection, SplitParts } from "../../data/audio/index.ts";
import { findKnownDataset } from "../../data/registry.ts";
import { AuricleError } from "../../errors.ts";
import type { SoundRequest } from "./sound-run.ts";

/** @throws AuricleError "argument" where the data cannot be read in the way that was asked for. */
export function checkReading({ data, reading }: SoundRequest, { name, task }: AudioCollection): void {
  if (reading.splitName !== undefined && !findKnownDataset(data)) {
    throw new AuricleError(
      "argument",
      `train: a split's name is for data sets known by name, and ${name} is a folder or a list: leave it out; a column ` +
        "or folders may say which part a recording is in",
    );
  }
  if (reading.task !== undefined && reading.task !== task) {
    throw new AuricleError(
      "argument",
      `train: the task ${reading.task} is for lists with such labels; ${name} is for ${task}: leave it out`,
    );
  }
}

/** @throws AuricleError "argument" for what such data have no use for, "data" when there is nothing to tell apart. */
export function checkRequest(
  { balance, labelSmoothing, patience }: SoundRequest,
  { task, name, clips, classNames, problems }: AudioCollection,
  parts: SplitParts,
): void {
  const refuse = (what: string, wanted: string) =>
    new AuricleError("argument", `train: ${what} needs ${wanted}; "${name}" is for ${task}: leave it out`);
  if (balance !== undefined && balance !== "none" && task !== "classification") {
    throw refuse(`balance "${balance}"`, "one class for each recording");
  }
  if (labelSmoothing && task === "regression") throw refuse("label smoothing", "classes or tags");
  if (typeof patience === "number" && parts.validation.length === 0) {
    throw new AuricleError(
      "argument",
      "train: patience needs a validation part; hold one out, or leave it out",
    );
  }
  const labels = new Set(clips.map(({ label }) => label));
  if (task === "classification" && labels.size < 2) {
    const [label] = labels;
    throw new AuricleError(
      "data",
      `${name}: of its ${classNames.length} classes only "${classNames[label]}" has recordings that can be read ` +
        `(${problems.length} cannot, the first: ${problems[0].path}: ${problems[0].problem}); a classifier needs at ` +
        "least two",
    );
  }
}
