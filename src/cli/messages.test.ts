/**
 * @file The command's messages name its own options and files, never functions of the library: a user of `auricle` has
 * no use for "load it with loadDataset".
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));

/** Folders whose messages are about the user's files, data and options; messages of the others are about networks in code. */
const SPOKEN = [
  "audio",
  "audio-model",
  "cli",
  "data",
  "io",
  "nn/checkpoint",
  "nn/checks/diagnosis",
  "report",
  "runs",
  "runtime",
];

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "testing" ? [] : sourceFiles(path);
    return entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts") ? [path] : [];
  });
}

function parsed(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
}

/** Names of functions and methods that no prose would hold by chance: "loadDataset". */
function functionNames(files: readonly string[]): Set<string> {
  const names = files.flatMap((path) =>
    [
      ...readFileSync(path, "utf8").matchAll(/^(?:export (?:async )?function| {2}(?:async )?)\s*(\w+)[(<]/gm),
    ].map(([, name]) => name),
  );
  return new Set(names.filter((name) => /[a-z][A-Z]/.test(name)));
}

/** Advice on values that only a program can pass: a Blob or a Response, the options of an explanation. */
const FOR_PROGRAMS = ["io/bytes.ts", "audio-model/explain-audio.ts"];

/** Arguments as they stand before the options in an example of a call: "clips, frontEnd, ". */
const ARGUMENTS = /^(\w+, )+$/;

interface Found {
  readonly where: string;
  readonly text: string;
}

/** Texts with a space in them, which are meant for people; a template's parts one by one. */
function textsOf(file: ts.SourceFile): Found[] {
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    const isText =
      ts.isStringLiteralLike(node) ||
      node.kind === ts.SyntaxKind.TemplateHead ||
      node.kind === ts.SyntaxKind.TemplateMiddle ||
      node.kind === ts.SyntaxKind.TemplateTail;
    if (isText) {
      const { text } = node as ts.LiteralLikeNode;
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
      if (/\s/.test(text) && !ARGUMENTS.test(text))
        found.push({ where: `${relative(SOURCES, file.fileName)}:${line}`, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

it("no message of the command names a function of the library", () => {
  const files = sourceFiles(SOURCES);
  const names = functionNames(files);
  expect(names).toContain("loadDataset");
  expect(names).toContain("modelFromBytes");
  const isSpoken = (path: string) =>
    SPOKEN.some((folder) => relative(SOURCES, path).startsWith(`${folder}/`)) &&
    !FOR_PROGRAMS.includes(relative(SOURCES, path));
  const texts = files.filter(isSpoken).map(parsed).flatMap(textsOf);
  expect(texts.length).toBeGreaterThan(1000);
  const naming = texts.filter(({ text }) => {
    // "renderReport: …" says where a fault of the program is, not what to do.
    const said = text.replace(/^[A-Za-z0-9]+: /, "");
    return (
      (said.match(/\b[a-z]+[A-Z]\w*\b/g) ?? []).some((word) => names.has(word)) || /\b[a-z]\w*\(\)/.test(said)
    );
  });
  expect(naming).toEqual([]);
});
