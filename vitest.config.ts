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

/** The tests at these places, each a file or all of a folder. */
function testsAt(places: readonly string[]): string[] {
  return places.flatMap((place) => {
    const files = FILES.filter((file) => (place.endsWith("/") ? file.startsWith(place) : file === place));
    if (files.length === 0) throw new Error(`vitest.config.ts: there is no test ${place}; correct the list`);
    return files;
  });
}

/** Folders of which the tests compute, and neither keep caches on the disk nor start processes or servers. */
const COMPUTING = [
  "src/audio-model/",
  "src/audio/",
  "src/explain/",
  "src/formats/",
  "src/graph/",
  "src/image/",
  "src/kernels/",
  "src/machine/",
  "src/models/",
  "src/nn/",
  "src/onnx/",
  "src/ops/",
  "src/random/",
  "src/report/",
  "studio/src/",
];

/**
 * What changes modules, globals or the process, in which the tests of other files would run next. `@alone` in a file's comment says
 * that it needs a process of its own for another reason.
 */
const CHANGES_THE_PROCESS =
  /\bvi\.|\bprocess\.(env(\.\w+|\[.*?\]) = |argv = |exitCode = |chdir\()|\.prototype\.\w+ = |@alone\b/;

/** Files that share processes, and what they import: half of the time of a small test goes by with imports. */
const TOGETHER = testsAt(COMPUTING).filter(
  (path) => !CHANGES_THE_PROCESS.test(readFileSync(ROOT + path, "utf8")),
);

/** Tests, or all tests of a folder, that name the targets that they look at, whichever is the default. */
const EVERY_TARGET = [
  "src/graph/memory-plan.test.ts",
  "src/graph/outgrown-memory.test.ts",
  "src/graph/random-graphs.test.ts",
  "src/graph/simplify.test.ts",
  "src/graph/threads.test.ts",
  "src/kernels/",
  "src/machine/",
  "src/models/interleaved-fits.test.ts",
  "src/models/unit-accesses.test.ts",
  "src/ops/activation.test.ts",
  "src/ops/batch-norm.test.ts",
  "src/ops/bfloat16.test.ts",
  "src/ops/conformance.test.ts",
  "src/ops/convolution-algorithms.test.ts",
  "src/ops/depthwise.test.ts",
  "src/ops/epilogues.test.ts",
  "src/ops/fixtures.test.ts",
  "src/ops/interpreted-targets.test.ts",
  "src/ops/layer-fuzz.test.ts",
  "src/ops/layer-norm.test.ts",
  "src/ops/matmul.test.ts",
  "src/ops/pad.test.ts",
  "src/ops/pooling.test.ts",
  "src/ops/power.test.ts",
  "src/ops/random.test.ts",
  "src/ops/softmax.test.ts",
  "src/ops/spectrogram.test.ts",
  "src/ops/transcendental.test.ts",
  "src/ops/transposed-convolution.test.ts",
  "src/ops/trigonometric.test.ts",
  "src/ops/unit-accesses.test.ts",
  "src/ops/window-fuzz.test.ts",
  "src/runtime/barrier.test.ts",
  "src/runtime/process-exit.test.ts",
];

const OF_EVERY_TARGET = testsAt(EVERY_TARGET);

/** The default target of those tests: none, so that one that takes the default fails. */
const NO_TARGET = { AURICLE_TARGET: "none: vitest.config.ts lists this file as one that names its targets" };

const both = (some: readonly string[], others: readonly string[]) =>
  some.filter((file) => others.includes(file));
const without = (some: readonly string[], others: readonly string[]) =>
  some.filter((file) => !others.includes(file));

type TestOptions = TestProjectInlineConfiguration["test"];

function project(name: string, test: TestOptions): TestProjectInlineConfiguration {
  return { extends: true, test: { name, ...test } };
}

function together(name: string, test: TestOptions): TestProjectInlineConfiguration {
  return project(name, { ...test, isolate: false, setupFiles: ["src/testing/process-as-found.ts"] });
}

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
      project("alone", {
        include: FOLDERS.map((folder) => `${folder}/**/*.test.ts`),
        exclude: [...TOGETHER, ...OF_EVERY_TARGET],
      }),
      project("alone-every-target", { include: without(OF_EVERY_TARGET, TOGETHER), env: NO_TARGET }),
      together("together", { include: without(TOGETHER, OF_EVERY_TARGET) }),
      together("together-every-target", { include: both(OF_EVERY_TARGET, TOGETHER), env: NO_TARGET }),
    ],
  },
});
