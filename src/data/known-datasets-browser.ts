/** @file A browser knows no data sets by name: their archives are files on a disk. `known-datasets-node.ts` is for Node.js. */

import type { DatasetDefinition } from "./definition.ts";

export const knownDatasets: readonly DatasetDefinition[] = [];
