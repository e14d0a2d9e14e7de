/** @file The package in a browser: bundled by Vite as an application would be, and run where Node.js' globals are missing. */
import { isBuiltin } from "node:module";
import { createContext, runInContext } from "node:vm";
import { buildSync } from "esbuild";
import { build, type Plugin, type Rolldown } from "vite";
import { describe, expect, it } from "vitest";

const ENTRY = "virtual:entry";
const source = (path: string) => new URL(path, import.meta.url).pathname;

interface Bundle {
  /** One script; what the entry exports becomes the global variable `bundle`. */
  readonly code: string;
  /** The project's files of which something is left after tree shaking: "nn/model.ts", … */
  readonly files: readonly string[];
  /** Packages that the project's files import and modules of Node.js that any file imports, those included that tree shaking removes. */
  readonly packages: readonly string[];
  readonly warnings: readonly string[];
}

/** Bundles an entry that is given as text. */
async function bundle(entry: string): Promise<Bundle> {
  const packages = new Set<string>();
  const warnings: string[] = [];
  const result = await build({
    root: source("."),
    configFile: false,
    logLevel: "silent",
    plugins: [givenEntry(entry), builtWorker(), builtCodecs(), recordPackages(packages)],
    resolve: {
      // package.json's conditions point at built files; these are their sources.
      alias: [
        { find: "#platform", replacement: source("runtime/platform-browser.ts") },
        { find: "#codecs", replacement: source("image/codecs/bytes-browser.ts") },
        { find: /^#here\/(.*)$/, replacement: source("$1-browser.ts") },
        { find: /^auricle$/, replacement: source("index.ts") },
        { find: /^auricle\/([\w-]+)$/, replacement: source("$1/index.ts") },
      ],
    },
    build: {
      write: false,
      minify: false,
      lib: { entry: ENTRY, formats: ["iife"], name: "bundle", fileName: "bundle" },
      rolldownOptions: {
        input: ENTRY,
        output: { comments: false },
        // How long plugins took is no warning.
        checks: { bundlerTimings: false },
        onwarn: ({ message, id, code }) => {
          // What a classic script lacks is no fault of a module.
          if (code !== "EMPTY_IMPORT_META") warnings.push(`${id}: ${message}`);
        },
      },
    },
  });
  const [{ output }] = result as Rolldown.RolldownOutput[];
  const files = Object.entries(output[0].modules)
    .filter(([id, { renderedLength }]) => id.startsWith(source(".")) && renderedLength > 0)
    .map(([id]) => id.slice(source(".").length));
  return {
    code: output[0].code,
    files,
    packages: [...packages],
    // Comments for other bundlers, circles of imports and compiled helpers within packages are no concern of ours.
    warnings: warnings.filter((warning) => !/\/(zod|@bufbuild)\//.test(warning)),
  };
}

function givenEntry(entry: string): Plugin {
  return {
    name: "given-entry",
    resolveId: (id) => (id === ENTRY ? `\0${ENTRY}` : undefined),
    load: (id) => (id === `\0${ENTRY}` ? entry : undefined),
  };
}

/** The script of the runtime's worker threads, bundled as the build does it. */
function workerScript(): string {
  const { outputFiles } = buildSync({
    entryPoints: [source("runtime/worker.js")],
    bundle: true,
    format: "iife",
    write: false,
  });
  return outputFiles[0].text;
}

/** Takes the place of dist/runtime/worker-source.js. */
function builtWorker(): Plugin {
  return {
    name: "built-worker",
    enforce: "pre",
    resolveId: (id) => (id.endsWith("/worker-source.js") ? "\0worker-source" : undefined),
    load: (id) =>
      id === "\0worker-source" ? `export const workerSource = ${JSON.stringify(workerScript())};` : undefined,
  };
}

/** Takes the place of dist/image/codecs/jpeg-source.js and webp-source.js. */
function builtCodecs(): Plugin {
  const suffix = /\/(jpeg|webp)-source\.js$/;
  return {
    name: "built-codecs",
    enforce: "pre",
    resolveId: (id) => {
      const name = suffix.exec(id)?.[1];
      return name && `\0${name}-codec`;
    },
    load: (id) => (id.endsWith("-codec") ? 'export const base64 = "";' : undefined),
  };
}

function recordPackages(packages: Set<string>): Plugin {
  return {
    name: "record-packages",
    enforce: "pre",
    resolveId(id, importer) {
      const ours = importer?.startsWith(source(".")) && !importer.includes("/node_modules/");
      if (isBuiltin(id) || (ours && /^[\w@]/.test(id))) packages.add(id);
    },
  };
}

/** The value of an expression over `bundle`, where only JavaScript's own globals and a few of every worker's exist. */
async function runInBrowserLike({ code }: Bundle, expression: string): Promise<unknown> {
  const context = createContext({ performance, MessageChannel, crossOriginIsolated: false });
  const value: unknown = await runInContext(`${code}\n${expression}`, context);
  // Objects of the other context have other prototypes.
  return structuredClone(value);
}

let wholeBundle: Promise<Bundle> | undefined;

/** All of "auricle". */
function whole(): Promise<Bundle> {
  return (wholeBundle ??= bundle(`export * from "auricle";`));
}

describe("for the browser", () => {
  it("of all packages, auricle needs the small zod alone, for model files", async () => {
    const { packages, warnings } = await whole();
    expect([...packages].sort()).toEqual(["zod/mini", "zod/v4/locales/en.js"]);
    expect(warnings).toEqual([]);
  });

  it.each(["auricle/ops", "auricle/models"])("%s needs no package and nothing of Node.js", async (name) => {
    const { packages, warnings } = await bundle(`export * from "${name}";`);
    expect(packages).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it("the data sets' entry for browsers needs nothing of Node.js", async () => {
    const { packages, files } = await bundle(`export * from "${source("data/browser.ts")}";`);
    expect(packages).toEqual([]);
    expect(files).toContain("data/synthesis/digits/glyphs.ts");
  });

  it("sound needs its decoders, which are loaded when they are used", async () => {
    const { packages } = await bundle(`export * from "auricle/audio";`);
    expect([...packages].sort()).toEqual([
      "@audio/decode-aac",
      "@wasm-audio-decoders/ogg-vorbis",
      "mpg123-decoder",
      "opus-decoder",
    ]);
  });

  it("pictures need the library that inflates them, and their decoders as text", async () => {
    const { packages, files, warnings } = await bundle(`export * from "auricle/image";`);
    expect(packages).toEqual(["fflate"]);
    expect(files).toContain("image/codecs/bytes-browser.ts");
    expect(warnings).toEqual([]);
  });

  it("a trained model that takes sound needs the small zod, and UMAP among its explanations", async () => {
    const { packages } = await bundle(`export * from "auricle/audio-model";`);
    expect([...packages].sort()).toEqual(["umap-js", "zod/mini", "zod/v4/locales/en.js"]);
  });

  it("inference needs the small zod alone", async () => {
    const { packages } = await bundle(`export * from "auricle/inference";`);
    expect([...packages].sort()).toEqual(["zod/mini", "zod/v4/locales/en.js"]);
  });

  it("ONNX files need the library for their encoding, and the small zod for descriptions", async () => {
    const { packages, warnings } = await bundle(`export * from "auricle/onnx";`);
    expect([...packages].sort()).toEqual([
      "@bufbuild/protobuf",
      "@bufbuild/protobuf/codegenv2",
      "zod/mini",
      "zod/v4/locales/en.js",
    ]);
    expect(warnings).toEqual([]);
  });

  it("files of other programs need the libraries that inflate them and read TensorFlow's records", async () => {
    const { packages, warnings } = await bundle(`export * from "auricle/formats";`);
    expect([...packages].sort()).toEqual(["@bufbuild/protobuf/wire", "fflate"]);
    expect(warnings).toEqual([]);
  });

  it("explanations need no package but UMAP", async () => {
    const { packages, warnings } = await bundle(`export * from "auricle/explain";`);
    expect(packages).toEqual(["umap-js"]);
    expect(warnings).toEqual([]);
  });

  it("a report needs the libraries that compress its pictures and hash its scripts", async () => {
    const { packages } = await bundle(`export * from "${source("report/index.ts")}";`);
    expect([...packages].sort()).toEqual(["@noble/hashes/sha2.js", "fflate"]);
  });

  it("a session, with all that trainings read and write, needs decoders, checks and paths, and nothing of Node.js", async () => {
    const { packages, files, warnings } = await bundle(`export * from "auricle/session";`);
    expect([...packages].filter((name) => !name.includes("decode")).sort()).toEqual([
      "@noble/hashes/sha2.js",
      "@noble/hashes/utils.js",
      "csv-parse/browser/esm/sync",
      "fflate",
      "pathe",
      "umap-js",
      "zod/mini",
      "zod/v4/locales/en.js",
    ]);
    expect(files).toContain("io/store/store-browser.ts");
    expect(files.filter((file) => file.endsWith("-node.ts") && file !== "graph/graph-node.ts")).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it("a server's client is one file and needs nothing", async () => {
    const { packages, files, warnings } = await bundle(`export * from "auricle/client";`);
    expect({ packages, files, warnings }).toEqual({ packages: [], files: ["client/index.ts"], warnings: [] });
  });

  it("a file that does need Node.js is found out", async () => {
    const { packages } = await bundle(`export * from "${source("report/png.ts")}";`);
    expect(packages).toContain("fflate");
    expect((await bundle(`export * from "${source("data/locate.ts")}";`)).packages).toContain(
      "node:fs/promises",
    );
  });

  it("the worker threads' script is one classic script, and part of the bundle", async () => {
    const worker = workerScript();
    const { code } = await whole();
    expect(code).toContain("sleepers");
    expect(code).toContain("URL.createObjectURL");
    expect(worker).toContain("onmessage");
    expect(worker).not.toMatch(/\b(import|export)\b/);
    expect(() => new Function(worker)).not.toThrow();
  });
});

describe("without Node.js' globals", () => {
  it("a function is compiled and run", async () => {
    const program = await bundle(`
      import { compile, floatArray } from "auricle";
      import { add, multiply } from "auricle/ops";
      const run = compile((x) => add(multiply(x, x), 1), [[3]], { target: "wasm" });
      export const result = [...run(floatArray([1, 2, 3], [3])).data];`);
    // x² + 1
    expect(await runInBrowserLike(program, "bundle.result")).toEqual([2, 5, 10]);
  });

  it("a model learns", async () => {
    const program = await bundle(`
      import { adam, dense, floatArray, sequential } from "auricle";
      const model = sequential([dense({ units: 1, inputShape: [1] })]);
      model.compile({ optimizer: adam({ learningRate: 0.1 }), loss: "meanSquaredError" });
      const x = floatArray([-1, 0, 1, 2], [4, 1]);
      const y = floatArray([-1, 1, 3, 5], [4, 1]);
      export const result = model.fit(x, y, { epochs: 200 }).then(() => model.predict(floatArray([10], [1, 1])));`);
    const { data } = (await runInBrowserLike(program, "bundle.result")) as { data: Float32Array };
    // y = 2x + 1
    expect(data[0]).toBeCloseTo(21, 1);
  });
});

describe("tree shaking", () => {
  /** Texts of messages and options in layers and optimizers, in a convolution's kernels, and in zod. */
  const MARKERS = ["inputShape", "learningRate", "depthwiseConv2d", "safeParse"];

  it("finds the markers in the whole", async () => {
    const { code } = await whole();
    expect(MARKERS.filter((marker) => !code.includes(marker))).toEqual([]);
  });

  it("leaves layers, optimizers and other operations out of a program that only compiles a function", async () => {
    const { code, files } = await bundle(`
      import { compile } from "auricle";
      import { add, multiply } from "auricle/ops";
      export const run = compile((x) => add(multiply(x, x), x), [[3]]);`);
    expect(MARKERS.filter((marker) => code.includes(marker))).toEqual([]);
    expect(files.filter((file) => /^(nn|models|data|io|kernels\/\w+)\//.test(file))).toEqual([]);
    expect(files).toContain("ops/arithmetic.ts");
  });

  it("leaves zod out of a program that trains but loads no model file", async () => {
    const { code, files } = await bundle(`
      import { Model } from "auricle";
      import { lenet5 } from "auricle/models";
      export const model = new Model(lenet5());`);
    expect(code).not.toContain("safeParse");
    expect(files.filter((file) => file.startsWith("nn/checkpoint/"))).toEqual([]);
  });
});
