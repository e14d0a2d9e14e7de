import { describe, expect, it } from "vitest";
import type { EpochMetrics } from "../runs/index.ts";
import { formatCurves } from "./terminal-charts-curves.ts";
import { FakeStream } from "./testing/fake-stream.ts";

type Figures = Partial<EpochMetrics>;

function historyOf(figures: readonly Figures[]): EpochMetrics[] {
  return figures.map((given, i) => ({
    epoch: i + 1,
    loss: 1,
    accuracy: null,
    validationLoss: null,
    validationAccuracy: null,
    validationMacroF1: null,
    learningRate: 0.001,
    seconds: 1,
    ...given,
  }));
}

/** 60 characters: 52 columns for the curve, and one plot only. */
const NARROW = new FakeStream(undefined, { isTTY: true, columns: 60 });

/** Without the colours that a terminal may have. */
const plain = (lines: readonly string[]) => lines.map((line) => line.replaceAll(/\u001B\[\d+m/g, ""));

describe("formatCurves", () => {
  it("draws a falling loss from the top left to the bottom right", () => {
    const lines = plain(formatCurves(historyOf([{ loss: 3 }, { loss: 1 }]), null, NARROW));
    expect(lines).toHaveLength(1 + 11 + 2);
    expect(lines[0].trim()).toBe("Loss  · training");
    // 3 above, 1 below and 2 in the middle; each of the 11 rows has its part of the 52 columns.
    expect(lines[1]).toMatch(/^ 3\.000 ┤·+$/);
    expect(lines[6]).toMatch(/^ 2\.000 ┤ +·+$/);
    expect(lines[11]).toMatch(/^ 1\.000 ┤ {49}···$/);
    const dots = lines.slice(1, 12).map((line) => (line.match(/·/g) ?? []).length);
    expect(dots.reduce((a, b) => a + b)).toBe(52);
    expect(lines[12]).toBe(`       └${"─".repeat(52)}`);
    expect(lines[13]).toMatch(/^ {8}epoch 1 +2$/);
  });

  it("marks the best epoch below its place", () => {
    const history = historyOf([3, 2, 1].map((loss) => ({ loss, validationLoss: loss })));
    const lines = plain(formatCurves(history, 2, NARROW));
    // The second of three epochs is at 0.5 · 51 = 25.5, rounded up.
    expect(lines[12].indexOf("▲") - 8).toBe(26);
    expect(lines[13]).toMatch(/^ {8}epoch 1 +best 2 +3$/);
    expect(lines[0]).toContain("─ validation");
  });

  it("draws validation as a line over the dots of training", () => {
    const history = historyOf([
      { loss: 1, validationLoss: 0 },
      { loss: 1, validationLoss: 0 },
    ]);
    const lines = plain(formatCurves(history, null, NARROW));
    expect(lines[1]).toBe(` 1.000 ┤${"·".repeat(52)}`);
    expect(lines[11]).toBe(` 0.000 ┤${"─".repeat(52)}`);
  });

  it("turns upwards and downwards with the line", () => {
    const history = historyOf([0, 1, 0].map((validationLoss) => ({ loss: 0.5, validationLoss })));
    const shape = plain(formatCurves(history, null, NARROW)).slice(1, 12);
    const characters = new Set(shape.flatMap((line) => [...line.slice(8)]));
    for (const turn of ["╭", "╮", "╯", "╰"]) expect(characters).toContain(turn);
    expect(shape[0]).toContain("╭");
    expect(shape[0]).toContain("╮");
  });

  it("puts loss and accuracy side by side within 80 columns", () => {
    const history = historyOf(
      [0.2, 0.6, 0.9].map((accuracy) => ({
        loss: 1 / accuracy,
        accuracy,
        validationLoss: 2,
        validationAccuracy: 0.5,
      })),
    );
    const lines = formatCurves(history, null, new FakeStream());
    expect(lines).toHaveLength(14);
    expect(lines[0]).toMatch(/Accuracy {2}· training {2}─ validation$/);
    expect(lines[0]).toMatch(/Loss .* Accuracy /);
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
  });

  it("puts them one below the other where they are too narrow", () => {
    const history = historyOf([0.2, 0.6].map((accuracy) => ({ loss: 1 / accuracy, accuracy })));
    const lines = plain(formatCurves(history, null, NARROW));
    expect(lines).toHaveLength(14 + 1 + 14);
    expect(lines[15].trim()).toMatch(/^Accuracy/);
  });

  it("leaves a gap where a value is not finite", () => {
    const lines = plain(
      formatCurves(historyOf([{ loss: 1 }, { loss: NaN }, { loss: 2 }, { loss: 2 }]), null, NARROW),
    );
    expect(lines[1]).toMatch(/^ 2\.000 ┤ +·+$/);
    expect(lines.join("\n")).not.toContain("NaN");
  });

  it("draws no curve through fewer than two epochs", () => {
    expect(formatCurves(historyOf([{}]), null, NARROW)).toEqual([]);
    expect(formatCurves([], null, NARROW)).toEqual([]);
  });
});
