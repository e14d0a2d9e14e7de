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

it("examples/from-tensorflow.ts learns the digits, and its answers agree with its accuracy", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  await import("./from-tensorflow.ts");
  const lines = log.mock.calls.map(([line]) => String(line));
  log.mockRestore();
  // 5·5·1·8 + 8, 5·5·8·16 + 16, and (((28 - 4) / 2 - 4) / 2)² · 16 · 10 + 10 parameters.
  expect(lines[0]).toContain("5,994 trainable");
  expect(lines.filter((line) => /^epoch \d: loss [\d.]+, .* validation loss [\d.]+/.test(line))).toHaveLength(
    8,
  );
  const [, accuracy] = /^test: loss [\d.]+, accuracy ([\d.]+)$/m.exec(lines.join("\n")) ?? [];
  // Ten classes: guessing is right once in ten times.
  expect(Number(accuracy)).toBeGreaterThan(0.8);
  const [, correct] = /^(\d+) of 500 digits classified correctly$/m.exec(lines.join("\n")) ?? [];
  expect(Number(correct) / 500).toBeCloseTo(Number(accuracy), 6);
});
