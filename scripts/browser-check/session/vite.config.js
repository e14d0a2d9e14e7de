import { defineConfig } from "vite";

// Decoders are loaded when they are needed, for which the worker must be a module.
export default defineConfig({ base: "./", worker: { format: "es" } });
