/** @file Files that a page has opened, which Node.js has none of. `opened-files-browser.ts` is for browsers. */

import { AuricleError } from "../../errors.ts";
import type { PageFiles } from "./page-files.ts";

/** @throws AuricleError "unsupported". */
export const openFiles: (name: string, files: PageFiles) => string = (name) => {
  throw new AuricleError(
    "unsupported",
    `${name}: in Node.js files have paths: name their folder or a list of them`,
  );
};
