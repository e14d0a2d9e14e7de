import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

const ROOT = new URL("./", import.meta.url).pathname;

function source(path: string): string {
  return `${ROOT}src/${path}`;
}

const FOLDERS = ["src", "examples", "studio/src"];

const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(ROOT + folder, { recursive: true, encoding: "utf8" }).map(
    (name) => `${folder}/${name.replaceAll("\\", "/")}`,
  ),
).filter((path) => path.endsWith(".test.ts"));

/**
 * What changes modules, globals or the process, in which the tests of other files would run next. `@alone` in a file's comment says
 * that it needs a process of its own for another reason.
 */
const CHANGES_THE_PROCESS =
  /\bvi\.|\bprocess\.(env(\.\w+|\[.*?\]) = |argv = |exitCode = |chdir\()|\.prototype\.\w+ = |@alone\b/;

const ALONE = FILES.filter((path) => CHANGES_THE_PROCESS.test(readFileSync(ROOT + path, "utf8")));

/** Tests, or all tests of a folder, that name the targets that they look at, whichever is the default. */
const EVERY_TARGET = [
  "src/graph/random-graphs.test.ts",
  "src/graph/threads.test.ts",
  "src/kernels/",
  "src/machine/",
  "src/models/interleaved-fits.test.ts",
  "src/models/unit-accesses.test.ts",
  "src/ops/conformance.test.ts",
  "src/ops/interpreted-targets.test.ts",
  "src/ops/layer-fuzz.test.ts",
  "src/ops/unit-accesses.test.ts",
  "src/ops/window-fuzz.test.ts",
  "src/runtime/process-exit.test.ts",
];

const OF_EVERY_TARGET = EVERY_TARGET.flatMap((path) => {
  const files = FILES.filter((file) => (path.endsWith("/") ? file.startsWith(path) : file === path));
  if (files.length === 0) throw new Error(`vitest.config.ts: there is no test ${path}; correct the list`);
  return files;
});

/** The default target of those tests: none, so that one that takes the default fails. */
const NO_TARGET = { AURICLE_TARGET: "none: vitest.config.ts lists this file as one that names its targets" };

function project(name: string, test: TestProjectInlineConfiguration["test"]): TestProjectInlineConfiguration {
  return { extends: true, test: { name, ...test } };
}

const both = (some: readonly string[], others: readonly string[]) =>
  some.filter((file) => others.includes(file));
const without = (some: readonly string[], others: readonly string[]) =>
  some.filter((file) => !others.includes(file));

/** Files of one project share each process, and what they import: half of the time of a small test went by with imports. */
const TOGETHER = { isolate: false, setupFiles: ["src/testing/process-as-found.ts"] };

export default defineConfig({
  // The package's "imports" and "exports" point at the built files; tests run the sources.
  resolve: {
    alias: [
      { find: "#platform", replacement: source("runtime/platform-node.ts") },
      { find: "#codecs", replacement: source("image/codecs/bytes-node.ts") },
      { find: /^#here\/(.*)$/, replacement: source("$1-node.ts") },
      { find: "auricle/node", replacement: source("node.ts") },
      { find: "auricle/audio/node", replacement: source("audio/node.ts") },
      { find: /^auricle$/, replacement: source("index.ts") },
      { find: /^auricle\/([\w-]+)$/, replacement: source("$1/index.ts") },
    ],
  },
  test: {
    // Each file starts its own worker threads; more forks than processors only adds noise, and one fewer leaves one of two idle.
    pool: "forks",
    maxWorkers: availableParallelism(),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Tests of widths are for a pipe of the usual width.
    env: { COLUMNS: "" },
    projects: [
      project("alone", { include: without(ALONE, OF_EVERY_TARGET) }),
      project("alone-every-target", { include: both(ALONE, OF_EVERY_TARGET), env: NO_TARGET }),
      project("every-target", { include: without(OF_EVERY_TARGET, ALONE), env: NO_TARGET, ...TOGETHER }),
      project("together", {
        include: FOLDERS.map((folder) => `${folder}/**/*.test.ts`),
        exclude: [...ALONE, ...OF_EVERY_TARGET],
        ...TOGETHER,
      }),
    ],
  },
});
