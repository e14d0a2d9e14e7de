/** @file docs/dependencies.md names every package that is installed for users, with the licence that it states. */
import { expect, it } from "vitest";
import { z } from "zod";
import { readText, tableRows } from "./markdown.ts";

const lockFile = z.object({
  packages: z.record(z.string(), z.object({ license: z.string().optional(), dev: z.boolean().optional() })),
});

/** Packages that differ by system and processor alone, in one line. */
const FAMILY = /^@koromix\/koffi-.*/;

it("names every package that users install, and its licence", () => {
  const text = readText("package-lock.json");
  const installed = new Map<string, string | undefined>();
  for (const [path, { license, dev }] of Object.entries(lockFile.parse(JSON.parse(text)).packages)) {
    if (path === "" || dev) continue;
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    installed.set(name.replace(FAMILY, "@koromix/koffi-*"), license);
  }
  const page = readText("docs/dependencies.md");
  const section = page.slice(page.indexOf("## Licences"));
  const stated = new Map(
    tableRows(section)
      .slice(2)
      .map(([name, licence]) => [name, licence]),
  );
  expect([...stated].sort()).toEqual([...installed].sort());
});

it("says what the compiled code within the decoders is under, which the packages do not state", () => {
  const page = readText("docs/dependencies.md");
  for (const fact of ["mpg123, LGPL-2.1", "FAAD2, GPL-2.0", "libopus, BSD-3-Clause"]) {
    expect(page).toContain(fact);
  }
  expect(page).toContain("| codec-parser");
});
