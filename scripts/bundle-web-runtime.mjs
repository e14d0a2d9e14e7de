/**
 * @file Bundles what `auricle export --web` copies beside a model, into dist/web:
 *
 *     auricle.js              the elements
 *     auricle-sound.js        the worker of a model of sound; auricle-picture.js that of pictures
 *     auricle-recorder.js     takes samples off the audio thread
 *     chunks/                 decoders, each loaded when it is needed, and what they share with the workers
 *     inline/                 the same without files beside it, for pages of one file: elements.js, sound.js, picture.js
 *     files.json              which of these a model of sound or pictures needs
 *     LICENSES.txt            the licences of what is in them
 */
import { build } from "esbuild";
import { rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { licencesOf } from "./licences.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const runtime = join(dist, "web-runtime");
const outdir = join(dist, "web");

/** The files whose function makes a module of WebAssembly. */
const MODULES = { "dot-product-module": "dotProductModule", "resample-module": "resampleModule" };

/** Bytes in place of the compiler that made them: a page of an exported model has none. */
const compiledModules = {
  name: "compiled-modules",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\](dot-product|resample)-module\.js$/ }, async ({ path }) => {
      const { [MODULES[basename(path, ".js")]]: make, ...others } = await import(pathToFileURL(path).href);
      const base64 = Buffer.from(make()).toString("base64");
      const constants = Object.entries(others).map(([name, value]) => `export const ${name} = ${value};`);
      return {
        contents: [
          `export const ${make.name} = () => Uint8Array.from(atob("${base64}"), (char) => char.charCodeAt(0));`,
          ...constants,
        ].join("\n"),
      };
    });
  },
};

/** The worker's services are its own. */
const workerPlatform = {
  name: "worker-platform",
  setup({ onResolve }) {
    onResolve({ filter: /^#platform$/ }, () => ({ path: join(runtime, "platform.js") }));
  },
};

/** The decoder of AAC is under the GPL, and so no part of an export: pages say what to do instead. */
const withoutAac = {
  name: "without-aac",
  setup({ onResolve }) {
    onResolve({ filter: /[/]aac-module\.js$/ }, () => ({ path: join(runtime, "no-aac.js") }));
  },
};

/** A page of one file has its scripts within it. */
const inlineAssets = {
  name: "inline-assets",
  setup({ onResolve }) {
    onResolve({ filter: /[/]assets\.js$/ }, () => ({ path: join(runtime, "assets-inline.js") }));
  },
};

const OPTIONS = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: "es2022",
  // Those of tsconfig.json lead to the sources, and to Node.js' part of them.
  tsconfigRaw: {},
  metafile: true,
  logLevel: "warning",
};

const WORKERS = { "auricle-sound": "sound-worker.js", "auricle-picture": "picture-worker.js" };

export async function writeWebRuntime(codecs) {
  rmSync(outdir, { recursive: true, force: true });
  const plugins = [compiledModules, workerPlatform, withoutAac];
  const entry = (file) => join(runtime, file);
  // One after the other: what two workers share would be more files to load, and a page has one of them.
  const workers = {};
  for (const [name, file] of Object.entries(WORKERS)) {
    const { metafile } = await build({
      ...OPTIONS,
      entryPoints: { [name]: entry(file) },
      splitting: true,
      format: "esm",
      outdir,
      chunkNames: "chunks/[name]-[hash]",
      plugins,
    });
    workers[name] = metafile;
  }
  await build({
    ...OPTIONS,
    entryPoints: { auricle: entry("elements/index.js"), "auricle-page": entry("page.js") },
    format: "esm",
    outdir,
  });
  await build({
    ...OPTIONS,
    entryPoints: {
      "auricle-recorder": join(root, "studio", "public", "recorder.js"),
      "service-worker": entry("service-worker.js"),
    },
    format: "iife",
    outdir,
  });
  const inline = join(outdir, "inline");
  await build({
    ...OPTIONS,
    entryPoints: { elements: entry("elements/index.js") },
    format: "iife",
    outdir: inline,
    plugins: [inlineAssets],
  });
  for (const [name, file] of Object.entries(WORKERS)) {
    await build({
      ...OPTIONS,
      entryPoints: { [name.replace("auricle-", "")]: entry(file) },
      format: "iife",
      outdir: inline,
      plugins,
    });
  }
  const files = Object.fromEntries(
    Object.entries(workers).map(([name, metafile]) => [
      name.replace("auricle-", ""),
      filesOf(metafile, name),
    ]),
  );
  writeFileSync(join(outdir, "files.json"), JSON.stringify(files));
  writeFileSync(
    join(outdir, "LICENSES.txt"),
    licencesOf([...Object.values(workers).flatMap(({ inputs }) => Object.keys(inputs)), ...codecs]),
  );
}

/** All files that a worker may load. */
function filesOf({ outputs }, name) {
  const of = (path) => relative(outdir, join(root, path)).replaceAll("\\", "/");
  const needed = new Set(Object.keys(outputs).filter((path) => basename(path) === `${name}.js`));
  for (const path of needed) {
    for (const { path: imported, external } of outputs[path].imports) if (!external) needed.add(imported);
  }
  return [...needed].map(of);
}
