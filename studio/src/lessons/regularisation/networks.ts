/** @file The lesson's network, plain and with what keeps it from learning its few examples by heart. */
import {
  activation,
  adam,
  averagePooling2d,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  Generator,
  maxPooling2d,
  sequential,
  type Layer,
  type Model,
} from "auricle";
import { pickDigits, type Digits } from "../digits.ts";

export const VARIANT_NAMES = ["plain", "dropout", "batchNorm", "both"] as const;
export type VariantName = (typeof VARIANT_NAMES)[number];

export const VARIANTS: Readonly<Record<VariantName, { readonly title: string }>> = {
  plain: { title: "Neither" },
  dropout: { title: "Dropout" },
  batchNorm: { title: "Batch normalisation" },
  both: { title: "Both" },
};

/** Training digits to choose from. */
export const MOST_DIGITS = 500;

export interface NetworkRequest {
  readonly variant: VariantName;
  /** The share of the dense layer's values that dropout sets to 0. */
  readonly rate: number;
  readonly seed: number;
}

/** The share of the running statistics that stays at each step; Keras' 0.99 would need more steps than there are here. */
export const MOMENTUM = 0.9;

/** Two convolutions and a dense layer of 128 on pictures of 14 × 14: some 20,000 parameters. */
export function networkOf({ variant, rate, seed }: NetworkRequest): Model {
  const normalised = variant === "batchNorm" || variant === "both";
  const between = (): Layer[] => [
    ...(normalised ? [batchNormalization({ momentum: MOMENTUM })] : []),
    activation({ activation: "relu" }),
  ];
  const model = sequential(
    [
      averagePooling2d({ poolSize: 2, inputShape: [28, 28, 1] }),
      conv2d({ filters: 8, kernelSize: 3, padding: "same", kernelInitializer: "heNormal" }),
      ...between(),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 16, kernelSize: 3, padding: "same", kernelInitializer: "heNormal" }),
      ...between(),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 128, kernelInitializer: "heNormal" }),
      ...between(),
      ...(variant === "dropout" || variant === "both" ? [dropout({ rate })] : []),
      dense({ units: 10 }),
    ],
    { seed, threads: 1 },
  );
  model.compile({
    optimizer: adam({ learningRate: 0.003 }),
    loss: "softmaxCrossEntropy",
    metrics: ["accuracy"],
  });
  return model;
}

/** The examples of an epoch's batches, each of the full size; which come last and are left out differs from epoch to epoch. */
export function epochBatches(digits: Digits, batchSize: number, seed: number, epoch: number): Digits[] {
  const count = digits.labels.data.length;
  const size = Math.min(batchSize, count);
  const order = new Generator(seed * 1000 + epoch).shuffle(Array.from({ length: count }, (_, i) => i));
  return Array.from({ length: Math.floor(count / size) }, (_, i) =>
    pickDigits(digits, order.slice(i * size, (i + 1) * size)),
  );
}

/** The figures of one epoch, all in inference: nothing is dropped, and running statistics normalise. */
export interface EpochFigures {
  readonly trainingLoss: number;
  readonly validationLoss: number;
  readonly trainingAccuracy: number;
  readonly validationAccuracy: number;
}

export async function figuresOf(model: Model, training: Digits, validation: Digits): Promise<EpochFigures> {
  const [own, others] = [
    await model.evaluate(training.pictures, training.labels, { batchSize: 50 }),
    await model.evaluate(validation.pictures, validation.labels, { batchSize: 50 }),
  ];
  return {
    trainingLoss: own.loss,
    validationLoss: others.loss,
    trainingAccuracy: own.accuracy,
    validationAccuracy: others.accuracy,
  };
}
