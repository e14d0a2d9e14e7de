/** @file A part of a data set of which a file holds many pictures. Browser-safe. */

import type { SplitRole } from "../collection/collection.ts";
import type { Dataset } from "../dataset.ts";

/** The pictures of one archive, all of one part. */
export interface Archive {
  /** The file's path, and below it the part where it holds several; for what is drawn, the data set's name so. */
  readonly path: string;
  readonly role: SplitRole;
  readonly pictures: Dataset;
}
