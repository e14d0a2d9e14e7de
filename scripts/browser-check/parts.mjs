/** @file Checks in parts, which the command line may choose: counted, printed, and none kept from running by another. */
import { parseArgs } from "node:util";

/** Reads the command line: names of parts, and `--screenshots <folder>`. */
export function startChecks() {
  const { values: flags, positionals: wanted } = parseArgs({
    options: { screenshots: { type: "string" } },
    allowPositionals: true,
  });
  let passed = 0;
  let failed = 0;

  /** Tells of one check. @param {string} what @param {string | undefined} problem */
  function check(what, problem) {
    if (problem === undefined) passed++;
    else failed++;
    console.log(
      `${problem === undefined ? "ok" : "FAILED"}: ${what}${problem === undefined ? "" : `: ${problem}`}`,
    );
  }

  /** Runs the checks of a part; an error is a failed check, and the others go on. */
  async function part(name, run) {
    if (wanted.length > 0 && !wanted.includes(name)) return;
    const began = performance.now();
    try {
      await run();
    } catch (error) {
      check(name, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }

  /** Prints the counts. @returns the exit code, which is not 0 where nothing was checked: no part has that name */
  function finish(what) {
    console.log(`\n${what}: ${passed} passed, ${failed} failed`);
    return failed === 0 && passed > 0 ? 0 : 1;
  }

  return { flags, check, part, finish };
}
