/** @file Data sets by name, of which a browser knows none. `open-known-node.ts` is for Node.js. */

import { AuricleError } from "../errors.ts";
import type { AudioCollection } from "./audio/collection.ts";
import type { ArrayDatasetDefinition, AudioDatasetDefinition } from "./definition.ts";
import type { ImageCollection } from "./images/collection.ts";

/** @throws AuricleError "unsupported". */
export function openKnownAudio({ name }: AudioDatasetDefinition): Promise<AudioCollection> {
  return Promise.reject(unsupported(name));
}

/** @throws AuricleError "unsupported". */
export function openKnownImages({ name }: ArrayDatasetDefinition): Promise<ImageCollection> {
  return Promise.reject(unsupported(name));
}

function unsupported(name: string): AuricleError {
  return new AuricleError(
    "unsupported",
    `data set "${name}": a browser opens files and folders that a page gives it`,
  );
}
