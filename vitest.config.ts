import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

function source(path: string): string {
  return `${new URL("./src/", import.meta.url).pathname}${path}`;
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
    include: ["src/**/*.test.ts", "examples/**/*.test.ts", "studio/src/**/*.test.ts"],
    // Each file starts its own worker threads; more forks than processors only adds noise, and one fewer leaves one of two idle.
    pool: "forks",
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests of widths are for a pipe of the usual width.
    env: { COLUMNS: "" },
  },
});
