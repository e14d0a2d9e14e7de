/**
 * @file A run's provenance.safetensors: the recordings that its weights were trained on, including those of earlier runs
 * whose weights it began with. Each has the hash of its file and a fingerprint that identifies the same sound in other
 * files, so it is recognized even after the recordings themselves are gone. Browser-safe.
 */

import { dirname, extname, isAbsolute, join } from "#here/io/path";
import * as z from "zod/mini";
import { trainedOn, type TrainedOn } from "../audio-model/trained-on.ts";
import {
  extendProvenance,
  NO_PROVENANCE,
  type KnownRecording,
  type Provenance,
} from "../data/audio/provenance/provenance.ts";
import type { KnownRole } from "../data/audio/index.ts";
import { contentKey } from "../data/collection/content-hashes.ts";
import { AuricleError } from "../errors.ts";
import { readFileBytes, writeFileAtomic } from "../io/atomic-file.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import type { Json } from "../nn/index.ts";
import { exists, hasRun, RUN_FILES } from "./run-folder.ts";
import { readJson } from "./json-file.ts";
import { packedRecordings, packRecordings, unpackRecordings } from "./packed-recordings.ts";
import { readSplitContents } from "./split-file.ts";
import type { TrainedModel } from "./trained-model.ts";
import { transferSchema, type TrainingConfig } from "./training-config.ts";

const FORMAT = "auricle-provenance";

/** The name of the tensor with all fingerprints, one after the other. */
const FINGERPRINTS = "fingerprints";

/** The most fingerprint words that are kept: 64 MB, 54 hours of sound. Beyond that, sound is measured again when needed. */
const MOST_WORDS = 2 ** 24;

const count = z.int().check(z.minimum(0));

const content = z.strictObject({
  sources: z.array(z.strictObject({ data: z.string(), isListed: z.boolean() })),
  recordings: z.array(
    z.strictObject({
      content: z.string(),
      role: z.enum(["train", "validation"]),
      source: count,
      path: z.optional(z.string()),
      group: z.optional(z.string()),
      sound: z.optional(
        z.strictObject({
          samplesHash: z.string(),
          sampleRate: z.number().check(z.positive()),
          frames: count,
          /** The length of the recording's fingerprint, in words. */
          words: count,
        }),
      ),
    }),
  ),
  /** Absent in files of earlier versions. */
  packed: z.optional(packedRecordings),
});

/** @throws AuricleError "file" when it cannot be written. */
export async function writeProvenance(folder: string, { sources, recordings }: Provenance): Promise<void> {
  const total = recordings.reduce((sum, { sound }) => sum + (sound?.fingerprint.length ?? 0), 0);
  const isKept = total <= MOST_WORDS;
  const words = new Int32Array(isKept ? total : 0);
  let at = 0;
  const { packed, others } = packRecordings(recordings);
  const described = others.map(({ sound, ...recording }) => {
    if (!sound || !isKept) return recording;
    const { fingerprint, ...facts } = sound;
    words.set(fingerprint, at);
    at += fingerprint.length;
    return { ...recording, sound: { ...facts, words: fingerprint.length } };
  });
  const bytes = writeSafetensors(
    words.length > 0 ? [[FINGERPRINTS, { shape: [words.length], data: words }]] : [],
    {
      format: FORMAT,
      formatVersion: "1",
      content: JSON.stringify({ sources, recordings: described, packed }),
    },
  );
  await writeFileAtomic(join(folder, RUN_FILES.provenance), bytes);
}

