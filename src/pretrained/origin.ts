/** @file Where a model's weights come from, stored in the model file's metadata. Browser-safe. */

import * as z from "zod/mini";
import { AuricleError } from "../errors.ts";
import { checkValue } from "../io/check-value.ts";
import type { Json } from "../nn/index.ts";

/** The origin of published weights. Texts are to be shown to whoever gets the model. */
export interface Origin {
  /** The name under which its authors published it. */
  readonly name: string;
  readonly licence: string;
  /** The licence's whole text, which has to stay with all copies. */
  readonly licenceText?: string;
  readonly citation: string;
  readonly homepage: string;
  /** The file that the weights are from, and its SHA-256. */
  readonly file: string;
  readonly sha256: string;
}

/** The key of the metadata. */
const KEY = "origin";

const schema = z.strictObject({
  name: z.string(),
  licence: z.string(),
  licenceText: z.optional(z.string()),
  citation: z.string(),
  homepage: z.string(),
  file: z.string(),
  sha256: z.string(),
});

/** The metadata that name the origin of a model's weights: `model.metadata = { ...model.metadata, ...originMetadata({ … }) }`. */
export function originMetadata(origin: Origin): Record<string, Json> {
  return { [KEY]: { ...origin } };
}

/**
 * Reads where a model's weights come from.
 * @param source the model's file, for messages
 * @returns undefined if the metadata do not say
 * @throws AuricleError "file" for metadata in a format that this version cannot read.
 */
export function originOf(metadata: Readonly<Record<string, Json>>, source: string): Origin | undefined {
  if (!(KEY in metadata)) return undefined;
  const parsed = checkValue(schema, metadata[KEY]);
  if (parsed.success) return parsed.data;
  throw new AuricleError(
    "file",
    `${source}: this version of Auricle cannot read its origin:\n${parsed.problem}`,
  );
}
