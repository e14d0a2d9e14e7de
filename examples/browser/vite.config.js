import { defineConfig } from "vite";

/**
 * They make the page cross-origin isolated: only then do browsers share memory between threads. Whatever serves the
 * built page must send them too; without them it trains on one thread.
 */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  base: "./",
  server: { headers },
  preview: { headers },
});
