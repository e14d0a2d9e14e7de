import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const root = new URL("../", import.meta.url).pathname;

/** The files that each file imports, be it only for types. */
function importsOfAll(): ReadonlyMap<string, readonly string[]> {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.[jt]s$/.test(file),
  );
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"), true, true);
      const paths = importedFiles.map(({ fileName }) => relative(root, join(root, dirname(file), fileName)));
      return [file, paths.filter((path) => known.has(path))];
    }),
  );
}

/** One circle, as a list that ends with the file it began with, if there is any. */
function circle(imports: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): readonly string[] | undefined => {
    const before = way.indexOf(file);
    if (before >= 0) return [...way.slice(before), file];
    if (done.has(file)) return undefined;
    for (const next of imports.get(file) ?? []) {
      const found = visit(next, [...way, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const found = visit(file, []);
    if (found) return found;
  }
  return undefined;
}

it("no file imports, by whatever way, a file that imports it, not even for types", () => {
  const imports = importsOfAll();
  expect(imports.size).toBeGreaterThan(500);
  expect(circle(imports)).toBe(undefined);
});

it("a circle would be found and named", () => {
  const imports = new Map([
    ["a.ts", ["b.ts", "c.ts"]],
    ["b.ts", []],
    ["c.ts", ["d.ts"]],
    ["d.ts", ["b.ts", "c.ts"]],
  ]);
  expect(circle(imports)).toEqual(["c.ts", "d.ts", "c.ts"]);
});
