/** @file The model file that a name of the catalogue stands for. Node only; `find-model-browser.ts` is the same for browsers. */

import { isPretrainedName } from "./catalogue.ts";
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
