/** @file CONTRIBUTING.md and docs/browser.md show code as it is, and pages name files that exist. */
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { codeBlocks, codeSpans, readText, type CodeBlock } from "./markdown.ts";

/** The page's mark for lines that are left out. */
const LEFT_OUT = "// …";

function withoutIndentation(text: string): string[] {
  return text.split("\n").map((line) => line.trim());
}

/** Where `part` stands in `lines` from `start` on, as neighbouring lines; -1 if nowhere. */
function indexOfLines(lines: readonly string[], part: readonly string[], start: number): number {
  return lines.findIndex((_, at) => at >= start && part.every((line, i) => lines[at + i] === line));
}

/** The excerpt, cut where lines are left out. */
function partsOf(code: string): string[][] {
  const parts: string[][] = [[]];
  for (const line of withoutIndentation(code)) {
    if (line === LEFT_OUT) parts.push([]);
    else parts[parts.length - 1].push(line);
  }
  return parts;
}

function excerptsOf(page: string): CodeBlock[] {
  return codeBlocks(readText(page)).filter(({ label }) => label !== "");
}

it("CONTRIBUTING.md gives excerpts for each of the three worked examples", () => {
  expect(excerptsOf("CONTRIBUTING.md").length).toBeGreaterThan(12);
  const blocks = codeBlocks(readText("CONTRIBUTING.md"));
  expect(blocks.every(({ language, label }) => (language === "ts") === (label !== ""))).toBe(true);
});

it("docs/browser.md has no other code than excerpts of what the check in Chromium runs", () => {
  const blocks = codeBlocks(readText("docs/browser.md"));
  expect(blocks.length).toBeGreaterThan(6);
  const ran = /^(scripts\/browser-check\/sound|examples\/browser)\//;
  expect(blocks.filter(({ label }) => !ran.test(label))).toEqual([]);
});

describe.each(["CONTRIBUTING.md", "docs/browser.md", "docs/session.md"])("an excerpt in %s", (page) => {
  it.each(excerptsOf(page).map(({ label, line, code }) => [label, line, code] as const))(
    "of %s, line %i, is what the file has",
    (file, _, code) => {
      const lines = withoutIndentation(readText(file));
      let start = 0;
      for (const part of partsOf(code)) {
        const at = indexOfLines(lines, part, start);
        expect(at, `${file} has no lines\n${part.join("\n")}`).toBeGreaterThanOrEqual(0);
        start = at + part.length;
      }
    },
  );
});

it("CONTRIBUTING.md and the pages in docs/ name files and folders that exist", () => {
  const root = new URL("../../", import.meta.url);
  const pages = [
    "CONTRIBUTING.md",
    "docs/layers-and-training.md",
    "docs/operations.md",
    "docs/numerics.md",
    "docs/browser.md",
    "docs/session.md",
  ];
  for (const name of pages) {
    const text = readText(name);
    const spans = codeSpans(text).filter((span) =>
      /^(src|docs|tools|scripts|examples|bench)\/\S*$/.test(span),
    );
    const links = [...text.matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(
      ([, link]) => new URL(link, new URL(name, root)),
    );
    for (const url of [
      ...spans.filter((span) => !span.includes("*")).map((span) => new URL(span, root)),
      ...links,
    ]) {
      expect(existsSync(url), `${name}: ${url.pathname.slice(root.pathname.length)}`).toBe(true);
    }
  }
});
