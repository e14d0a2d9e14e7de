import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";
import { formulas } from "./formulas.js";

export default {
  preprocess: [vitePreprocess({ script: true }), formulas()],
  compilerOptions: { runes: true },
};
