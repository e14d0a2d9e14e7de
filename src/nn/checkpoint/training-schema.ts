/** @file The state of a training in a model file, beside the numbers: checked before any of it is used. */
import * as z from "zod/mini";

const count = z.int().check(z.nonnegative());
const config = z.record(z.string(), z.unknown());

/** null for a loss function of the user's. */
const loss = z.nullable(
  z.object({
    name: z.string(),
    labelSmoothing: z.optional(z.number()),
    delta: z.optional(z.number()),
    ignoreIndex: z.optional(z.number()),
  }),
);

export const trainingSchema = z.object({
  optimizer: z.object({ name: z.string(), config }),
  loss,
  /** Those that a name stands for. */
  metrics: z.array(z.string()),
  /** For a model with several outputs or weights of losses, in place of the two above. */
  outputs: z.optional(
    z
      .array(z.object({ name: z.string(), loss, lossWeight: z.number(), metrics: z.array(z.string()) }))
      .check(z.minLength(1)),
  ),
  step: count,
  epoch: count,
  learningRateOverride: z.nullable(z.number().check(z.nonnegative())),
  /** The state of a schedule that watches the training. */
  plateau: z.nullable(
    z.object({ learningRate: z.number(), best: z.nullable(z.number()), wait: count, cooldown: count }),
  ),
  /** null stands for NaN and infinities. */
  history: z.record(z.string(), z.array(z.nullable(z.number()))),
  callbacks: z.array(
    z.object({
      name: z.string(),
      values: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
      hasWeights: z.boolean(),
    }),
  ),
});

/** A training's state, as stored, without its tensors. */
export type StoredTraining = z.output<typeof trainingSchema>;
