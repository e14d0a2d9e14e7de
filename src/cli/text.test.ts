import { expect, it } from "vitest";
import {
  displayWidth,
  formatBar,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatTable,
  padEnd,
  printable,
  printableLines,
  shorten,
  shortenStart,
  wrapText,
} from "./text.ts";

it("writes what a terminal would obey as in JSON", () => {
  expect(printable("\u001B[31mé\r\n\t\u007F\u009B\u202E\u2069𝄞")).toBe(
    String.raw`\u001b[31mé\r\n\t\u007f\u009b\u202e\u2069𝄞`,
  );
  expect(printableLines("one\ntwo\u0007\n")).toBe("one\ntwo\\u0007\n");
});

it("cuts texts and marks the cut", () => {
  expect(shorten("Ankle boot", 10)).toBe("Ankle boot");
  expect(shorten("Ankle boot", 6)).toBe("Ankle…");
  expect(shorten("𝄞𝄞𝄞", 2)).toBe("𝄞…");
});

it("counts cells of a terminal: two for emoji and ideographs, none for accents", () => {
  const names = ["🎸", "👩🏽‍🎤 solo", "日本語", "e\u0301tude", "jazz", "🇫🇷 chanson"];
  expect(names.map(displayWidth)).toEqual([2, 7, 6, 5, 4, 10]);
  const lines = formatTable([["class", "clips"], ...names.map((name) => [name, "7"])]);
  expect(new Set(lines.map(displayWidth))).toEqual(new Set([17]));
  for (const name of names) {
    for (let width = 1; width <= 12; width++) {
      for (const cut of [shorten(name, width), shortenStart(name, width)]) {
        expect(displayWidth(cut), `${name} in ${width}`).toBeLessThanOrEqual(width);
      }
    }
  }
  // No half of a character is left over.
  expect(shorten("👩🏽‍🎤👩🏽‍🎤", 3)).toBe("👩🏽‍🎤…");
  expect(shortenStart("a/b/👩🏽‍🎤.wav", 7)).toBe("…👩🏽‍🎤.wav");
  expect(wrapText("日本 日本 日本", 9)).toEqual(["日本 日本", "日本"]);
});

it("counts characters, not UTF-16 units, when it pads", () => {
  expect(padEnd("𝄞", 3)).toBe("𝄞  ");
});

it("aligns the columns of tables", () => {
  const rows = [
    ["class", "n", "what"],
    ["a", "1,000", "x"],
  ];
  expect(formatTable(rows, "lrl")).toEqual(["class      n  what", "a      1,000  x"]);
});

it("draws bars to an eighth of a character", () => {
  expect(formatBar(0, 4)).toBe("    ");
  // 0.5 · 4 = 2 characters.
  expect(formatBar(0.5, 4)).toBe("██  ");
  // 0.375 · 4 = 1.5 characters: one whole and four eighths.
  expect(formatBar(0.375, 4)).toBe("█▌  ");
  expect(formatBar(1, 4)).toBe("████");
  expect(formatBar(1.2, 4)).toBe("████");
});

it("wraps at spaces, and leaves a word that is too long whole", () => {
  expect(wrapText("one two three, longer-than-that x", 9)).toEqual([
    "one two",
    "three,",
    "longer-than-that",
    "x",
  ]);
  expect(wrapText("é é", 3)).toEqual(["é é"]);
});

it("writes numbers, sizes and times as people do", () => {
  expect(formatCount(60_000)).toBe("60,000");
  expect([417, 29_515, 26_421_880].map(formatBytes)).toEqual(["417 bytes", "30 KB", "26 MB"]);
  expect([4.23, 59.96, 67, 7_500].map(formatDuration)).toEqual([
    "4.2 s",
    "1:00 min",
    "1:07 min",
    "2:05:00 h",
  ]);
  expect(formatPercent(0.87634)).toBe("87.63 %");
});
