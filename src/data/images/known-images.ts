/** @file Pictures of the data sets that are known by name. Node only. */

import type { ArrayDatasetDefinition } from "../definition.ts";
import { obtainFiles } from "../obtain.ts";
import type { ObtainOptions } from "../obtain-options.ts";
import type { Archive } from "./archive.ts";
import { collectionOfArchives, ROLES } from "./archives.ts";
import type { ImageCollection } from "./collection.ts";

/** Opens a data set of the registry. @throws AuricleError "file" when its files cannot be had. */
export async function openKnownImages(
  definition: ArrayDatasetDefinition,
  options: ObtainOptions,
): Promise<ImageCollection> {
  const archives: Archive[] = [];
  for (const role of ROLES) {
    const files = await obtainFiles(definition, role, options);
    const pictures = await definition.load(files, role);
    const [path = definition.name] = files.values();
    // Images and labels are two files of their own; one file holds all parts.
    archives.push({ path: files.size > 1 ? path : `${path}/${role}`, role, pictures });
  }
  return collectionOfArchives(definition.name, definition.name, archives);
}
