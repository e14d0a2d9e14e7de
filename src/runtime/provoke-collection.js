/** @file Browsers only: brings a thread's garbage collection about. JavaScript, since the worker threads' script has it too. */

/** More than an engine gives for a buffer, and not so much that it refuses without a try. */
const BYTES = 2 ** 34;

/**
 * Brings about that this thread's garbage is collected. A page cannot ask for it, but engines collect before they refuse memory, and
 * those that give that much count it. They decide by what is on a thread's heap, on which programs' memory is not: a thread that
 * sleeps between programs would never collect, and would keep the addresses of every memory that it has seen, of which a page of
 * Chromium has 125. Chromium takes 3 ms in a worker thread, and 50 ms where there are two million objects.
 */
export function provokeCollection() {
  try {
    new ArrayBuffer(BYTES);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}
