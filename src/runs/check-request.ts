/** @file Checks that the data can satisfy a request. */

import {
  nameProblems,
  nameUntrained,
  untrainedClasses,
  type Collection,
  type Example,
  type SplitParts,
  type SplitReport,
} from "../data/audio/index.ts";
import { findKnownDataset } from "../data/registry.ts";
import { AuricleError } from "../errors.ts";
import { transferOf } from "./requested.ts";
import type { RunRequest } from "./run-kind.ts";
import type { TrainingConfig } from "./training-config.ts";

/** @throws AuricleError "argument" where the data cannot be read in the way that was asked for. */
export function checkReading(
  { data, splitName, task: asked }: RunRequest,
  { name, task, words }: Collection,
): void {
  if (splitName !== undefined && !findKnownDataset(data)) {
    throw new AuricleError(
      "argument",
      `train: a split's name is for data sets known by name, and ${name} is a folder or a list: leave it out; a column ` +
        `or folders may say which part ${words.aFile} is in`,
    );
  }
  if (asked !== undefined && asked !== task) {
    throw new AuricleError(
      "argument",
      `train: the task ${asked} is for lists with such labels; ${name} is for ${task}: leave it out`,
    );
  }
}

/** @throws AuricleError "argument" for what such data have no use for, "data" when there is nothing to tell apart. */
export function checkRequest(
  request: RunRequest,
  { task, name, examples, classNames, problems, words }: Collection,
  parts: SplitParts<Example>,
): void {
  const { balance, labelSmoothing, patience } = request;
  const refuse = (what: string, wanted: string) =>
    new AuricleError("argument", `train: ${what} needs ${wanted}; "${name}" is for ${task}: leave it out`);
  if (balance !== undefined && balance !== "none" && task !== "classification") {
    throw refuse(`balance "${balance}"`, `one class for each ${words.file}`);
  }
  if (labelSmoothing && task === "regression") throw refuse("label smoothing", "classes or tags");
  if (typeof patience === "number" && parts.validation.length === 0) {
    throw new AuricleError(
      "argument",
      "train: patience needs a validation part; hold one out, or leave it out",
    );
  }
  if (transferOf(request)?.how === "fine-tuned" && parts.validation.length === 0) {
    throw new AuricleError(
      "argument",
      "train: fine-tuning needs a validation part, on which it is compared with the frozen network; hold one out, or take --transfer frozen",
    );
  }
  const labels = new Set(examples.map(({ label }) => label));
  if (task === "classification" && labels.size < 2) {
    const [label] = labels;
    throw new AuricleError(
      "data",
      `${name}: of its ${classNames.length} classes only "${classNames[label]}" has ${words.files} that can be read ` +
        `(${problems.length} cannot: ${nameProblems(problems)}); a classifier needs at least two`,
    );
  }
}

/**
 * Checks that every class in the validation and test sets has training examples: an example of a class without them is certain to be
 * misclassified. Tags are predicted independently, so there the split's own warning suffices.
 * @throws AuricleError "data" where validation or test have classes without training examples, and this is not forced.
 */
export function checkTrained(
  { force = false }: Pick<TrainingConfig["split"], "force">,
  { name, task, classNames, problems, words }: Collection,
  { origin, parts }: SplitReport,
): void {
  const untrained = task === "classification" && !force ? untrainedClasses(classNames, parts) : [];
  if (untrained.length === 0) return;
  const lost =
    problems.length > 0 ? `. ${problems.length} files cannot be used: ${nameProblems(problems)}` : "";
  const own = origin === "official" ? ", make a new split (--no-official-split)" : "";
  throw new AuricleError(
    "data",
    `${name}: training has no ${words.example} of ${nameUntrained(untrained)}: the model would be tested on classes that it cannot predict. Add ` +
      `training ${words.examples} of these classes, leave the classes out${own}, or force the split (--force-split), which every report then mentions${lost}`,
  );
}
