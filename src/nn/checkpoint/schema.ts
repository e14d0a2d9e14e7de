/** @file What stands in a model file beside the numbers: checked before any of it is used. */
import { z } from "zod";
import type { Json } from "../model-options.ts";

/** The version of the format described in model-bytes.ts. */
export const FORMAT_VERSION = 1;

const shape = z.array(z.int().positive());
const config = z.record(z.string(), z.unknown());

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);

const outputs = z.object({
  form: z.enum(["list", "named"]),
  values: z.array(z.object({ name: z.string(), value: z.int().nonnegative() })).min(1),
});

export const modelSchema = z.object({
  network: z.object({
    name: z.string(),
    seed: z.int(),
    inputs: z.array(z.object({ name: z.string(), shape, axisNames: z.array(z.string()).optional() })).min(1),
    layers: z.array(z.object({ className: z.string(), config })).min(1),
    nodes: z.array(z.object({ layer: z.int().nonnegative(), inputs: z.array(z.int().nonnegative()) })),
    output: z.union([z.int().nonnegative(), outputs]),
  }),
  metadata: z.record(z.string(), json),
});

const count = z.int().nonnegative();

/** null for a loss function of the user's. */
const loss = z
  .object({
    name: z.string(),
    labelSmoothing: z.number().optional(),
    delta: z.number().optional(),
    ignoreIndex: z.number().optional(),
  })
  .nullable();

export const trainingSchema = z.object({
  optimizer: z.object({ name: z.string(), config }),
  loss,
  /** Those that a name stands for. */
  metrics: z.array(z.string()),
  /** Of a model with several outputs or weights of losses, in place of the two above. */
  outputs: z
    .array(z.object({ name: z.string(), loss, lossWeight: z.number(), metrics: z.array(z.string()) }))
    .min(1)
    .optional(),
  step: count,
  epoch: count,
  learningRateOverride: z.number().nonnegative().nullable(),
  /** Of a schedule that watches the training. */
  plateau: z
    .object({ learningRate: z.number(), best: z.number().nullable(), wait: count, cooldown: count })
    .nullable(),
  /** null stands for NaN and infinities. */
  history: z.record(z.string(), z.array(z.number().nullable())),
  callbacks: z.array(
    z.object({
      name: z.string(),
      values: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
      hasWeights: z.boolean(),
    }),
  ),
});

/** Model and metadata, as stored. */
export type StoredModel = z.output<typeof modelSchema>;

/** A training's state, as stored, without its tensors. */
export type StoredTraining = z.output<typeof trainingSchema>;
