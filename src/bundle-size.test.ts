/** @file The size of the code that a page loads: small programs are bundled, compressed, and must stay below a limit. */
import { gzipSync } from "node:zlib";
import { basename } from "node:path";
import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";
import { describe, expect, it } from "vitest";
import { melCnn, sampleCnn } from "./models/index.ts";
import { layerClass } from "./nn/layers/registry.ts";
import type { Network } from "./nn/index.ts";

const source = (path: string) => new URL(path, import.meta.url).pathname;

/** Files that exist twice, as package.json finds them for browsers. */
const forBrowsers: Plugin = {
  name: "for-browsers",
  setup({ onResolve }) {
    onResolve({ filter: /^#here\// }, ({ path }) => ({ path: source(`${path.slice(6)}-browser.ts`) }));
  },
};

const OPTIONS = {
  bundle: true,
  minify: true,
  format: "esm",
  splitting: true,
  outdir: "/bundle",
  write: false,
  metafile: true,
  // Those of tsconfig.json lead to Node.js' part of the sources.
  tsconfigRaw: {},
  // Decoders, which are loaded when a file needs them, and the threads' script, which the build makes (2 kB).
  external: [
    ...["mpg123-decoder", "opus-decoder", "@wasm-audio-decoders/*", "@audio/*"],
    ...["*/worker-source.js", "*/jpeg-source.js", "*/webp-source.js"],
  ],
  alias: {
    "#platform": source("runtime/platform-browser.ts"),
    "#codecs": source("image/codecs/bytes-browser.ts"),
  },
  plugins: [forBrowsers],
} satisfies BuildOptions;

interface Bundle {
  /** The size of what is loaded, compressed. */
  readonly kilobytes: number;
  /** The part of it that is no package's. */
  readonly ownKilobytes: number;
  /** Bytes before compression, by file. */
  readonly files: ReadonlyMap<string, number>;
}

/**
 * Bundles a program.
 * @param layers the functions that make the layers of the models that it reads: their pieces of code are loaded too
 */
async function bundle(contents: string, layers: readonly string[] = []): Promise<Bundle> {
  const { outputFiles, metafile } = await build({ ...OPTIONS, stdin: { contents, resolveDir: source(".") } });
  const { outputs } = metafile;
  const isNeeded = ({ entryPoint, exports }: Metafile["outputs"][string]) =>
    entryPoint === "<stdin>" ||
    (entryPoint?.includes("nn/layers/") && exports.some((name) => layers.includes(name)));
  const entries = Object.keys(outputs).filter((path) => isNeeded(outputs[path]));
  const files = new Map<string, number>();
  let [bytes, ownBytes] = [0, 0];
  for (const path of withImports(outputs, entries)) {
    const { contents: content } = outputFiles.find((file) => path.endsWith(basename(file.path)))!;
    const compressed = gzipSync(content, { level: 9 }).length;
    bytes += compressed;
    for (const [file, { bytesInOutput }] of Object.entries(outputs[path].inputs)) {
      files.set(file, (files.get(file) ?? 0) + bytesInOutput);
      if (!file.includes("node_modules/")) ownBytes += (compressed * bytesInOutput) / outputs[path].bytes;
    }
  }
  return { kilobytes: bytes / 1000, ownKilobytes: ownBytes / 1000, files };
}

/** The pieces of code, and those that they import before they run. */
function withImports(outputs: Metafile["outputs"], paths: readonly string[]): ReadonlySet<string> {
  const loaded = new Set(paths);
  for (const path of loaded) {
    for (const { path: imported, kind, external } of outputs[path].imports) {
      if (kind === "import-statement" && external !== true) loaded.add(imported);
    }
  }
  return loaded;
}

/** The folders that take most of it. */
function breakdown({ kilobytes, files }: Bundle): string {
  const folders = new Map<string, number>();
  for (const [file, bytes] of files) {
    const folder = file
      .replace(/^.*node_modules\//, "package ")
      .split("/")
      .slice(0, -1)
      .join("/");
    folders.set(folder, (folders.get(folder) ?? 0) + bytes);
  }
  const lines = [...folders]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 25)
    .map(([folder, bytes]) => `${(bytes / 1000).toFixed(1).padStart(7)} kB  ${folder}`);
  return `${kilobytes.toFixed(1)} kB compressed; before that, by folder:\n${lines.join("\n")}`;
}

/** Programs, and the kilobytes that they may take, compressed. */
const PROGRAMS: readonly [name: string, program: string, limit: number][] = [
  [
    "a function of tensors",
    `import { compile } from "./index.ts"; import { add, multiply } from "./ops/index.ts";
     export const run = compile((x) => add(multiply(x, x), 1), [[3]]);`,
    // Of which 3 kB check the graph between passes.
    29,
  ],
  [
    "decoding and resampling",
    `import { decodeAudio, resample, toMono } from "./audio/index.ts";
     export const run = async (file) => resample(toMono(await decodeAudio(file)), 22050);`,
    36,
  ],
  [
    "features",
    `import { FeatureExtractor, frontEnd } from "./audio/index.ts";
     export const run = (audio) => new FeatureExtractor(frontEnd({ kind: "melSpectrogram", sampleRate: 22050 })).extract(audio);`,
    69,
  ],
  [
    "a trained model that takes sound",
    `import { modelFromBytes } from "./index.ts"; import { AudioModel } from "./audio-model/index.ts";
     export const run = (file, audio) => new AudioModel(modelFromBytes(file)).predict(audio);`,
    180,
  ],
  [
    "a model as an ONNX file",
    `import { readModel } from "./inference/index.ts"; import { exportOnnx } from "./onnx/index.ts";
     export const run = async (file) => exportOnnx(await readModel(file)).bytes;`,
    134,
  ],
  [
    "a session's worker, with all that trainings need",
    `import { serveSession } from "./session/index.ts"; serveSession(self);`,
    416,
  ],
];

/** Predicts with the model that it is given. */
const INFERENCE = `import { AudioModel, readModel } from "./inference/index.ts";
  export const run = async (file, audio) => new AudioModel(await readModel(file)).predict(audio);`;

/** Models, and the kilobytes of this package's code that a page loads to predict with them, compressed. */
const MODELS: readonly [name: string, network: Network, limit: number][] = [
  ["mel-cnn", melCnn({ inputShape: [128, 128, 1], classes: 10 }), 111],
  ["sample-cnn", sampleCnn({ inputShape: [59049, 1], classes: 10 }), 108],
];

describe("a page that predicts loads", () => {
  it.each(MODELS)("the layers of %s, and nothing that trains", async (_, network, limit) => {
    const makers = network.layers.map(({ layer }) => layerClass(layer.className).name);
    const result = await bundle(INFERENCE, makers);
    expect(result.ownKilobytes, breakdown(result)).toBeLessThan(limit);
    const files = [...result.files].filter(([, bytes]) => bytes > 0).map(([file]) => file);
    expect(files.some((file) => file.endsWith("nn/layers/dense.ts"))).toBe(true);
    expect(files.filter((file) => /nn\/layers\/(radial-basis|prelu|transposed|registry)/.test(file))).toEqual(
      [],
    );
    expect(
      files.filter((file) =>
        /nn\/(optimizers|losses|schedules|callbacks|checks)\/|nn\/training\/(trainer|fit)/.test(file),
      ),
    ).toEqual([]);
  });
});

describe("a page loads", () => {
  it.each(PROGRAMS)("%s in few bytes", async (_, program, limit) => {
    const result = await bundle(program);
    expect(result.kilobytes, breakdown(result)).toBeLessThan(limit);
    const files = [...result.files.keys()];
    // Generators of a processor's own machine code, and the large half of zod.
    expect(files.filter((file) => /machine\/x86-64\/(?!traits)/.test(file))).toEqual([]);
    expect(files.filter((file) => /zod\/v4\/classic\//.test(file))).toEqual([]);
  });
});
