/**
 * @file The record of a model's training data, stored with its weights in the model file's metadata, so that a test on
 * recordings can leave out those that the model knows. Browser-safe.
 */

import * as z from "zod/mini";
import { AuricleError } from "../errors.ts";
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
  /** SHA-256 of the files that it was trained on, hexadecimal. Default none. */
  readonly train?: readonly string[];
  /** The same of those by which its best epoch was chosen. */
  readonly validation?: readonly string[];
}

/** The key of the metadata. */
const KEY = "trainedOn";

/** Bytes of SHA-256. */
const HASH_BYTES = 32;

/** The hashes' bytes, one hash after the other. */
const hashes = z.optional(
  z.base64().check(z.refine((text) => bytesIn(text) % HASH_BYTES === 0, "must be whole hashes of 32 bytes")),
);

const schema = z.strictObject({
  sources: z
    .array(z.strictObject({ data: z.string(), isListed: z.optional(z.boolean()) }))
    .check(z.minLength(1)),
  train: hashes,
  validation: hashes,
});

/**
 * Metadata that name a model's training data: `model.metadata = { ...model.metadata, ...trainedOnMetadata({ … }) }`. For a
 * network from elsewhere, the name of its training set alone is already useful: `{ sources: [{ data: "AudioSet" }] }`.
 */
export function trainedOnMetadata(trainedOn: TrainedOn): Record<string, Json> {
  checkOptions("trainedOnMetadata", trainedOn, { sources: true, train: true, validation: true });
  const { sources, train = [], validation = [] } = trainedOn;
  return {
    [KEY]: {
      sources: sources.map(({ data, isListed = false }) => ({ data, isListed })),
      train: encodeHashes(train),
      validation: encodeHashes(validation),
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
    const { sources, train = "", validation = "" } = parsed.data;
    return { sources, train: decodeHashes(train), validation: decodeHashes(validation) };
  }
  throw new AuricleError(
    "file",
    `${source}: this version of Auricle cannot read its training provenance:\n` + parsed.problem,
  );
}

/** How many bytes base64 stands for. */
function bytesIn(text: string): number {
  return (3 * text.length) / 4 - (text.length - text.replace(/=+$/, "").length);
}

function encodeHashes(hashes: readonly string[]): string {
  let binary = "";
  for (const hash of hashes) {
    for (let at = 0; at < 2 * HASH_BYTES; at += 2) {
      binary += String.fromCharCode(Number.parseInt(hash.slice(at, at + 2), 16));
    }
  }
  return btoa(binary);
}

function decodeHashes(text: string): string[] {
  const binary = atob(text);
  return Array.from({ length: Math.floor(binary.length / HASH_BYTES) }, (_, number) =>
    Array.from({ length: HASH_BYTES }, (__, byte) =>
      binary
        .charCodeAt(HASH_BYTES * number + byte)
        .toString(16)
        .padStart(2, "0"),
    ).join(""),
  );
}
