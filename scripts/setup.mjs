/**
 * @file Makes the project ready to run: checks Node's version, installs what package-lock.json names where that is
 * missing or out of date, and builds dist/, and in it the studio, where a source is newer. What is ready already is left alone.
 *
 *     node scripts/setup.mjs
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** The command, as built. */
export const auricle = join(root, "dist", "cli", "main.js");

const windows = process.platform === "win32";

/** A step that failed: its message is all that has to be said. */
class SetupError extends Error {}

/** Runs `main` and ends the process with what it returns; a failed step is told in one line. */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    tell(error);
    process.exitCode = 1;
  }
}

/** Writes what a failed step says; any other error is thrown again. */
function tell(error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
}

/** Runs Node on a script of the project, with its output shown. Returns the exit code. */
export function runNode(script, parameters, options) {
  const { status, signal } = spawnSync(process.execPath, [script, ...parameters], {
    stdio: "inherit",
    ...options,
  });
  return status ?? (signal === "SIGINT" ? 130 : 1);
}

/** @throws SetupError when this Node is older than package.json's "engines" asks for. */
export function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [major, minor] = engines.node.match(/\d+/g).map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split(".").map(Number);
  if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
    throw new SetupError(
      `Auricle needs Node.js ${major}.${minor} or later; this is ${process.versions.node}. ` +
        "Get a current one at https://nodejs.org",
    );
  }
}

/** @throws SetupError in one of several processes that MPI has started, which would all do the same to one folder */
function requireOneProcess() {
  const { OMPI_COMM_WORLD_SIZE, PMI_SIZE, SLURM_STEP_NUM_TASKS } = process.env;
  if (Number(OMPI_COMM_WORLD_SIZE ?? PMI_SIZE ?? SLURM_STEP_NUM_TASKS ?? 1) === 1) return;
  throw new SetupError(
    "This clone must be made ready by one process first: run ./auricle --version without mpirun or srun, and then this again",
  );
}

/** Installs the dependencies unless they are there and as new as package-lock.json. */
export function installDependencies() {
  // npm writes this file last, when all packages are in place.
  const installed = modifiedAt(join(root, "node_modules", ".package-lock.json"));
  if (installed >= modifiedAt(join(root, "package-lock.json"))) return;
  requireOneProcess();
  console.error("Installing dependencies (npm ci) …");
  const { status, stdout, stderr, error } = spawnSync("npm", ["ci", "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
    shell: windows,
  });
  if (status === 0) return;
  console.error(error ? error.message : `${stdout}${stderr}`.trim());
  throw new SetupError("npm ci failed: is there a network connection? Then run this again");
}

/** Builds dist/ unless it is newer than every source. */
export function build() {
  const sources = ["src", "package.json", "tsconfig.json", "tsconfig.build.json"];
  const newest = Math.max(...sources.map((name) => newestIn(join(root, name))));
  if (modifiedAt(auricle) > newest) return;
  requireOneProcess();
  console.error("Building dist/ …");
  // What a source that is gone once gave must not stay.
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const bundles = join(root, "scripts", "bundle-for-browsers.mjs");
  // The compiler's errors go where the messages go: what a command prints may be read by a program.
  const options = { cwd: root, stdio: ["ignore", 2, 2] };
  const built =
    runNode(tsc, ["-p", "tsconfig.build.json"], options) === 0 && runNode(bundles, [], options) === 0;
  if (!built || !existsSync(auricle)) {
    // Else the next call would take a half-built dist/ for a current one.
    rmSync(auricle, { force: true });
    throw new SetupError("the build failed: see the errors above");
  }
}

/** Builds dist/studio/ unless it is newer than its sources and the library. */
export function buildStudio() {
  const sources = [
    "studio/src",
    "studio/public",
    "studio/index.html",
    "studio/vite.config.ts",
    "studio/package.json",
  ];
  const page = join(root, "dist", "studio", "index.html");
  const newest = Math.max(modifiedAt(auricle), ...sources.map((name) => newestIn(join(root, name))));
  if (modifiedAt(page) > newest) return;
  console.error("Building the studio …");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const options = { cwd: join(root, "studio"), stdio: ["ignore", 2, 2] };
  if (runNode(vite, ["build", "--logLevel", "warn"], options) !== 0 || !existsSync(page)) {
    rmSync(page, { force: true });
    throw new SetupError("the studio could not be built: see the errors above");
  }
}

/** All steps. @param withStudio whether the studio is built too, which most commands need not wait for */
export function setup({ withStudio = false } = {}) {
  checkNode();
  installDependencies();
  build();
  if (withStudio) buildStudio();
}

/** The same for a script that goes on with something else: false when a step failed, which has been said. */
export function prepare(options) {
  try {
    setup(options);
    return true;
  } catch (error) {
    tell(error);
    return false;
  }
}

/** Milliseconds since 1970; -Infinity for what is not there. */
function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
}

/** The newest change in a file or folder. A folder's own time counts too: it tells that a file was deleted. */
function newestIn(path) {
  if (/\.test\.ts$/.test(path)) return -Infinity;
  if (!statSync(path).isDirectory()) return modifiedAt(path);
  return Math.max(modifiedAt(path), ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runScript(() => {
    setup({ withStudio: true });
    console.log("Ready: ./auricle --help");
  });
}
