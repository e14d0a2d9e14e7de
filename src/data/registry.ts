/** @file The data sets that Auricle knows by name. A new one is a file in sets/ and a line here. */

import { AuricleError } from "../errors.ts";
import { closestName } from "./closest-name.ts";
import type { DatasetDefinition } from "./definition.ts";
import { digits } from "./sets/digits.ts";
import { fashionMnist } from "./sets/fashion-mnist.ts";
import { mnist } from "./sets/mnist.ts";

/** All of them, by name. */
export const knownDatasets: readonly DatasetDefinition[] = [digits, fashionMnist, mnist];

/** @throws AuricleError "data" that lists the known names and suggests the nearest. */
export function datasetDefinition(name: string): DatasetDefinition {
  const definition = knownDatasets.find((known) => known.name === name);
  if (definition) return definition;
  const names = knownDatasets.map((known) => known.name);
  const closest = closestName(name, names);
  throw new AuricleError(
    "data",
    `data set "${name}" is not known${closest ? `; did you mean "${closest}"?` : "."} Known: ${names.join(", ")}`,
  );
}
