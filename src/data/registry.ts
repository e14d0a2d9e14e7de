/** @file The data sets that Auricle knows by name. A new one is a file in sets/ and a line here. */

import { AuricleError } from "../errors.ts";
import { closestName } from "../closest-name.ts";
import type { DatasetDefinition } from "./definition.ts";
import { cifar10 } from "./sets/cifar-10.ts";
import { digits } from "./sets/digits.ts";
import { drumkits } from "./sets/drumkits.ts";
import { esc50 } from "./sets/esc-50.ts";
import { fashionMnist } from "./sets/fashion-mnist.ts";
import { fsdd } from "./sets/fsdd.ts";
import { gtzan } from "./sets/gtzan.ts";
import { irmas } from "./sets/irmas.ts";
import { mnist } from "./sets/mnist.ts";
import { nsynth } from "./sets/nsynth.ts";
import { speechCommands } from "./sets/speech-commands.ts";
import { styles } from "./sets/styles.ts";

/** All of them, by name. */
export const knownDatasets: readonly DatasetDefinition[] = [
  cifar10,
  digits,
  drumkits,
  esc50,
  fashionMnist,
  fsdd,
  gtzan,
  irmas,
  mnist,
  nsynth,
  speechCommands,
  styles,
];

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
