import { defineConfig } from "vitest/config";

export default defineConfig({
  // The package's "imports" point at the built files; tests run the sources.
  resolve: { alias: { "#platform": new URL("./src/runtime/platform-node.ts", import.meta.url).pathname } },
  test: {
    include: ["src/**/*.test.ts", "examples/**/*.test.ts"],
    // Each file starts its own worker threads; more forks than processors only adds noise.
    pool: "forks",
    testTimeout: 60_000,
  },
});
