/**
 * @file Builds the files that browsers need besides the compiled modules in dist/: the worker threads' script as text,
 * and the package as files that a page loads without a bundler.
 *
 *     dist/runtime/worker-source.js   exports src/runtime/worker.js with what it imports, as one string
 *     dist/image/codecs/*-source.js   the compiled decoders of pictures, each as one string in base64
 *     dist/browser/*.js               the entries of package.json's "exports" that run in browsers
 *     dist/browser/chunks/            what they share, and the decoders, each loaded when it is needed
 *     dist/browser/LICENSES.txt       the licences of what is in them
 *     dist/web/                       what `auricle export --web` copies beside a model: bundle-web-runtime.mjs
 */
import { build } from "esbuild";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { writeWebRuntime } from "./bundle-web-runtime.mjs";
import { licencesOf } from "./licences.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

/** Browsers with SIMD in WebAssembly have all of this. */
const TARGET = "es2022";

/** The names of a browser's entries, and what package.json exports for browsers under them. */
export function browserEntries() {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const entries = Object.entries(exports).filter(
    ([name, { default: file }]) => file && !name.endsWith("node"),
  );
  return Object.fromEntries(
    entries.map(([name, { default: file }]) => [name === "." ? "auricle" : name.slice(2), join(root, file)]),
  );
}

async function writeWorkerSource() {
  const { outputFiles } = await build({
    entryPoints: [join(dist, "runtime", "worker.js")],
    bundle: true,
    minify: true,
    format: "iife",
    target: TARGET,
    write: false,
  });
  const text = `export const workerSource = ${JSON.stringify(outputFiles[0].text)};\n`;
  writeFileSync(join(dist, "runtime", "worker-source.js"), text);
}

async function writeCodecSources() {
  const { CODEC_FILES } = await import(pathToFileURL(join(dist, "image", "codecs", "codec-files.js")).href);
  const require = createRequire(import.meta.url);
  for (const [name, file] of Object.entries(CODEC_FILES)) {
    const text = `export const base64 = "${readFileSync(require.resolve(file)).toString("base64")}";\n`;
    writeFileSync(join(dist, "image", "codecs", `${name}-source.js`), text);
  }
  // Their licences are wanted too.
  return Object.values(CODEC_FILES).map((file) => join("node_modules", file));
}

async function writeBrowserFiles(codecs) {
  const outdir = join(dist, "browser");
  rmSync(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: browserEntries(),
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: TARGET,
    outdir,
    chunkNames: "chunks/[name]-[hash]",
    // Under the GPL: a page that wants it names it in its import map.
    external: ["@audio/decode-aac"],
    // Those of tsconfig.json lead to the sources, and to Node.js' part of them.
    tsconfigRaw: {},
    metafile: true,
    logLevel: "warning",
  });
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, "LICENSES.txt"), licencesOf([...Object.keys(metafile.inputs), ...codecs]));
}

await writeWorkerSource();
const codecs = await writeCodecSources();
await writeBrowserFiles(codecs);
await writeWebRuntime(codecs);
