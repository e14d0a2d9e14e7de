/** @file The pages spell the command as it runs in a clone: `./auricle`. */
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { codeBlocks, readText } from "./markdown.ts";

it("shell blocks call the clone's command", () => {
  const docs = readdirSync(new URL("../../docs", import.meta.url)).filter((name) => name.endsWith(".md"));
  const pages = ["README.md", "CONTRIBUTING.md", ...docs.map((name) => `docs/${name}`)];
  const lines = pages.flatMap((page) =>
    codeBlocks(readText(page))
      .filter(({ language }) => language === "sh")
      .flatMap(({ code }) => code.split("\n").map((line) => `${page}: ${line}`)),
  );
  expect(lines.filter((line) => line.includes("./auricle ")).length).toBeGreaterThan(20);
  expect(lines.filter((line) => /: (npx )?auricle /.test(line))).toEqual([]);
});
