/**
 * @file Files of tests that share a process leave it as they found it: otherwise one would pass or fail by what ran before. Set up
 * for each such file by vitest.config.ts.
 */
import { cwd } from "node:process";
import { afterAll, expect } from "vitest";

/** The parts of a process that a test may change and forget. */
function stateOfProcess(): Record<string, unknown> {
  const { console, Date, fetch, setTimeout } = globalThis;
  return {
    directory: cwd(),
    environment: { ...process.env },
    arguments: [...process.argv],
    exitCode: process.exitCode,
    globals: { ...console, Date, fetch, setTimeout },
  };
}

const found = stateOfProcess();

// Hooks end in the reverse order of their beginning: this is the last one.
afterAll(() => {
  expect(stateOfProcess(), "this file changes the process that the next one runs in").toEqual(found);
});
