/** @file Models that Keras saved, with what it makes of an input. For tests alone. */
import { inflateSync } from "node:zlib";
import { z } from "zod";
import type { FloatArray } from "../../../tensor/array.ts";
import { content, readForeignFiles } from "../../testing/foreign-files.ts";

const array = z
  .object({ shape: z.array(z.number()), base64: content })
  .transform(({ shape, base64 }): FloatArray => ({ shape, data: new Float32Array(base64.slice().buffer) }));

const cases = z.array(
  z.object({
    name: z.string(),
    inputs: z.array(array),
    outputs: z.array(array),
    files: z.record(
      z.string(),
      content.transform((bytes) => new Uint8Array(inflateSync(bytes))),
    ),
  }),
);

/** Those of Keras 3: `.keras`, `.h5` and `.weights.h5`. */
export const KERAS_3 = readForeignFiles("keras", { cases }).cases;

/** Those of Keras 2: `.h5`. */
export const KERAS_2 = readForeignFiles("keras2", { cases }).cases;
