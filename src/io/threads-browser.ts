/** @file Worker threads that prepare files, which browsers have none of: whoever asks works in its own thread. `threads-node.ts` is for Node.js. */

import { AuricleError } from "../errors.ts";
import type { ScriptThread } from "./task-threads.ts";

/** None, so that nobody starts one. */
export function usableProcessors(): number {
  return 0;
}

/** @throws AuricleError "unsupported". */
export function startThread(script: URL): ScriptThread {
  throw new AuricleError("unsupported", `${script.href}: worker threads for files need Node.js`);
}
