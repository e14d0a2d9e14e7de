/** @file The size of the code that a page loads: small programs are bundled, compressed, and must stay below a limit. */
import { gzipSync } from "node:zlib";
import { buildSync, type BuildOptions } from "esbuild";
import { describe, expect, it } from "vitest";

const source = (path: string) => new URL(path, import.meta.url).pathname;

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
  // Decoders, which are loaded when a recording needs them, and the threads' script, which the build makes (2 kB).
  external: ["mpg123-decoder", "opus-decoder", "@wasm-audio-decoders/*", "@audio/*", "*/worker-source.js"],
  alias: { "#platform": source("runtime/platform-browser.ts") },
} satisfies BuildOptions;

interface Bundle {
  readonly kilobytes: number;
  /** Bytes before compression, by file. */
  readonly files: ReadonlyMap<string, number>;
}

function bundle(contents: string): Bundle {
  const { outputFiles, metafile } = buildSync({ ...OPTIONS, stdin: { contents, resolveDir: source(".") } });
  const [{ inputs }] = Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint === "<stdin>");
  const bytes = outputFiles.map(({ contents: content }) => gzipSync(content, { level: 9 }).length);
  return {
    kilobytes: bytes.reduce((sum, length) => sum + length, 0) / 1000,
    files: new Map(Object.entries(inputs).map(([file, { bytesInOutput }]) => [file, bytesInOutput])),
  };
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
    26,
  ],
  [
    "decoding and resampling",
    `import { decodeAudio, resample, toMono } from "./audio/index.ts";
     export const run = async (file) => resample(toMono(await decodeAudio(file)), 22050);`,
    37,
  ],
  [
    "features",
    `import { FeatureExtractor, frontEnd } from "./audio/index.ts";
     export const run = (audio) => new FeatureExtractor(frontEnd({ kind: "melSpectrogram", sampleRate: 22050 })).extract(audio);`,
    72,
  ],
  [
    "a trained model that takes sound",
    `import { modelFromBytes } from "./index.ts"; import { AudioModel } from "./audio-model/index.ts";
     export const run = (file, audio) => new AudioModel(modelFromBytes(file)).predict(audio);`,
    158,
  ],
];

describe("a page loads", () => {
  it.each(PROGRAMS)("%s in few bytes", (_, program, limit) => {
    const result = bundle(program);
    expect(result.kilobytes, breakdown(result)).toBeLessThan(limit);
    const files = [...result.files.keys()];
    // Generators of a processor's own machine code, and the large half of zod.
    expect(files.filter((file) => /machine\/x86-64\/(?!traits)/.test(file))).toEqual([]);
    expect(files.filter((file) => /zod\/v4\/classic\//.test(file))).toEqual([]);
  });
});
