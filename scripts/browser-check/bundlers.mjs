/**
 * @file Sound and pictures in pages that Vite's development server, Vite, webpack 5 and esbuild make in their defaults, and in one without
 * a bundler: the package is packed as npm does it, installed beside a page, and used as anybody would.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../setup.mjs";
import { ISOLATION, openPage, runInBrowser } from "./chromium.mjs";
import { soundModel } from "./sound-model.mjs";

const page = fileURLToPath(new URL("./sound/", import.meta.url));
const recordings = join(root, "tools", "oracle", "fixtures", "audio");

/** Runs a matrix of bundlers and isolation; `check(what, problem)` hears of each cell. */
export async function checkBundlers(browser, work, check) {
  const { MODEL, PICTURES, runSound, SOUNDS } = await import("./sound/workload.js");
  const app = join(work, "app");
  const files = join(app, "public");
  cpSync(page, app, { recursive: true });
  writeFileSync(join(app, "package.json"), JSON.stringify({ type: "module", private: true }));
  installPackage(app);
  mkdirSync(files);
  for (const file of Object.values(SOUNDS)) cpSync(join(recordings, file), join(files, file));
  cpSync(join(root, "tools", "oracle", "fixtures", "images", PICTURES), join(files, PICTURES));
  writeFileSync(join(files, MODEL), await soundModel());
  const expected = (await runSound((name) => readFileSync(join(files, name)), 1)).sums;
  const failures = Object.entries(expected).filter(([, sum]) => !/^[0-9a-f]{8}$/.test(sum));
  check("sound in Node.js", failures.map((entry) => entry.join(": ")).join("; "));
  for (const [name, bundler] of Object.entries(BUNDLERS)) {
    let open;
    try {
      open = await bundler(app, join(work, name));
    } catch (error) {
      check(`sound, ${name}: the page is bundled`, error.message);
      continue;
    }
    for (const isolated of [true, false]) {
      const outcome = await open(browser, isolated ? ISOLATION : {}).catch(({ message }) => ({
        error: message,
      }));
      const cell = `sound, ${name}, ${isolated ? "isolated" : "not isolated"}`;
      check(cell, problemOf(outcome, { wanted: isolated, hasWorker: !ALONE.includes(name), expected }));
    }
  }
}

/** Compares what a page has posted with the checksums of Node.js. */
function problemOf({ error, isolated, results }, { wanted, hasWorker, expected }) {
  if (error) return error;
  if (isolated !== wanted) return `crossOriginIsolated is ${isolated}`;
  const runs = results.map(({ where }) => where);
  const threads = wanted && availableParallelism() > 1 ? [1, 2] : [1];
  const all = ["page", ...threads.map((count) => `worker, ${count} threads`)].slice(
    0,
    hasWorker ? undefined : 1,
  );
  if (runs.join() !== all.join()) return `ran in ${runs.join("; ")}; expected ${all.join("; ")}`;
  return results
    .flatMap(({ where, sums }) =>
      Object.keys(expected)
        .filter((name) => sums[name] !== expected[name])
        .map((name) => `${name} (${where}): ${sums[name]}, in Node.js ${expected[name]}`),
    )
    .join("; ");
}

