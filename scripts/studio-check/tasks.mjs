/**
 * @file The tasks of the page's own thread, in the processor's time that they took: what else the machine does meanwhile lengthens a
 * task on the clock, and not in this measure.
 */

/** Chromium's trace of what its threads run, with each task's time on the clock and on the processor. */
const CATEGORIES = ["toplevel", "disabled-by-default-devtools.timeline", "__metadata"];

/**
 * Lengths of the tasks while something is done, the longest first, in milliseconds.
 * @param {import("playwright-core").Browser} browser in which no other page does anything meanwhile
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<unknown>} run
 * @returns {Promise<number[]>}
 */
export async function tasksDuring(browser, page, run) {
  await browser.startTracing(page, { categories: CATEGORIES });
  let trace;
  try {
    await run();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString());
  const pages = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents
    .filter(({ name, pid, tid }) => /RunTask$/.test(name) && pages.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a);
}
