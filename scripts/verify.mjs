/**
 * @file Checks the whole on real data: LeNet-5 on Fashion-MNIST must be as accurate as PyTorch's is with the same
 * recipe, and the run's folder complete. On Debian and Ubuntu, as root, it installs the data first. Where the data
 * are not to be had it says what it left out.
 *
 *     node scripts/verify.mjs
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { auricle, root, runNode, runScript, setup } from "./setup.mjs";

const DATA = "fashion-mnist";
const PACKAGE = "dataset-fashion-mnist";

/**
 * What PyTorch reaches on the test set, by tools/oracle/lenet_fashion.py: tanh, mean pooling, Adam with learning
 * rate 1e-3, batches of 64, 5 epochs, pixels / 255. Seeds 0, 1 and 2 gave 0.8752, 0.8732 and 0.8806.
 */
const EXPECTED_ACCURACY = 0.8763;
/** One point in a hundred; the three seeds lie 0.0074 apart. */
const TOLERANCE = 0.01;
const EPOCHS = 5;

const RUN_FILES = [
  "config.json",
  "versions.json",
  "metrics.csv",
  "metrics.jsonl",
  "last.safetensors",
  "result.json",
];

async function dataAreHere() {
  const { locateDataset } = await import(pathToFileURL(join(root, "dist", "data", "index.js")).href);
  const { files } = await locateDataset(DATA);
  return files.every(({ path }) => path !== undefined);
}

/** Installs Debian's package of the data. Returns why it did not, or undefined. */
function installData() {
  if (!existsSync("/etc/debian_version")) return "this is not Debian or Ubuntu";
  if (process.getuid?.() !== 0) return `installing needs root (run: sudo apt-get install ${PACKAGE})`;
  console.log(`Installing ${PACKAGE} …`);
  const options = { encoding: "utf8", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const install = () => spawnSync("apt-get", ["install", "-y", "--no-install-recommends", PACKAGE], options);
  if (install().status === 0) return undefined;
  // The list of packages may be missing or old.
  spawnSync("apt-get", ["update"], options);
  const { status, stderr, error } = install();
  if (status === 0) return undefined;
  return `apt-get install ${PACKAGE} failed: ${(error?.message ?? stderr).trim().split("\n").at(-1)}`;
}

let failed = 0;

function check(what, holds, details) {
  if (!holds) failed++;
  console.log(`${holds ? "ok" : "FAILED"}: ${what}: ${details}`);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

function checkRun(run) {
  const missing = RUN_FILES.filter(
    (name) => !(statSync(join(run, name), { throwIfNoEntry: false })?.size > 0),
  );
  check("the run's folder is complete", missing.length === 0, missing.join(", ") || RUN_FILES.join(", "));
  if (missing.length > 0) return;
  const { accuracy } = readJson(join(run, "result.json")).test;
  const difference = accuracy - EXPECTED_ACCURACY;
  check(
    "LeNet-5 on Fashion-MNIST is as accurate as PyTorch's",
    Math.abs(difference) <= TOLERANCE,
    `test accuracy ${accuracy.toFixed(4)}, PyTorch's mean ${EXPECTED_ACCURACY}, tolerance ${TOLERANCE}`,
  );
  const epochs = readFileSync(join(run, "metrics.jsonl"), "utf8").trim().split("\n").length;
  check("each epoch has its line of metrics", epochs === EPOCHS, `${epochs} lines`);
  const evaluation = spawnSync(process.execPath, [auricle, "eval", run, "--json", "--no-download"], {
    encoding: "utf8",
  });
  const again = evaluation.status === 0 ? JSON.parse(evaluation.stdout).test.accuracy : undefined;
  check(
    "the saved model gives the same accuracy again",
    again === accuracy,
    again ?? evaluation.stderr.trim(),
  );
}

await runScript(async () => {
  setup();
  const reason = (await dataAreHere()) ? undefined : installData();
  if (reason !== undefined || !(await dataAreHere())) {
    console.log(`skipped: LeNet-5 on Fashion-MNIST, as its files are not on this machine: ${reason}`);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), "auricle-verify-"));
  try {
    const run = join(folder, "run");
    const recipe = [
      "--model",
      "lenet5",
      "--optimizer",
      "adam",
      "--learning-rate",
      "0.001",
      "--batch-size",
      "64",
    ];
    const rest = ["--epochs", String(EPOCHS), "--validation", "0", "--no-download", "--out", run];
    const code = runNode(auricle, ["train", DATA, ...recipe, ...rest]);
    check("auricle train ends well", code === 0, `exit code ${code}`);
    if (code === 0) checkRun(run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(failed === 0 ? "verify: all checks passed" : `verify: ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
