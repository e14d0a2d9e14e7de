/** @file The lessons' code does what it says: each example runs as it stands, and prints something. */
import { afterEach, expect, it, vi } from "vitest";

const examples = Object.entries(import.meta.glob("./**/example.mjs"));

afterEach(() => void vi.restoreAllMocks());

it("finds the examples", () => {
  expect(examples.length).toBeGreaterThan(0);
});

it.each(examples)("%s runs", async (_, run) => {
  const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
  await run();
  expect(print).toHaveBeenCalled();
});
