import { describe, expect, it } from "vitest";
import type { EpochMetrics, ListedRun } from "../runs/index.ts";
import { formatRunCurves } from "./terminal-charts-runs.ts";
import { FakeStream } from "./testing/fake-stream.ts";

function runOf(
  name: string,
  losses: readonly number[],
  validated: readonly (number | null)[] = [],
): ListedRun {
  const history = losses.map((loss, i): EpochMetrics => ({
    epoch: i + 1,
    loss,
    accuracy: null,
    validationLoss: validated[i] ?? null,
    validationAccuracy: null,
    validationMacroF1: null,
    learningRate: 0.001,
    seconds: 1,
  }));
  const path = `/runs/${name}`;
  const facts = { data: "tones", model: "notebook", isFinished: true, figures: new Map(), differing: {} };
  return { name, path, epochs: losses.length, history, ...facts };
}

describe("formatRunCurves", () => {
  it("draws each run by its letter on one scale, the first over the others", () => {
    const runs = [runOf("flat", [1, 1, 1]), runOf("falling", [3, 2, 1]), runOf("short", [3, 3])];
    const lines = formatRunCurves(runs, undefined, new FakeStream());
    expect(lines[0].trim()).toBe("Training loss  a flat  b falling  c short");
    // 72 columns for three epochs; the short run ends in the middle, where the next value is missing.
    expect(lines[1]).toMatch(/^ 3\.000 ┤b+c+$/);
    expect(lines[1].length).toBe(8 + 36);
    expect(lines[11]).toBe(` 1.000 ┤${"a".repeat(72)}`);
    expect(lines[13]).toMatch(/^ {8}epoch 1 +3$/);
  });

  it("prefers the validation loss, and leaves out runs without it", () => {
    const lines = formatRunCurves(
      [runOf("all", [2, 1]), runOf("held", [2, 1], [4, 3])],
      undefined,
      new FakeStream(),
    );
    expect(lines[0].trim()).toBe("Validation loss  a held");
    expect(formatRunCurves([runOf("all", [2, 1])], "validationLoss", new FakeStream())).toEqual([]);
    expect(formatRunCurves([runOf("one", [2])], undefined, new FakeStream())).toEqual([]);
  });

  it("draws eight runs, says how many there are besides, and keeps to 80 columns", () => {
    const runs = Array.from({ length: 11 }, (_, i) =>
      runOf(`a-run-with-a-rather-long-name-${i}`, [i + 1, i]),
    );
    const lines = formatRunCurves(runs, "loss", new FakeStream());
    expect(lines.at(-1)).toBe("3 more runs are not drawn.");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines.filter((line) => line.includes("…")).length).toBeGreaterThan(1);
  });
});
