/**
 * @file LeNet-5 on Fashion-MNIST must be as accurate as PyTorch's, and the run's folder complete. On request, the residual
 * network must be as accurate as the documentation says.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { auricle, runNode } from "../setup.mjs";
import { installPackage } from "./debian.mjs";

const DATA = "fashion-mnist";
const PACKAGE = "dataset-fashion-mnist";

/**
 * PyTorch's accuracy on the test set, by tools/oracle/lenet_fashion.py: tanh, mean pooling, Adam with learning
 * rate 1e-3, batches of 64, 5 epochs, standardised pixels. Seeds 0, 1 and 2 gave 0.8860, 0.8818 and 0.8859.
 */
const EXPECTED_ACCURACY = 0.8846;
/** One point in a hundred; the three seeds lie 0.0042 apart. */
const TOLERANCE = 0.01;
const EPOCHS = 5;

const RECIPE = ["--model", "lenet5", "--optimizer", "adam", "--learning-rate", "0.001", "--batch-size", "64"];

/** The best recipe that is known for a model of the library: docs/images.md. */
const BEST_RECIPE = [
  ...["--model", "small-resnet", "--epochs", "12", "--batch-size", "64", "--optimizer", "adamw"],
  ...["--learning-rate", "0.003", "--weight-decay", "0.05", "--schedule", "one-cycle"],
  ...["--flip", "horizontal", "--shift", "0.08"],
];
const BEST_ACCURACY = 0.94;
/** Minutes on two processors. */
const BEST_TIME = 15;

const RUN_FILES = [
  "config.json",
  "versions.json",
  "metrics.csv",
  "metrics.jsonl",
  "last.safetensors",
  "result.json",
  "report.html",
];

async function dataAreHere(root) {
  const { locateDataset } = await import(pathToFileURL(join(root, "dist", "data", "index.js")).href);
  const { files } = await locateDataset(DATA);
  return files.every(({ path }) => path !== undefined);
}

export async function verifyImages(checks, run, root, { long }) {
  const reason = (await dataAreHere(root)) ? undefined : installPackage(PACKAGE);
  if (reason !== undefined || !(await dataAreHere(root))) {
    checks.skip("LeNet-5 on Fashion-MNIST", `its files are not on this machine: ${reason}`);
    return;
  }
  if (train(checks, [...RECIPE, "--epochs", String(EPOCHS)], run)) checkRun(checks, run);
  if (long && train(checks, BEST_RECIPE, `${run}-best`)) checkBest(checks, `${run}-best`);
}

function train(checks, recipe, run) {
  const rest = ["--validation", "0", "--no-download", "--out", run];
  const code = runNode(auricle, ["train", DATA, ...recipe, ...rest]);
  checks.check(`auricle train ${recipe.slice(0, 2).join(" ")} ends well`, code === 0, `exit code ${code}`);
  return code === 0;
}

function checkBest(checks, run) {
  const { accuracy } = resultOf(run).evaluations[0];
  const lines = readFileSync(join(run, "metrics.jsonl"), "utf8").trim().split("\n");
  const minutes = lines.reduce((sum, line) => sum + JSON.parse(line).seconds, 0) / 60;
  checks.check(
    `small-resnet on Fashion-MNIST classifies ${100 * BEST_ACCURACY} % of the test images within ${BEST_TIME} minutes`,
    accuracy >= BEST_ACCURACY && minutes <= BEST_TIME,
    `test accuracy ${accuracy.toFixed(4)}, ${minutes.toFixed(1)} minutes of training`,
  );
}

function resultOf(run) {
  return JSON.parse(readFileSync(join(run, "result.json"), "utf8"));
}

function checkRun(checks, run) {
  const missing = RUN_FILES.filter(
    (name) => !(statSync(join(run, name), { throwIfNoEntry: false })?.size > 0),
  );
  checks.check(
    "the run's folder is complete",
    missing.length === 0,
    missing.join(", ") || RUN_FILES.join(", "),
  );
  if (missing.length > 0) return;
  const { accuracy } = resultOf(run).evaluations[0];
  const difference = accuracy - EXPECTED_ACCURACY;
  checks.check(
    "LeNet-5 on Fashion-MNIST is as accurate as PyTorch's",
    Math.abs(difference) <= TOLERANCE,
    `test accuracy ${accuracy.toFixed(4)}, PyTorch's mean ${EXPECTED_ACCURACY}, tolerance ${TOLERANCE}`,
  );
  const epochs = readFileSync(join(run, "metrics.jsonl"), "utf8").trim().split("\n").length;
  checks.check("each epoch has its line of metrics", epochs === EPOCHS, `${epochs} lines`);
  const evaluation = spawnSync(process.execPath, [auricle, "eval", run, "--json", "--no-download"], {
    encoding: "utf8",
    maxBuffer: Infinity,
  });
  const again = evaluation.status === 0 ? JSON.parse(evaluation.stdout).evaluations[0].accuracy : undefined;
  checks.check(
    "the saved model gives the same accuracy again",
    again === accuracy,
    again ?? evaluation.stderr.trim(),
  );
}
