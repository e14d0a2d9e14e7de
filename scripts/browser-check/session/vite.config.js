import { defineConfig } from "vite";

// Decoders are loaded when they are needed, for which the worker must be a module.
// A page that reads any model file at once carries all layers, 518 kB before compression: Vite warns from 500 kB on.
export default defineConfig({
  base: "./",
  worker: { format: "es" },
  build: { chunkSizeWarningLimit: 550 },
});
