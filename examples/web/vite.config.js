import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const page = (name) => fileURLToPath(new URL(`${name}.html`, import.meta.url));

/**
 * Three pages with one model: `auricle export <run> --web examples/web/public/model` puts it where Vite serves files as they are.
 */
export default defineConfig({
  base: "./",
  // Vue has to be told which elements are the browser's own.
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith("auricle-") } } })],
  build: { rolldownOptions: { input: ["plain", "react", "vue"].map(page) } },
});
