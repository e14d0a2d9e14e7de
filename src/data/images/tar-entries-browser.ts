/** @file Archives, which browsers do not read: a page gives their files. `tar-entries-node.ts` is for Node.js. */

import { AuricleError } from "../../errors.ts";

/** @throws AuricleError "unsupported". */
export function readTarEntries(archive: string): Promise<Uint8Array[]> {
  return Promise.reject(
    new AuricleError("unsupported", `${archive}: a browser reads the files of an archive; unpack it first`),
  );
}
