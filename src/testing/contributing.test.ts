/** @file CONTRIBUTING.md shows code as it is, and names files that exist. */
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { codeBlocks, codeSpans, readText } from "./markdown.ts";

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

const page = readText("CONTRIBUTING.md");
const excerpts = codeBlocks(page).filter(({ label }) => label !== "");

describe("an excerpt in CONTRIBUTING.md", () => {
  it("is given for each of the three worked examples", () => {
    expect(excerpts.length).toBeGreaterThan(12);
    expect(codeBlocks(page).every(({ language, label }) => (language === "ts") === (label !== ""))).toBe(
      true,
    );
  });

  it.each(excerpts.map(({ label, line, code }) => [label, line, code] as const))(
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
  const pages = ["CONTRIBUTING.md", "docs/layers-and-training.md", "docs/operations.md", "docs/numerics.md"];
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
