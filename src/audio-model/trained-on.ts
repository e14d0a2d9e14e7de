/**
 * @file The record of a model's training data, stored with its weights in the model file's metadata, so that a test on
 * recordings can leave out those that the model knows. Browser-safe.
 */

import * as z from "zod/mini";
import { AuricleError } from "../errors.ts";
import {
  bytesInBase64,
  hashBytesFor,
  packHashes,
  SHORT_HASH,
  unpackHashes,
  WHOLE_HASH,
} from "../data/collection/content-hashes.ts";
import { checkValue } from "../io/check-value.ts";
import type { Json } from "../nn/index.ts";
import { checkOptions } from "../options.ts";

/** A data set that a model was trained on. */
export interface TrainedOnSource {
  /** Its name, or the absolute path of a folder or a list. */
  readonly data: string;
  /** Whether all recordings that the model learnt from are listed. Default false: only the name is known. */
  readonly isListed?: boolean;
}

/** All that a model's weights were trained on, the trainings whose weights it began with included. */
export interface TrainedOn {
  /** The first training's first. */
  readonly sources: readonly TrainedOnSource[];
  /**
   * SHA-256 of the files that it was trained on, hexadecimal; where these and those of validation are more than 2,000, the
   * first 16 digits of each are kept. Default none.
   */
  readonly train?: readonly string[];
  /** The same of those by which its best epoch was chosen. */
  readonly validation?: readonly string[];
}

/** The key of the metadata. */
const KEY = "trainedOn";

/** Checks that a list has nothing but whole hashes. Metadata of versions that kept all hashes whole do not say in how many bytes. */
const wholeHashes = (list: "train" | "validation") =>
  z.refine<Partial<Record<typeof list, string>> & { hashBytes?: number }>(
    ({ [list]: text = "", hashBytes = WHOLE_HASH }) => bytesInBase64(text) % hashBytes === 0,
    { path: [list], error: "must be whole hashes" },
  );

const schema = z
  .strictObject({
    sources: z
      .array(z.strictObject({ data: z.string(), isListed: z.optional(z.boolean()) }))
      .check(z.minLength(1)),
    hashBytes: z.optional(z.union([z.literal(SHORT_HASH), z.literal(WHOLE_HASH)])),
    /** The hashes' first bytes, one hash after the other. */
    train: z.optional(z.base64()),
    validation: z.optional(z.base64()),
  })
  .check(wholeHashes("train"), wholeHashes("validation"));

/**
 * Metadata that name a model's training data: `model.metadata = { ...model.metadata, ...trainedOnMetadata({ … }) }`. For a
 * network from elsewhere, the name of its training set alone is already useful: `{ sources: [{ data: "AudioSet" }] }`.
 */
export function trainedOnMetadata(trainedOn: TrainedOn): Record<string, Json> {
  checkOptions("trainedOnMetadata", trainedOn, { sources: true, train: true, validation: true });
  const { sources, train = [], validation = [] } = trainedOn;
  const hashBytes = hashBytesFor([...train, ...validation]);
  return {
    [KEY]: {
      sources: sources.map(({ data, isListed = false }) => ({ data, isListed })),
      hashBytes,
      train: packHashes(train, hashBytes),
      validation: packHashes(validation, hashBytes),
    },
  };
}

/**
 * Reads a model's training data from its metadata.
 * @param source the model's file, for messages
 * @returns undefined if the metadata do not say
 * @throws AuricleError "file" for metadata in a format that this version cannot read.
 */
export function trainedOn(
  metadata: Readonly<Record<string, Json>>,
  source: string,
): Required<TrainedOn> | undefined {
  if (!(KEY in metadata)) return undefined;
  const parsed = checkValue(schema, metadata[KEY]);
  if (parsed.success) {
    const { sources, train = "", validation = "", hashBytes = WHOLE_HASH } = parsed.data;
    return {
      sources,
      train: unpackHashes(train, hashBytes),
      validation: unpackHashes(validation, hashBytes),
    };
  }
  throw new AuricleError(
    "file",
    `${source}: this version of Auricle cannot read its training provenance:\n` + parsed.problem,
  );
}
