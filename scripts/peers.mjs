/**
 * @file Installs the libraries that Auricle is measured against, at the versions pinned in bench/peers:
 * PyTorch, TensorFlow, ONNX Runtime, torchaudio and librosa into a Python environment `.venv/` in the project's folder;
 * TensorFlow.js, jax-js, Meyda and Vega, which draws the charts, into bench/peers/node_modules. What is there
 * already is left alone.
 *
 *     node scripts/peers.mjs
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const peers = join(root, "bench", "peers");
const requirements = join(peers, "requirements.txt");
const windows = process.platform === "win32";
const environment = join(root, ".venv");
const python = windows ? join(environment, "Scripts", "python.exe") : join(environment, "bin", "python");

/** Runs a command with its output shown; throws `message` when it fails. */
function runOrThrow(command, options, message) {
  console.log(`> ${command.join(" ")}`);
  const [program, ...rest] = command;
  const { status, error } = spawnSync(program, rest, { stdio: "inherit", ...options });
  if (status !== 0) throw new Error(error ? `${message} (${error.message})` : message);
}

/** True when the environment has each package of requirements.txt at its pinned version. */
function pythonPeersAreInstalled() {
  if (!existsSync(python)) return false;
  const check = [
    "import sys",
    "from importlib.metadata import version",
    "pins = [line.split('==') for line in open(sys.argv[1]).read().split() if '==' in line]",
    "sys.exit(any(version(name) != pin for name, pin in pins))",
  ].join("\n");
  return spawnSync(python, ["-c", check, requirements]).status === 0;
}

function installPythonPeers() {
  if (pythonPeersAreInstalled()) {
    console.log("Python peers: installed already, in .venv/");
    return;
  }
  if (!existsSync(python)) {
    const system = windows ? "python" : "python3";
    if (spawnSync(system, ["--version"]).status !== 0) {
      throw new Error(`${system} was not found: install Python 3.11 or newer and run this again`);
    }
    runOrThrow(
      [system, "-m", "venv", environment],
      {},
      "the Python environment could not be made: on Debian and Ubuntu, install the package python3-venv",
    );
  }
  console.log("Python peers: PyTorch comes with its CUDA libraries on Linux, eight gigabytes in all");
  runOrThrow(
    [python, "-m", "pip", "install", "--disable-pip-version-check", "-r", requirements],
    {},
    "pip could not install the Python peers: is there a network connection, and room on the disk?",
  );
}

/** True when bench/peers/node_modules has each dependency of its package.json at its pinned version. */
function npmPeersAreInstalled() {
  const { dependencies } = JSON.parse(readFileSync(join(peers, "package.json"), "utf8"));
  return Object.entries(dependencies).every(([name, pin]) => {
    const file = join(peers, "node_modules", name, "package.json");
    return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).version === pin;
  });
}

function installNpmPeers() {
  if (npmPeersAreInstalled()) {
    console.log("npm peers: installed already, in bench/peers/node_modules/");
    return;
  }
  // No install scripts: none of these packages needs one.
  runOrThrow(
    ["npm", "ci", "--ignore-scripts"],
    { cwd: peers, shell: windows },
    "npm could not install the JavaScript peers: is there a network connection?",
  );
}

let failed = false;
for (const install of [installNpmPeers, installPythonPeers]) {
  try {
    install();
  } catch (error) {
    failed = true;
    console.error(`peers: ${error instanceof Error ? error.message : String(error)}`);
  }
}
if (!windows && spawnSync("g++", ["--version"]).status !== 0) {
  console.log("torch.compile needs a C++ compiler: without g++ the bench leaves it out and says so");
}
process.exitCode = failed ? 1 : 0;
