/** @file Node.js only: collects this thread's garbage on request. JavaScript, since worker threads load it by its URL. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** @type {(() => void) | undefined} */
let collect = globalThis.gc;

/**
 * Collects this thread's garbage now. The engine decides by what is on its heap, and programs' memory is not: a thread that
 * makes little else would keep memory that nobody uses any longer.
 */
export function collectGarbage() {
  if (!collect) {
    // The only way to have it where a process was not started with this flag. Flags are those of all threads: one that took
    // it back would take it from another between these two lines.
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("globalThis.gc");
  }
  collect?.();
}
