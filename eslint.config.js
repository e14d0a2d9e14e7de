import tseslint from "typescript-eslint";
import svelte from "eslint-plugin-svelte";
import importX from "eslint-plugin-import-x";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";

/**
 * Which folder of src/ may import which. Dependencies point one way:
 * cli → sweep → session → runs → report, audio-model, image-model → models → nn → data → audio → ops → lowering → graph → kernels → machine; image decodes pictures; io writes
 * files; explain stands on nn, and audio-model on it; runtime runs programs.
 * Everything may import tensor/, which imports nothing but errors.ts.
 */
const MAY_IMPORT = {
  tensor: [],
  design: [],
  random: ["tensor"],
  machine: ["tensor"],
  kernels: ["tensor", "machine"],
  runtime: ["tensor", "machine", "kernels"],
  graph: ["tensor", "machine", "kernels", "runtime"],
  lowering: ["tensor", "machine", "kernels", "graph"],
  ops: ["tensor", "machine", "kernels", "graph", "lowering", "random"],
  io: ["tensor"],
  distributed: ["tensor", "io"],
  audio: ["tensor", "random", "machine", "kernels", "runtime", "graph", "ops", "io"],
  image: ["tensor", "machine", "io"],
  data: ["tensor", "random", "runtime", "io", "audio", "image", "formats"],
  // Of these data may read arrays alone, see below.
  formats: ["tensor", "random", "graph", "ops", "io", "audio", "data", "nn", "models"],
  nn: ["tensor", "random", "runtime", "graph", "ops", "io", "distributed", "data", "audio"],
  models: ["tensor", "ops", "nn", "audio"],
  "audio-model": ["tensor", "ops", "io", "audio", "data", "nn", "models", "explain"],
  "image-model": ["tensor", "io", "image", "data", "nn", "audio-model"],
  inference: ["tensor", "nn", "audio-model"],
  pretrained: ["tensor", "io", "audio", "data", "nn", "models", "audio-model", "formats"],
  "web-runtime": ["tensor", "design", "machine", "runtime", "audio", "image", "data", "audio-model"],
  "web-export": [
    "tensor",
    "design",
    "graph",
    "io",
    "audio",
    "data",
    "nn",
    "audio-model",
    "image-model",
    "web-runtime",
  ],
  onnx: ["tensor", "graph", "ops", "io", "audio", "data", "nn", "audio-model", "image-model"],
  explain: ["tensor", "random", "graph", "ops", "audio", "data", "nn"],
  report: ["tensor", "design", "io", "audio", "data", "nn", "explain"],
  runs: [
    "tensor",
    "random",
    "runtime",
    "graph",
    "ops",
    "io",
    "distributed",
    "audio",
    "image",
    "data",
    "nn",
    "models",
    "audio-model",
    "image-model",
    "explain",
    "report",
    "pretrained",
  ],
  session: [
    "tensor",
    "runtime",
    "io",
    "distributed",
    "audio",
    "data",
    "nn",
    "audio-model",
    "image-model",
    "explain",
    "pretrained",
    "runs",
  ],
  serve: [
    "tensor",
    "random",
    "runtime",
    "io",
    "audio",
    "image",
    "data",
    "nn",
    "audio-model",
    "image-model",
    "runs",
  ],
  client: ["serve"],
  sweep: ["random", "io", "distributed", "data", "nn", "models", "report", "runs", "session"],
  cli: [
    "tensor",
    "random",
    "runtime",
    "io",
    "distributed",
    "audio",
    "data",
    "nn",
    "models",
    "audio-model",
    "image-model",
    "explain",
    "report",
    "onnx",
    "web-export",
    "web-runtime",
    "formats",
    "pretrained",
    "runs",
    "session",
    "serve",
    "sweep",
  ],
};

const folders = Object.keys(MAY_IMPORT);
const zones = folders.map((folder) => ({
  target: `./src/${folder}`,
  from: folders
    .filter((other) => other !== folder && !MAY_IMPORT[folder].includes(other))
    .map((other) => `./src/${other}`),
  message: `src/${folder} may import only: ${[folder, ...MAY_IMPORT[folder]].join(", ")}`,
}));

// Archives and arrays are files like others, which data are read from.
zones.push(
  ...["json", "zip", "npy"].map((format) => ({
    target: `./src/formats/${format}`,
    from: folders
      .filter((folder) => !["tensor", "io", "formats"].includes(folder))
      .map((folder) => `./src/${folder}`),
    message: `src/formats/${format} may import only: tensor, io, formats/zip`,
  })),
  {
    target: "./src/data",
    from: "./src/formats",
    except: ["./json", "./npy", "./teachable-machine", "./zip"],
    message: "src/data may import of src/formats only: json, npy, teachable-machine, zip",
  },
);

// Examples with labels know nothing of their medium.
zones.push({
  target: "./src/data/collection",
  from: ["./src/audio", "./src/data/audio"],
  message: "src/data/collection is about examples of any medium: what is about one belongs to its Medium",
});

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "coverage/", "runs/", ".venv/"] },
  ...tseslint.configs.recommended,
  {
    files: ["src/**/*.ts", "src/**/*.js", "bench/**/*.ts", "examples/**/*.ts"],
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver()] },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      eqeqeq: "error",
      "prefer-const": "error",
    },
  },
  {
    // Tests may reach across (an op's test runs programs); what ships may not.
    files: ["src/**/*.ts"],
    ignores: ["src/**/*.test.ts", "src/**/testing/**"],
    plugins: { "import-x": importX },
    rules: { "import-x/no-restricted-paths": ["error", { zones }] },
  },
  ...svelte.configs.recommended.map((config) => ({
    ...config,
    files: config.files ?? ["studio/**/*.svelte"],
  })),
  {
    files: ["studio/**/*.svelte", "studio/**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: [".svelte"] } },
    rules: {
      // The router's paths stand after "#"; there is no SvelteKit that could resolve them.
      "svelte/no-navigation-without-resolve": "off",
      // Values that are replaced as a whole need no deep reactivity.
      "svelte/prefer-svelte-reactivity": "off",
      eqeqeq: "error",
      "prefer-const": "off",
      "svelte/prefer-const": "off",
    },
  },
  {
    files: ["studio/src/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["**/dist/**", "!uplot/dist/*.css", "**/../src/**"],
              message: "The studio uses the library by its public exports only.",
            },
          ],
        },
      ],
    },
  },
);
