/** @file The project's Markdown pages, for tests that keep them true. For Node.js. */
import { readFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);

/** A file of the project as text; `path` from the project's folder. */
export function readText(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

/** A block of code between two fences. */
export interface CodeBlock {
  /** The word after the fence: "ts". */
  readonly language: string;
  /** The rest of the fence's line: "src/ops/reverse.ts". */
  readonly label: string;
  readonly code: string;
  /** Number of its first line in the page, from 1. */
  readonly line: number;
}

export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = markdown.split("\n");
  for (let start = 0; start < lines.length; start++) {
    const fence = /^```(\S*)\s*(.*)$/.exec(lines[start]);
    if (!fence) continue;
    const end = lines.indexOf("```", start + 1);
    const [, language, label] = fence;
    blocks.push({ language, label, code: lines.slice(start + 1, end).join("\n"), line: start + 2 });
    start = end;
  }
  return blocks;
}

/** The cells of every row of a page's tables, headings and rules included. */
export function tableRows(markdown: string): string[][] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .replaceAll("\\|", "∣")
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Returns the texts between backticks. */
export function codeSpans(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span]) => span);
}
