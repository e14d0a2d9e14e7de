import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "examples/**/*.test.ts"],
    // Each file starts its own worker threads; more forks than processors only adds noise.
    pool: "forks",
    testTimeout: 60_000,
  },
});
