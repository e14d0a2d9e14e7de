/** @file Data sets by name, of which a browser knows none. `open-known-node.ts` is for Node.js. */

import { AuricleError } from "../errors.ts";
import type { AudioCollection } from "./audio/collection.ts";
import type { AudioDatasetDefinition } from "./definition.ts";

/** @throws AuricleError "unsupported". */
export function openKnownAudio({ name }: AudioDatasetDefinition): Promise<AudioCollection> {
  return Promise.reject(
    new AuricleError(
      "unsupported",
      `data set "${name}": a browser opens files and folders that a page gives it`,
    ),
  );
}
