/** @file Models that TensorFlow.js saved, with what it makes of an input. For tests alone. */
import { inflateSync } from "node:zlib";
import { z } from "zod";
import { content, readForeignFiles } from "../../testing/foreign-files.ts";

const model = z.looseObject({
  modelTopology: z.looseObject({}),
  weightsManifest: z.tuple([
    z.looseObject({ paths: z.array(z.string()), weights: z.array(z.looseObject({ name: z.string() })) }),
  ]),
});

const cases = z.array(
  z.object({
    name: z.string(),
    model,
    shards: z.array(content.transform((bytes) => new Uint8Array(inflateSync(bytes)))),
    inputShape: z.array(z.number()),
    output: z.array(z.number()),
  }),
);

/** All of tools/oracle/files/tfjs.json. */
export const TFJS_CASES = readForeignFiles("tfjs", { cases }).cases;
export type TfjsCase = (typeof TFJS_CASES)[number];