/** Each takes the page's folder and one to write to, and returns how to open the page: (browser, headers) => result. */
const BUNDLERS = {
  "Vite's server": (app, cacheDir) => async (browser, headers) => {
    const { createServer } = await import("vite");
    // It looks for packages' names among the files of the working directory first, and the project has an auricle.js.
    process.chdir(app);
    return openPage(browser, async (receive) => {
      const result = {
        name: "result",
        configureServer({ middlewares }) {
          middlewares.use("/result", receive);
        },
      };
      const server = await createServer({
        root: app,
        configFile: false,
        cacheDir,
        logLevel: "silent",
        plugins: [result],
        server: { headers, host: "127.0.0.1", port: 0 },
      });
      await server.listen();
      return { address: server.resolvedUrls.local[0], close: () => server.close() };
    });
  },
  Vite: async (app, outDir) => {
    // In its defaults Vite refuses a worker that loads anything later, such as a decoder: this page has none.
    const alone = join(dirname(app), "alone");
    cpSync(app, alone, { recursive: true });
    const html = readFileSync(join(alone, "index.html"), "utf8");
    writeFileSync(join(alone, "index.html"), html.replace("page.js", "alone.js"));
    return bundledByVite(alone, outDir, {});
  },
  "Vite, a worker": (app, outDir) => bundledByVite(app, outDir, { configFile: join(app, "vite.config.js") }),
  webpack: async (app, outDir) => {
    const { default: webpack } = await import("webpack");
    const options = { mode: "production", context: app, entry: "./page.js", output: { path: outDir } };
    const stats = await new Promise((resolve, reject) =>
      webpack(options, (error, result) => (error ? reject(error) : resolve(result))),
    );
    if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
    return pageFor(app, outDir, "main.js");
  },
  esbuild: async (app, outDir) => {
    const { build } = await import("esbuild");
    await build({
      absWorkingDir: app,
      entryPoints: ["page.js", "worker.js"],
      bundle: true,
      format: "esm",
      outdir: outDir,
      logLevel: "silent",
    });
    return pageFor(app, outDir, "page.js");
  },
  // The built files of the package by their addresses, without a bundler.
  "no bundler": (app, outDir) => {
    cpSync(join(app, "public"), outDir, { recursive: true });
    cpSync(join(app, "node_modules", "auricle", "dist", "browser"), join(outDir, "auricle"), {
      recursive: true,
    });
    for (const file of readdirSync(page)) {
      const text = readFileSync(join(page, file), "utf8");
      writeFileSync(join(outDir, file), text.replace(/from "auricle(\/[\w-]+)?"/g, fromAddress));
    }
    return servedFrom(outDir);
  },
  "an import map": (app, outDir) => {
    cpSync(join(app, "public"), outDir, { recursive: true });
    cpSync(join(app, "node_modules", "auricle", "dist", "browser"), join(outDir, "auricle"), {
      recursive: true,
    });
    cpSync(page, outDir, { recursive: true });
    cpSync(join(page, "import-map.html"), join(outDir, "index.html"));
    return servedFrom(outDir);
  },
};

/** Those whose page has no worker. */
const ALONE = ["Vite", "an import map"];

async function bundledByVite(app, outDir, settings) {
  const { build } = await import("vite");
  const output = { outDir, emptyOutDir: true };
  await build({ root: app, configFile: false, logLevel: "silent", build: output, ...settings });
  return servedFrom(outDir);
}

/** `from "auricle/audio"` by the address of the file. */
function fromAddress(_, name) {
  return `from "/auricle${name ?? "/auricle"}.js"`;
}

/** A page for a script that was bundled. */
function pageFor(app, outDir, script) {
  cpSync(join(app, "public"), outDir, { recursive: true });
  const html = readFileSync(join(app, "index.html"), "utf8");
  writeFileSync(join(outDir, "index.html"), html.replace("./page.js", `./${script}`));
  return servedFrom(outDir);
}

function servedFrom(folder) {
  return (browser, headers) => runInBrowser(browser, folder, headers);
}

/** Puts into an application's node_modules what `npm install auricle --omit=optional` would. */
function installPackage(app) {
  const packed = join(app, "packed");
  const modules = join(app, "node_modules");
  mkdirSync(packed, { recursive: true });
  mkdirSync(modules);
  run("npm", ["pack", "--ignore-scripts", "--silent", `--pack-destination=${packed}`], root);
  run("tar", ["-xzf", join(packed, `auricle-${readPackage(root).version}.tgz`)], packed);
  cpSync(join(packed, "package"), join(modules, "auricle"), { recursive: true });
  rmSync(packed, { recursive: true });
  const names = Object.keys(readPackage(root).dependencies);
  for (const name of names) {
    const folder = join(root, "node_modules", name);
    if (existsSync(join(modules, name))) continue;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    cpSync(folder, join(modules, name), { recursive: true });
    names.push(...Object.keys(readPackage(folder).dependencies ?? {}));
  }
}

function readPackage(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function run(command, parameters, cwd) {
  const options = { cwd, encoding: "utf8", shell: process.platform === "win32" };
  const { status, stderr, error } = spawnSync(command, parameters, options);
  if (status !== 0) throw new Error(`${command} ${parameters[0]}: ${error?.message ?? stderr}`);
}
