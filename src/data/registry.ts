/** @file The data sets that Auricle knows by name, looked up. Browser-safe. */

import { knownDatasets } from "#here/data/known-datasets";
import { AuricleError } from "../errors.ts";
import { closestName } from "../closest-name.ts";
import type { DatasetDefinition } from "./definition.ts";
export function findKnownDataset(name: string): DatasetDefinition | undefined {
  return knownDatasets.find((known) => known.name === name);
}

/** @throws AuricleError "data" that lists the known names and suggests the nearest. */
export function datasetDefinition(name: string): DatasetDefinition {
  const definition = findKnownDataset(name);
  if (definition) return definition;
  throw unknownDataset(name);
}

/**
 * Says that there are no data by this name. A name written as a path was meant as one, so that is said first.
 * @param places the places searched besides data sets, such as "folder or list"
 */
export function noSuchData(name: string, places: string): AuricleError {
  if (/[\\/]|^[.~]/.test(name)) {
    return new AuricleError(
      "data",
      `no such ${places}: ${name}. Check the path; a data set goes by its name alone`,
    );
  }
  const { message } = unknownDataset(name);
  return new AuricleError(
    "data",
    `${message}. Nor is there a ${places.replace(" or ", " or a ")} of that name`,
  );
}

/** Says that no data set has this name, lists the known ones and suggests the nearest. */
export function unknownDataset(name: string): AuricleError {
  const names = knownDatasets.map((known) => known.name);
  const closest = closestName(name, names);
  return new AuricleError(
    "data",
    `data set "${name}" is unknown${closest ? `; did you mean "${closest}"?` : "."} Known: ${names.join(", ")}`,
  );
}
