/** @file The same small network, trained with several losses on the same batches from the same weights. */
import {
  conv2d,
  dense,
  flatten,
  floatArray,
  intArray,
  maxPooling2d,
  sequential,
  sgd,
  type Model,
  type Tensor,
} from "auricle";
import { digitsDataset, type Dataset } from "auricle/data";
import { mean, oneHot, softmax, square, subtract } from "auricle/ops";
import { parseLoss, traceLoss } from "./loss-language.ts";
import { crossEntropyOf, type LossName } from "./losses.ts";

export interface Report {
  readonly step: number;
  /** The step at which the training ends by itself. */
  readonly lastStep: number;
  /** The share of the test digits that are right, 0 … 1; NaN for a training that has ended. */
  readonly accuracies: Readonly<{ [Name in LossName]?: number }>;
  /** Why trainings ended. */
  readonly problems: Readonly<{ [Name in LossName]?: string }>;
}

const CLASSES = 10;
const BATCH = 32;
const TRAIN_COUNT = 2000;
const TEST_COUNT = 300;
const BETWEEN_TESTS = 10;
const LAST_STEP = 600;

function network(): Model {
  return sequential(
    [
      conv2d({ filters: 8, kernelSize: 5, strides: 2, activation: "relu", inputShape: [28, 28, 1] }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: CLASSES }),
    ],
    { seed: 1 },
  );
}

type Loss = (targets: Tensor, outputs: Tensor) => Tensor;

/** The losses with their names, of int32 labels [N] and outputs [N, 10]. */
function lossesWith(own: string): readonly { readonly name: LossName; readonly loss: Loss }[] {
  const expression = parseLoss(own);
  const exact = (targets: Tensor) => oneHot(targets, CLASSES);
  return [
    { name: "crossEntropy", loss: (targets, z) => crossEntropyOf(exact(targets), z) },
    { name: "squared", loss: (targets, z) => mean(square(subtract(z, exact(targets)))) },
    { name: "twice", loss: (targets, z) => crossEntropyOf(exact(targets), softmax(z)) },
    {
      name: "own",
      loss: (targets, z) => mean(traceLoss(expression, { y: exact(targets), p: softmax(z), z })),
    },
  ];
}

interface Contender {
  readonly name: LossName;
  readonly model: Model;
  problem?: string;
}

/**
 * Trains until the last step or until it is stopped.
 * @throws an error for a typed loss that cannot be read
 */
export async function trainSideBySide(
  own: string,
  tell: (report: Report) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const contenders = lossesWith(own).map(({ name, loss }): Contender => {
    const model = network();
    model.compile({ optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }), loss });
    return { name, model };
  });
  const training = digitsDataset({ count: TRAIN_COUNT });
  const test = await readAll(digitsDataset({ role: "test", count: TEST_COUNT }));
  for (let step = 0; step <= LAST_STEP && !signal.aborted; step++) {
    if (step % BETWEEN_TESTS === 0) {
      await tell(await reportOf(contenders, step, test));
      // A turn for messages, such as the one that stops.
      await new Promise((resolve) => setTimeout(resolve));
    }
    const first = (step * BATCH) % (TRAIN_COUNT - BATCH);
    const { images, labels } = await read(
      training,
      Array.from({ length: BATCH }, (_, i) => first + i),
    );
    for (const contender of contenders) {
      if (contender.problem !== undefined) continue;
      try {
        await contender.model.trainOnBatch(images, labels);
      } catch (error) {
        contender.problem = error instanceof Error ? error.message : String(error);
      }
    }
  }
}

async function reportOf(
  contenders: readonly Contender[],
  step: number,
  { images, labels }: Awaited<ReturnType<typeof read>>,
): Promise<Report> {
  const accuracies: { [Name in LossName]?: number } = {};
  const problems: { [Name in LossName]?: string } = {};
  for (const { name, model, problem } of contenders) {
    if (problem !== undefined) {
      problems[name] = problem;
      accuracies[name] = Number.NaN;
      continue;
    }
    const { data } = await model.predict(images, { batchSize: 100 });
    accuracies[name] = shareRight(data, labels.data);
  }
  return { step, lastStep: LAST_STEP, accuracies, problems };
}

function shareRight(outputs: ArrayLike<number>, labels: ArrayLike<number>): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    const row = Array.from({ length: CLASSES }, (_, c) => outputs[i * CLASSES + c] ?? 0);
    if (row.indexOf(Math.max(...row)) === labels[i]) right++;
  }
  return right / labels.length;
}

function readAll(dataset: Dataset) {
  return read(
    dataset,
    Array.from({ length: dataset.length }, (_, i) => i),
  );
}

async function read(dataset: Dataset, indices: readonly number[]) {
  const images = new Float32Array(indices.length * 784);
  const labels = new Int32Array(indices.length);
  await dataset.read(indices, images, labels);
  return {
    images: floatArray(images, [indices.length, 28, 28, 1]),
    labels: intArray(labels, [indices.length]),
  };
}
