/** @file The operations that layers use in training alone. Layers are given them, so that a page which only predicts loads none. */
import { batchNormTraining } from "../../ops/batch-norm-training.ts";
import { alphaDropout, dropout, spatialDropout } from "../../ops/dropout.ts";
import { randomNormal } from "../../ops/random.ts";

export const TRAINING_OPERATIONS = {
  alphaDropout,
  batchNormTraining,
  dropout,
  randomNormal,
  spatialDropout,
} as const;

export type TrainingOperations = typeof TRAINING_OPERATIONS;

/** The same for a share of a batch: its random numbers are those that one process draws for these examples. */
export function trainingOperationsFrom(firstExample: number): TrainingOperations {
  if (firstExample === 0) return TRAINING_OPERATIONS;
  return {
    ...TRAINING_OPERATIONS,
    alphaDropout: (x, options) => alphaDropout(x, { ...options, firstExample }),
    dropout: (x, options) => dropout(x, { ...options, firstExample }),
    randomNormal: (shape, key, salt) => randomNormal(shape, key, salt, firstExample),
    spatialDropout: (x, options) => spatialDropout(x, { ...options, firstExample }),
  };
}
