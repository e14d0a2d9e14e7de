/** @file The first epoch of a run on a frozen network: its head, trained to convergence on features that are computed once. Browser-safe. */

import type { Example } from "../../data/audio/index.ts";
import { indexOfLargest } from "../../audio-model/outputs.ts";
import { headOf, type LinearHead, type Model } from "../../nn/index.ts";
import type { TrainingObserver } from "../observer.ts";
import type { Job } from "../run-kind.ts";
import { answerOf, convergedHead, type HeadExample } from "./converged-head.ts";
import { frozenFeatures } from "./frozen-features.ts";
import { describeHead, type HeadChoice } from "./head-choice.ts";

/** The figures of a trained head. */
export interface TrainedHead {
  readonly choice: HeadChoice;
  /** The mean loss over the training windows, each clip with the same weight. */
  readonly loss: number;
  /** The share of training examples that it answers rightly, in a classification; null otherwise. */
  readonly accuracy: number | null;
}

/**
 * Gives a model the head that its frozen part allows.
 * @throws the signal's reason; AuricleError as the reading of the examples
 */
export async function trainHead(
  job: Omit<Job, "path">,
  model: Model,
  { observer, signal }: { readonly observer: TrainingObserver; readonly signal: AbortSignal | undefined },
): Promise<TrainedHead> {
  const { config, parts, targetScale } = job;
  const all = [...parts.train, ...parts.validation];
  const unit = config.kind === "sound" ? "clips" : "images";
  const features = await frozenFeatures(job, model, all, {
    signal,
    onProgress: (progress) => observer.preparing({ ...progress, unit: `${unit} through the frozen network` }),
  });
  const scaled = targetScale ? targetScale.standardiseExamples(all) : all;
  const weights = classWeights(job);
  const examples = scaled.map((example, i) => headExample(example, features.rows[i], weights));
  const { head, choice } = await convergedHead(
    config.task,
    examples.slice(0, parts.train.length),
    examples.slice(parts.train.length),
    { width: features.width, strengths: config.transfer?.strengths ?? [], seed: config.seed, signal },
  );
  const { name } = headOf(model.network);
  model.setWeights(
    new Map([...model.getWeights(), [`${name}/kernel`, head.kernel], [`${name}/bias`, head.bias]]),
  );
  const cached = features.found > 0 ? ` Of ${all.length} ${unit}, ${features.found} were in the cache.` : "";
  observer.note(
    `${describeHead(choice)} Examples are not changed at random, as their features are computed once.${cached}`,
  );
  const right = examples.slice(0, parts.train.length).filter((example) => isRight(head, example)).length;
  const accuracy = config.task === "classification" ? right / parts.train.length : null;
  return { choice, loss: head.loss, accuracy };
}

function headExample(
  { target, group, label }: Example,
  rows: Float32Array,
  weights: ReadonlyMap<number, number>,
): HeadExample {
  return { rows, target, group, weight: weights.get(label) ?? 1 };
}

/** With balance, all examples of a class together have the same weight as those of another. */
function classWeights({ config, parts }: Omit<Job, "path">): ReadonlyMap<number, number> {
  if (config.balance === "none" || config.task !== "classification") return new Map();
  const counts = new Map<number, number>();
  for (const { label } of parts.train) counts.set(label, (counts.get(label) ?? 0) + 1);
  const mean = parts.train.length / counts.size;
  return new Map([...counts].map(([label, count]) => [label, mean / count]));
}

function isRight(head: LinearHead, example: HeadExample): boolean {
  return indexOfLargest(answerOf("classification", head, example)) === indexOfLargest(example.target);
}
