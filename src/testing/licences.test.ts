/** @file docs/dependencies.md names every package that is installed for users, with the licence that it states. */
import { expect, it } from "vitest";
import { z } from "zod";
import { readText, tableRows } from "./markdown.ts";

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({ license: z.string().optional(), dev: z.boolean().optional(), link: z.boolean().optional() }),
  ),
});

/** Packages that differ by system and processor alone, in one line. */
const FAMILY = /^@koromix\/koffi-.*/;

it("names every package that users install, and its licence", () => {
  const text = readText("package-lock.json");
  const installed = new Map<string, string | undefined>();
  for (const [path, { license, dev, link }] of Object.entries(lockFile.parse(JSON.parse(text)).packages)) {
    // The project's own folders are no packages of others.
    if (!path.includes("node_modules/") || dev || link) continue;
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
  for (const fact of ["mpg123, LGPL-2.1", "libopus, BSD-3-Clause"]) {
    expect(page).toContain(fact);
  }
  expect(page).toContain("| codec-parser");
});

it("installs nothing under the GPL: the package for AAC is an optional peer", () => {
  const own = z
    .object({
      dependencies: z.record(z.string(), z.string()),
      optionalDependencies: z.record(z.string(), z.string()),
      peerDependencies: z.record(z.string(), z.string()),
      peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean() })),
    })
    .parse(JSON.parse(readText("package.json")));
  expect(Object.keys({ ...own.dependencies, ...own.optionalDependencies })).not.toContain(
    "@audio/decode-aac",
  );
  expect(own.peerDependencies).toHaveProperty("@audio/decode-aac");
  expect(own.peerDependenciesMeta).toEqual({ "@audio/decode-aac": { optional: true } });
  const { packages } = lockFile.parse(JSON.parse(readText("package-lock.json")));
  const licences = Object.values(packages).flatMap(({ license = "", dev }) => (dev ? [] : [license]));
  expect(licences.filter((licence) => /(^|[^L])GPL/.test(licence))).toEqual([]);
});
