/** @file Sources as JavaScript, which worker threads and other processes can load. For tests. */

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const SOURCES = fileURLToPath(new URL("../../../..", import.meta.url));

/** Our files that a file names, as imports and as URLs of workers. */
const NAMED_FILES = /"(\.{1,2}\/[^"]+\.(?:ts|js))"/g;

/** Files of which there is one for Node.js and one for browsers. */
const HERE = /"#here\/([^"]+)"/g;

/**
 * A folder with a source file and all that it imports, built; the caller removes it.
 * @param entry below src: "data/load.ts"
 */
export async function buildSources(entry: string): Promise<string> {
  const target = await mkdtemp(join(tmpdir(), "auricle-built-"));
  const files = [entry, "runtime/platform-node.ts", "image/codecs/bytes-node.ts"];
  for (let i = 0; i < files.length; i++) {
    for (const file of await build(files[i], target)) {
      if (!files.includes(file)) files.push(file);
    }
  }
  const imports = {
    "#platform": "./runtime/platform-node.js",
    "#codecs": "./image/codecs/bytes-node.js",
    "#here/*": "./*-node.js",
  };
  await writeFile(join(target, "package.json"), JSON.stringify({ type: "module", imports }));
  await symlink(join(SOURCES, "..", "node_modules"), join(target, "node_modules"), "junction");
  return target;
}

export function removeSources(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** Builds one file; returns those that it names. */
async function build(file: string, target: string): Promise<string[]> {
  const text = await readFile(join(SOURCES, file), "utf8");
  const place = join(target, file.replace(/\.ts$/, ".js"));
  await mkdir(dirname(place), { recursive: true });
  const code = file.endsWith(".js") ? text : transpile(text);
  await writeFile(place, code);
  const here = [...code.matchAll(HERE)].map(([, name]) => `${name}-node.ts`);
  const named = [...code.matchAll(NAMED_FILES)].map(([, name]) => {
    const path = join(dirname(file), name);
    // A worker's URL names the built file.
    return existsSync(join(SOURCES, path)) ? path : path.replace(/\.js$/, ".ts");
  });
  return [...named, ...here];
}

function transpile(text: string): string {
  return ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  }).outputText;
}
