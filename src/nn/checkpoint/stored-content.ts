/** @file Reads a model file's content and checks all of it that a network needs. Browser-safe; model-bytes.ts describes the format. */
import type * as z from "zod/mini";
import { AuricleError } from "../../errors.ts";
import { bytesOf, type Bytes } from "../../io/bytes.ts";
import { checkValue } from "../../io/check-value.ts";
import { readSafetensors } from "../../io/safetensors.ts";
import type { FloatArray, NumericArray } from "../../tensor/array.ts";
import { AURICLE_VERSION } from "../../version.ts";
import { checksum } from "./checksum.ts";
import { FORMAT_VERSION, modelSchema, type StoredModel } from "./schema.ts";

export const FORMAT = "auricle-model";
/** The beginning of the names of the weights' tensors. */
export const WEIGHTS = "weights/";

/** The content of a model file. */
export interface StoredContent {
  readonly model: StoredModel;
  readonly tensors: ReadonlyMap<string, NumericArray>;
  /** JSON that is not checked yet; undefined where the file was saved without its training. */
  readonly training: string | undefined;
}

/**
 * Reads a model file.
 * @param file the file's name, for messages
 * @throws AuricleError "file" naming the file and the fault, for any content that is not a whole model; "argument" for anything
 *   but bytes.
 */
export function readContent(content: Bytes, file: string): StoredContent {
  const { tensors, metadata } = readSafetensors(bytesOf(content, file), file);
  checkFormat(metadata, file);
  const { training } = metadata;
  const texts = [metadata.model, ...("training" in metadata ? [training] : [])];
  if (checksum(texts, tensors) !== metadata.checksum) {
    throw new AuricleError(
      "file",
      `${file}: the checksum does not fit the content: the file is damaged; use a copy or an earlier one`,
    );
  }
  return { model: parseText(modelSchema, metadata.model, "model", file), tensors, training };
}

/** The weights of a file's network by path. @throws AuricleError "argument" for one of integers. */
export function weightsOf(tensors: ReadonlyMap<string, NumericArray>): Map<string, FloatArray> {
  const weights = new Map<string, FloatArray>();
  for (const [name, { shape, data }] of tensors) {
    if (!name.startsWith(WEIGHTS)) continue;
    if (data instanceof Int32Array) {
      throw new AuricleError("argument", `tensor "${name}" must be float32; got int32`);
    }
    weights.set(name.slice(WEIGHTS.length), { shape, data });
  }
  return weights;
}

function checkFormat(metadata: Readonly<Record<string, string>>, file: string): void {
  if (metadata.format !== FORMAT) {
    throw new AuricleError(
      "file",
      `${file}: must be a model file, with format "${FORMAT}" in its metadata; ` +
        `got ${metadata.format === undefined ? "none" : JSON.stringify(metadata.format)}`,
    );
  }
  if (metadata.formatVersion !== String(FORMAT_VERSION)) {
    throw new AuricleError(
      "file",
      `${file}: has format version ${metadata.formatVersion}, written by Auricle ${metadata.auricleVersion}; ` +
        `this is Auricle ${AURICLE_VERSION}, which reads version ${FORMAT_VERSION}; use a matching release`,
    );
  }
  if (metadata.model === undefined)
    throw new AuricleError("file", `${file}: holds no description of a model`);
}

/** Far more levels than any description has, and far fewer than fill a call stack. */
export const DEEPEST = 100;

/** Whether lists and objects lie within each other more than so many levels deep. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** A text of a file as an object. @throws AuricleError "file" where it is none of that kind. */
export function parseText<S extends z.ZodMiniType>(
  schema: S,
  text: string,
  what: string,
  file: string,
): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AuricleError("file", `${file}: its ${what} description is not JSON`, { cause });
  }
  if (isDeeper(value, DEEPEST)) {
    throw new AuricleError(
      "file",
      `${file}: its ${what} description must be nested at most ${DEEPEST} levels deep; it is deeper`,
    );
  }
  const parsed = checkValue(schema, value);
  if (parsed.success) return parsed.data;
  throw new AuricleError("file", `${file}: its ${what} description is malformed: ${parsed.problem}`);
}

/** The error of a file for an error of what the file describes; others as they are. */
export function asFileError(file: string, error: unknown): unknown {
  if (!(error instanceof AuricleError) || error.code === "file" || error.code === "unsupported") return error;
  return new AuricleError("file", `${file}: ${error.message}`, { cause: error });
}
