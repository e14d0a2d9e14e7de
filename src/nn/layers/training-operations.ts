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
