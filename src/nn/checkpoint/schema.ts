/** @file The description of a model in a model file: checked before any of it is used. */
import * as z from "zod/mini";
import type { Json } from "../model-options.ts";

/** The version of the format described in model-bytes.ts. */
export const FORMAT_VERSION = 1;

const count = z.int().check(z.nonnegative());
const shape = z.array(z.int().check(z.positive()));
const config = z.record(z.string(), z.unknown());

const json: z.ZodMiniType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);

const outputs = z.object({
  form: z.enum(["list", "named"]),
  values: z.array(z.object({ name: z.string(), value: count })).check(z.minLength(1)),
});

/** A network's graph, as stored. */
export const networkSchema = z.object({
  name: z.string(),
  seed: z.int(),
  inputs: z
    .array(z.object({ name: z.string(), shape, axisNames: z.optional(z.array(z.string())) }))
    .check(z.minLength(1)),
  layers: z.array(z.object({ className: z.string(), config })).check(z.minLength(1)),
  nodes: z.array(z.object({ layer: count, inputs: z.array(count) })),
  output: z.union([count, outputs]),
});

export const modelSchema = z.object({
  network: networkSchema,
  metadata: z.record(z.string(), json),
});

/** Model and metadata, as stored. */
export type StoredModel = z.output<typeof modelSchema>;