/** @throws AuricleError "file" when it cannot be read. */
async function readProvenance(path: string): Promise<Provenance> {
  const { tensors, metadata } = readSafetensors(await readFileBytes(path), path);
  const parsed = content.safeParse(parseJson(metadata.content ?? ""));
  const data = tensors.get(FINGERPRINTS)?.data ?? new Int32Array();
  const words = Uint32Array.from(data);
  const total = parsed.data?.recordings.reduce((sum, { sound }) => sum + (sound?.words ?? 0), 0);
  const { packed = [] } = parsed.data ?? {};
  const isWhole =
    parsed.data !== undefined &&
    [...parsed.data.recordings, ...packed].every(({ source }) => source < parsed.data.sources.length);
  if (metadata.format !== FORMAT || !parsed.success || total !== words.length || !isWhole) {
    throw new AuricleError(
      "file",
      `${path}: this version of Auricle cannot read it; the file is damaged: restore it from a copy`,
    );
  }
  let at = 0;
  const recordings = parsed.data.recordings.map(({ sound, ...recording }): KnownRecording => {
    if (!sound) return recording;
    const { words: length, ...facts } = sound;
    const fingerprint = words.subarray(at, (at += length));
    return { ...recording, sound: { ...facts, fingerprint } };
  });
  return { sources: parsed.data.sources, recordings: [...recordings, ...unpackRecordings(packed)] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The fields of any run's configuration that tell where its weights come from. */
const origin = z.looseObject({
  data: z.string(),
  transfer: z._default(z.nullable(transferSchema), null),
});

/** The part of a configuration that says what a run began with. */
export interface BegunFrom {
  readonly transfer: { readonly from: string } | null;
}

/** A run whose weights are asked about. */
export interface AskedRun {
  readonly path: string;
  readonly config: Pick<TrainingConfig, "data"> & BegunFrom;
  /** The metadata of its model, where they are needed. */
  readonly metadata: () => Promise<Readonly<Record<string, Json>>>;
}

/**
 * Loads the provenance of a run's weights. Where it has no provenance.safetensors, since an earlier version wrote the run or
 * the file was left behind, it comes from the model's metadata, else from split.json and the run that it started from.
 * @throws AuricleError "file" for a damaged file.
 */
export async function loadProvenance(run: AskedRun): Promise<Provenance> {
  const file = join(run.path, RUN_FILES.provenance);
  if (await exists(file)) return readProvenance(file);
  const told = trainedOn(await run.metadata(), run.path);
  return told ? listedIn(told) : provenanceBySplit(run, new Set());
}

/** Returns the provenance that a model's metadata list, which identify recordings by the hashes of their files only. */
export function listedIn({ sources, train = [], validation = [] }: TrainedOn): Provenance {
  const recordings = (hashes: readonly string[], role: KnownRole) =>
    hashes.map((one): KnownRecording => ({ content: one, role, source: 0 }));
  return {
    sources: sources.map(({ data, isListed = false }) => ({ data, isListed })),
    recordings: [...recordings(train, "train"), ...recordings(validation, "validation")],
  };
}

/** @param seen folders of runs that were looked at */
async function provenanceBySplit(
  { path, config }: { readonly path: string; readonly config: AskedRun["config"] },
  seen: Set<string>,
): Promise<Provenance> {
  seen.add(path);
  const earlier = config.transfer
    ? await provenanceOfFirstWeights(config.transfer.from, seen)
    : NO_PROVENANCE;
  const { files, isComplete } = await readSplitContents(path);
  const folder = extname(config.data) === "" ? config.data : dirname(config.data);
  const recordings = files.map(({ name, content: hash, role }) => ({
    content: hash,
    role,
    ...(isAbsolute(config.data) && { path: join(folder, name) }),
  }));
  return extendProvenance(earlier, { data: config.data, isListed: isComplete }, recordings);
}

/**
 * Returns the provenance of a run's initial weights, without reading the model of the run that they come from.
 * @param from the folder of the run whose weights they are, which may be gone
 * @param seen folders of runs that were looked at
 * @throws AuricleError "file" for a damaged file.
 */
export async function provenanceOfFirstWeights(
  from: string,
  seen: Set<string> = new Set(),
): Promise<Provenance> {
  const isThere = !seen.has(from) && (await hasRun(from));
  if (!isThere) return { sources: [{ data: from, isListed: false }], recordings: [] };
  const file = join(from, RUN_FILES.provenance);
  if (await exists(file)) return readProvenance(file);
  return provenanceBySplit(
    { path: from, config: origin.parse(await readJson(join(from, RUN_FILES.config))) },
    seen,
  );
}

/** Finds the part of the training data that each file was in, by `contentKey`: from the model's metadata, without fingerprints. */
export async function rolesByContent({
  model: { metadata },
  path,
  config,
}: TrainedModel): Promise<ReadonlyMap<string, KnownRole>> {
  const told = trainedOn(metadata, path);
  // Of a model file of an earlier version, without its run, it is not known what it was trained on.
  const provenance = told
    ? listedIn(told)
    : config && (await loadProvenance({ path, config, metadata: () => Promise.resolve(metadata) }));
  const recordings = provenance?.recordings ?? [];
  return new Map(recordings.map((recording) => [contentKey(recording.content), recording.role]));
}
