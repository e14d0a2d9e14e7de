/** @file Data sets of arrays by name: found on this machine, or downloaded once. Node only. */

import { AuricleError } from "../errors.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import type { Dataset } from "./dataset.ts";
import type { DatasetRole } from "./definition.ts";
import { obtainFiles } from "./obtain.ts";
import { OBTAIN_OPTIONS, type ObtainOptions } from "./obtain-options.ts";
import { datasetDefinition } from "./registry.ts";

export interface LoadOptions extends ObtainOptions {
  /** Default `"train"`. */
  readonly role?: DatasetRole;
}

const OPTIONS: OptionNames<LoadOptions> = { role: true, ...OBTAIN_OPTIONS };

/**
 * Loads a data set of the registry, such as `"fashion-mnist"`.
 *
 * Its files are looked for in `dataFolder`, $AURICLE_DATA, the operating system's folders and the user's cache, in
 * this order; files in none of them are downloaded. Only files whose size and SHA-256 are right are used.
 *
 * @throws AuricleError "data" for an unknown name (with the known ones) and for a data set of recordings, "file" when
 * files cannot be had.
 */
export async function loadDataset(name: string, options: LoadOptions = {}): Promise<Dataset> {
  checkOptions("loadDataset", options, OPTIONS, "name, ");
  const definition = datasetDefinition(name);
  if (definition.kind === "audio") {
    throw new AuricleError("data", `data set "${name}" holds recordings, and images are needed here`);
  }
  const { role = "train" } = options;
  if (role !== "train" && role !== "test") {
    throw new AuricleError(
      "argument",
      `data set "${name}": role must be "train" or "test"; got "${String(role)}"`,
    );
  }
  return definition.load(await obtainFiles(definition, role, options), role);
}
