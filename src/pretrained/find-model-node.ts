/** @file The model file that a name of the catalogue stands for. Node only; `find-model-browser.ts` is the same for browsers. */

import { isPretrainedName, pretrainedDefinitions } from "./catalogue.ts";
import { pretrainedModelFile } from "./model-files.ts";
import type { ObtainPretrainedOptions } from "./obtain-package.ts";

/**
 * Gets the model file of a published network by its name.
 * @returns undefined for anything but a name of the catalogue
 * @throws AuricleError "file" when it cannot be had
 */
export async function findPretrained(
  name: string,
  options: ObtainPretrainedOptions,
): Promise<string | undefined> {
  return isPretrainedName(name) ? pretrainedModelFile(name, options) : undefined;
}

/** Whether this is the name of a published network, or of several. */
export function isPublished(name: string): boolean {
  return isPretrainedName(name);
}

/** The names of all networks that a name stands for: two for "musicnn". Empty for anything but a name of the catalogue. */
export function publishedNames(name: string): readonly string[] {
  return isPretrainedName(name) ? pretrainedDefinitions(name).map((one) => one.name) : [];
}
