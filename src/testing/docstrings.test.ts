/** @file Docstrings name the thing: they begin with a verb or an article, not with "What", "Of" or "Whoever". */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["src", "bench", "scripts", "examples", "studio"];

const BAD_START =
  /^\s*(?:\/\*\*|\*|<!--)? ?(?:@file |@component |@returns |@param \w+ )?(?:What|Of|Whose|Whoever|what|of|whose|whoever) /;

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sourceFiles(path);
    return /\.(ts|mjs|js|svelte)$/.test(entry.name) ? [path] : [];
  });
}

/** The first lines of docstrings and of their tags; lines in the middle of a paragraph may begin with any word. */
function starts(path: string): { line: number; text: string }[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines
    .map((text, i) => ({ line: i + 1, text }))
    .filter(
      ({ text, line }) =>
        /^\s*\/\*\* \S|@(file|component|returns|param)\b/.test(text) || lines[line - 2]?.trim() === "/**",
    );
}

it("docstrings begin with a verb or an article", () => {
  const found = FOLDERS.flatMap((folder) => sourceFiles(join(ROOT, folder))).flatMap((path) =>
    starts(path)
      .filter(({ text }) => BAD_START.test(text))
      .map(({ line, text }) => `${relative(ROOT, path)}:${line}: ${text.trim()}`),
  );
  expect(found).toEqual([]);
});
