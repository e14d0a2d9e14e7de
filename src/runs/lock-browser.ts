/** @file One tab or worker at a time in a run's folder, by the browser's own locks. `lock-node.ts` is the same for Node.js. */

import { AuricleError } from "../errors.ts";
import type { Lock } from "./lock.ts";
import { holdLock } from "../io/web-lock-browser.ts";

/**
 * Takes the lock of a folder. The browser gives it back when the tab or the worker ends, however that ends.
 * @throws AuricleError "file" when another tab or worker holds it.
 */
export async function acquireLock(folder: string): Promise<Lock> {
  const release = await holdLock(`auricle ${folder}`);
  if (release) return { release };
  throw new AuricleError(
    "file",
    `${folder}: this run is being trained in another tab or worker of this site: wait for it or stop it`,
  );
}
