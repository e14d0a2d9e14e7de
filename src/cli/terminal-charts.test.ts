import { describe, expect, it } from "vitest";
import { formatConfusionMatrix } from "./terminal-charts.ts";
import { FakeStream } from "./testing/fake-stream.ts";

const widest = (lines: readonly string[]) => Math.max(...lines.map((line) => [...line].length));

/** `right` examples of each class on the diagonal, and `truth + 1` taken for the next class. */
function matrixOf(classes: number, right: number): number[][] {
  return Array.from({ length: classes }, (_, truth) =>
    Array.from({ length: classes }, (_, guess) =>
      guess === truth ? right : guess === truth + 1 ? truth + 1 : 0,
    ),
  );
}

describe("formatConfusionMatrix", () => {
  it("has the classes' names above its columns where there is room", () => {
    const lines = formatConfusionMatrix(
      [
        [2, 1],
        [0, 12],
      ],
      ["rock", "pop"],
      new FakeStream(),
    );
    expect(lines).toEqual([
      "Confusion matrix: rows are the true classes, columns the predicted ones",
      "     rock  pop",
      "rock    2    1",
      "pop     ·   12",
    ]);
  });

  it("shortens the names of ten genres to 80 columns", () => {
    const names = "blues classical country disco hiphop jazz metal pop reggae rock".split(" ");
    const lines = formatConfusionMatrix(matrixOf(10, 29), names, new FakeStream());
    // 9 characters for the longest name, (80 - 9) / 10 = 7 for a column.
    expect(lines[1].trim().split(/\s+/)).toEqual([
      "blues",
      "class…",
      "count…",
      "disco",
      "hiphop",
      "jazz",
      "metal",
      "pop",
      "reggae",
      "rock",
    ]);
    expect(lines[3]).toMatch(/^classical {6}· {5}29 {6}2( {6}·){7}$/);
    expect(widest(lines)).toBeLessThanOrEqual(80);
  });

  it("numbers the columns where the shortened names would be alike", () => {
    const names = Array.from({ length: 10 }, (_, c) => `a class with quite a long name, number ${c}`);
    const lines = formatConfusionMatrix(matrixOf(10, 1000), names, new FakeStream());
    expect(widest(lines)).toBeLessThanOrEqual(80);
    expect(lines[1].trim().split(/\s+/)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    // The row of the last class: its number, its name cut, nine zeros, and the diagonal.
    expect(lines.at(-1)).toMatch(/^9 a class with quite a long n…( {4}·){9} 1000$/);
  });

  it("numbers the columns where counts are wider than the names could be", () => {
    // Of 80, 11 for the rows' names leave 6 for a column, but 100,000 needs 7; then 80 - 2 - 10 · 7 = 8 are left.
    const names = Array.from({ length: 10 }, (_, c) => `${String.fromCharCode(97 + c)} long name`);
    const lines = formatConfusionMatrix(matrixOf(10, 100_000), names, new FakeStream());
    expect(widest(lines)).toBe(80);
    expect(lines.at(-1)).toMatch(/^9 j long …( {6}·){9} 100000$/);
  });

  it("lists the most frequent mistakes where it would be too wide", () => {
    const names = Array.from({ length: 50 }, (_, c) => `class ${c}`);
    const lines = formatConfusionMatrix(matrixOf(50, 100), names, new FakeStream());
    expect(lines[0]).toMatch(/^The most frequent mistakes/);
    // Class 48 is taken for 49 most often, 49 times; ten mistakes and a heading follow.
    expect(lines[2]).toMatch(/^class 48 {4}class 49 +49$/);
    expect(lines).toHaveLength(12);
  });

  it("counts the columns that names take in a terminal, not UTF-16 units", () => {
    const lines = formatConfusionMatrix(
      [
        [1, 0],
        [0, 1],
      ],
      ["𝄞𝄞𝄞𝄞", "日本"],
      new FakeStream(),
    );
    expect(lines[1]).toBe("     𝄞𝄞𝄞𝄞 日本");
  });
});
