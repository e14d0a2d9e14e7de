/** @file Builds the studio into dist/studio, and serves it while it is written (`npm run dev --workspace studio`). */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin, type Rolldown } from "vite";
import { ISOLATION_HEADERS as headers } from "../dist/cli/studio/headers.js";
import { licencesOf } from "../scripts/licences.mjs";
import { COLOR_TOKENS } from "../dist/design/index.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The library's entries by their names, as package.json exports them to browsers. */
function libraryAliases() {
  const { exports } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
    exports: Record<string, string | { default: string }>;
  };
  return Object.entries(exports).flatMap(([name, target]) =>
    typeof target === "string"
      ? []
      : [{ find: new RegExp(`^auricle${name.slice(1)}$`), replacement: `${root}${target.default}` }],
  );
}

/** The library's design tokens as a style sheet: `import "virtual:tokens.css"`. */
function designTokens(): Plugin {
  const id = "\0tokens.css";
  return {
    name: "design-tokens",
    resolveId: (source) => (source === "virtual:tokens.css" ? id : undefined),
    load: (source) => (source === id ? COLOR_TOKENS : undefined),
  };
}

/** The files whose code or fonts are in the bundles, those of workers included. */
const bundled = new Set<string>();

/** Notes each file that is bundled; the page's own build writes LICENSES.txt at its end. */
function licences(isPage: boolean): Plugin {
  return {
    name: "licences",
    moduleParsed: ({ id }) => void bundled.add(id.replace(/^\0/, "").replace(/\?.*$/, "")),
    generateBundle() {
      if (!isPage) return;
      // Fonts are files, and the decoders of pictures are text: neither is a module of its package.
      const others = [
        "@fontsource-variable/source-serif-4",
        "@fontsource-variable/source-code-pro",
        "@cwasm/jpeg-turbo",
        "@cwasm/webp",
      ];
      const files = others.map((name) => `node_modules/${name}/package.json`);
      this.emitFile({ type: "asset", fileName: "LICENSES.txt", source: licencesOf([...bundled, ...files]) });
    },
  };
}

/**
 * Asks for the fonts together with the code: they show text at once or not at all (`font-display: optional`), so that no line breaks
 * anew under the reader's eyes.
 */
function fontPreloads(): Plugin {
  return {
    name: "font-preloads",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) =>
        Object.keys(bundle)
          .filter((file) => file.endsWith(".woff2"))
          .map((file) => ({
            tag: "link",
            attrs: { rel: "preload", href: `./${file}`, as: "font", type: "font/woff2", crossorigin: "" },
            injectTo: "head",
          })),
    },
  };
}

const rolldownOptions: Rolldown.RolldownOptions = {
  // Under the GPL: it is installed by whoever wants it, and is no part of the studio.
  external: ["@audio/decode-aac"],
  // How long plugins took is no warning.
  checks: { bundlerTimings: false },
  onwarn(warning, warn) {
    // Zod's comments for other bundlers are no concern of ours.
    if (warning.code !== "INVALID_ANNOTATION") warn(warning);
  },
};

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  // Any folder of any host.
  base: "./",
  plugins: [svelte(), designTokens(), fontPreloads(), licences(true)],
  resolve: { alias: libraryAliases() },
  server: { headers },
  preview: { headers },
  // A worker loads decoders and layers when it needs them, which a classic script cannot.
  worker: { format: "es", rolldownOptions, plugins: () => [licences(false)] },
  build: {
    outDir: `${root}dist/studio`,
    emptyOutDir: true,
    target: "es2022",
    // The content security policy allows no scripts and styles but files.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions,
  },
});
