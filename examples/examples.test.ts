import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";

const here = new URL(".", import.meta.url);

it("the README shows examples/first-network.ts, word for word", () => {
  const readme = readFileSync(new URL("../README.md", here), "utf8");
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(shown).toBe(readFileSync(new URL("first-network.ts", here), "utf8"));
});

it("examples/first-network.ts learns the digits", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  await import("./first-network.ts");
  const [[line]] = log.mock.calls;
  log.mockRestore();
  const accuracy = Number(/([\d.]+)$/.exec(String(line))?.[1]);
  // Ten classes: guessing is right once in ten times.
  expect(accuracy).toBeGreaterThan(0.8);
});

it("examples/own-loop.ts finds y = 2a - b + 0.5", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const { found } = await import("./own-loop.ts");
  log.mockRestore();
  expect(found.weights[0]).toBeCloseTo(2, 4);
  expect(found.weights[1]).toBeCloseTo(-1, 4);
  expect(found.bias).toBeCloseTo(0.5, 4);
});
