/** @file The form of all that the server answers: its types, and its OpenAPI document, are made of these schemas. */

import * as z from "zod";

/** By class, tag or number: a probability, or the value. */
const named = z.record(z.string(), z.number());

const outputs = {
  probabilities: named.optional().meta({ description: "By class or tag, 0 … 1; not in a regression." }),
  values: named.optional().meta({ description: "In a regression, by name." }),
};

export const windowSchema = z.object({
  start: z.number().meta({ description: "In seconds from the beginning." }),
  end: z.number(),
  ...outputs,
});

export const outsideSchema = z.object({
  quantity: z.enum(["bandwidth", "level", "noiseFloor"]),
  found: z.number(),
  trained: z.tuple([z.number(), z.number()]),
  leftOut: z.boolean().meta({ description: "Whether it makes no difference to what the model hears." }),
  message: z.string(),
});

const known = z.enum(["training", "validation"]);

/** The answer for one recording or picture. */
export const answerSchema = z.object({
  name: z.string().optional().meta({ description: "The file's name in a form; never used as a path." }),
  seconds: z.number().optional().meta({ description: "The length of a recording." }),
  silent: z
    .literal(true)
    .optional()
    .meta({ description: "Whether a recording is silent: then there is no answer." }),
  class: z.string().nullable().optional().meta({ description: "The most probable class; null for silence." }),
  tags: z.array(z.string()).optional(),
  ...outputs,
  windows: z.array(windowSchema).optional().meta({ description: "A recording's answers over time." }),
  outside: z
    .array(outsideSchema)
    .optional()
    .meta({ description: "In what a recording is unlike all that the model was trained on." }),
  heardIn: known
    .optional()
    .meta({ description: "The part of the training data that this very recording was in." }),
  seenIn: known
    .optional()
    .meta({ description: "The part of the training data that this very picture was in." }),
  warnings: z
    .array(z.string())
    .optional()
    .meta({ description: "Faults that did not keep it from being read." }),
});

export const problemSchema = z.object({
  type: z.string().meta({ description: "A URN, which names the kind of problem." }),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  requestId: z.string().optional(),
});

/** The model that answered. */
const answerer = {
  model: z.string(),
  version: z.int().meta({ description: "Counts from 1 how often the model was loaded." }),
};

export const predictionSchema = z.object({ ...answerer, ...answerSchema.shape });

/** The answers for the files of a form, in their order. */
export const predictionsSchema = z.object({
  ...answerer,
  answers: z.array(z.union([answerSchema, z.object({ name: z.string(), problem: problemSchema })])),
});

export const modelSchema = z.object({
  name: z.string(),
  version: z.int(),
  loaded: z.iso.datetime().meta({ description: "The time at which this version was loaded." }),
  kind: z.enum(["sound", "images"]),
  task: z.enum(["classification", "tagging", "regression"]),
  classNames: z.array(z.string()),
  input: z
    .array(z.int())
    .meta({ description: "The shape of what the network takes for one window or picture." }),
  windowSeconds: z.number().optional().meta({ description: "The length of a window of sound." }),
  sampleRate: z.number().optional().meta({ description: "In Hz; recordings of other rates are resampled." }),
  target: z
    .string()
    .meta({ description: "The kind of machine code that it runs as; the bits depend on it." }),
  precision: z.string(),
  sharedBatches: z.array(z.array(z.int())).meta({
    description: "Sizes of batches that give the same bits; requests share a batch within these alone.",
  }),
});

export const modelsSchema = z.object({ models: z.array(modelSchema), default: z.string() });

export const healthSchema = z.object({ status: z.enum(["ok", "loading", "stopping"]) });

/** The query of a prediction. */
export const querySchema = z.strictObject({
  model: z.string().max(200).optional().meta({ description: "The model's name; default: the first one." }),
  hop: z.coerce.number().min(0.01).max(3600).optional().meta({
    description: "Seconds between the beginnings of windows. Default: the fewest windows that cover all.",
  }),
  windows: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "Whether the answers over time are sent. Default true." }),
});

/** The first message of a live connection. */
export const liveStartSchema = z.strictObject({
  sampleRate: z.number().min(1000).max(192_000).meta({ description: "Of the samples that follow, in Hz." }),
  format: z.enum(["f32le", "s16le"]).meta({ description: "One channel, little-endian." }),
  hop: z
    .number()
    .min(0.1)
    .max(60)
    .optional()
    .meta({ description: "Seconds from answer to answer. Default 1." }),
  apiKey: z.string().max(1000).optional().meta({ description: "For pages, which cannot set headers." }),
});

/** The messages of a live connection. */
export const liveMessageSchema = z.discriminatedUnion("event", [
  z.object({
    event: z.literal("ready"),
    ...answerer,
    windowSeconds: z.number().meta({ description: "The seconds that an answer is about." }),
    hop: z.number(),
  }),
  z.object({
    event: z.literal("answer"),
    start: z.number().meta({ description: "In seconds from the first sample." }),
    end: z.number(),
    ...answerer,
    ...answerSchema.shape,
  }),
  z.object({ event: z.literal("problem"), ...problemSchema.shape }),
]);

export type Prediction = z.output<typeof predictionSchema>;
export type Predictions = z.output<typeof predictionsSchema>;
export type Answer = z.output<typeof answerSchema>;
export type ModelInfo = z.output<typeof modelSchema>;
export type ModelList = z.output<typeof modelsSchema>;
export type ProblemDetails = z.output<typeof problemSchema>;
export type Query = z.output<typeof querySchema>;
export type LiveStart = z.output<typeof liveStartSchema>;
export type LiveMessage = z.output<typeof liveMessageSchema>;
