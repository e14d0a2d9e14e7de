/** @file Predictions of a run's model for examples of its own test part, by their numbers. Node only. */

import { AuricleError } from "../../errors.ts";
import { readRun } from "../kinds.ts";
import type { ReadControls } from "../run-kind.ts";
import { fileContentOf, readSplit } from "../split-file.ts";
import { runFolderOf } from "../tested-examples.ts";
import type { TrainedModel } from "../trained-model.ts";
import type { PicturePrediction } from "./predict-pictures.ts";

/** @throws AuricleError "argument" for a model without its run, and for a number that the test part has not. */
export async function predictTested(
  { path: place, model }: TrainedModel,
  numbers: readonly number[],
  controls: ReadControls,
  show: (prediction: PicturePrediction) => void,
): Promise<void> {
  const path = await runFolderOf(place);
  if (path === undefined) {
    throw new AuricleError(
      "argument",
      `${place}: the images of a test part are those of a run; name the run's folder`,
    );
  }
  const { kind, config } = await readRun(path);
  const collection = await kind.open(config.data, { ...controls, ...config.reading });
  const store = await kind.prepare(collection, config, controls);
  const { parts } = await readSplit(path, kind.readable(collection, store), fileContentOf(store));
  const outside = numbers.find((number) => number >= parts.test.length);
  if (outside !== undefined) {
    throw new AuricleError(
      "argument",
      `predict: the test part of ${path} has the examples 0 … ${parts.test.length - 1}; got ${outside}`,
    );
  }
  const { task, classNames } = config;
  const targetScale = task === "regression" ? kind.scaleOf(model, path) : undefined;
  const examples = numbers.map((number) => parts.test[number]);
  const evaluated = await kind.evaluate(
    { model, config, task, targetScale, signal: controls.signal },
    store,
    examples,
  );
  evaluated.examples.forEach(({ example: { id, target }, outputs }, i) =>
    show({ path: id, example: numbers[i], target, task, classNames, outputs }),
  );
}
