/** @file The default recipe on real drum hits, tested on kits that training has not heard. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { auricle, runNode } from "../setup.mjs";
import { installPackage } from "./debian.mjs";

const PACKAGE = "hydrogen-drumkits";

/** Recordings of the five drums in the package's kits. */
const RECORDINGS = 453;

async function dataAreHere(root) {
  const { locateDataset } = await import(pathToFileURL(join(root, "dist", "data", "index.js")).href);
  return (await locateDataset("drumkits")).recordings !== undefined;
}

/** Whether the recordings are here, installed if need be; else they are told as skipped. */
async function install(checks, root) {
  const reason = (await dataAreHere(root)) ? undefined : installPackage(PACKAGE);
  if (reason === undefined && (await dataAreHere(root))) return true;
  checks.skip("drum hits", `they are not on this machine: ${reason}`);
  return false;
}

export async function verifyDrums(checks, run, root) {
  if (!(await install(checks, root))) return;
  // The first of five folds: about a fifth of the kits are tested. A few epochs will do.
  const code = runNode(auricle, [
    ...["train", "drumkits", "--fold", "1/5", "--epochs", "6", "--strict"],
    ...["--feature-folder", `${run}-features`, "--out", run],
  ]);
  checks.check("every drum hit can be decoded and trained on", code === 0, `exit code ${code}`);
  if (code !== 0) return;
  const split = JSON.parse(readFileSync(join(run, "split.json"), "utf8"));
  const clips = Object.values(split.parts).reduce((sum, ids) => sum + ids.length, 0);
  checks.check("all recordings are used", clips === RECORDINGS, `${clips} of ${RECORDINGS}`);
  checks.check(
    "no kit is in two parts",
    split.report.leaks.length === 0,
    `${split.report.leaks.length} leaks`,
  );
  const [test] = JSON.parse(readFileSync(join(run, "result.json"), "utf8")).evaluations;
  const majority = Math.max(...test.classes.map(({ support }) => support)) / test.examples;
  checks.check(
    "the network is better than always naming the most frequent drum",
    test.accuracyInterval[0] > majority,
    `accuracy ${test.accuracy.toFixed(4)}, lower end ${test.accuracyInterval[0].toFixed(4)}, ` +
      `most frequent ${majority.toFixed(4)}`,
  );
  await checkPrediction(checks, run, split.parts.test[0], root);
}

/** Features of some of the recordings are within the bounds that docs/sound.md states. */
export async function verifyFrontEnds(checks, root) {
  if (!(await install(checks, root))) return;
  const { locateDataset } = await import(pathToFileURL(join(root, "dist", "data", "index.js")).href);
  const { recordings } = await locateDataset("drumkits");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const test = "src/data/audio/features/front-end-bounds.test.ts";
  const code = runNode(vitest, ["run", "--reporter=dot", "--testTimeout=600000", test], {
    cwd: root,
    env: { ...process.env, AURICLE_RECORDINGS: recordings },
  });
  checks.check("features of drum hits are exact within the stated bounds", code === 0, `exit code ${code}`);
}

/** The model on a file says what the evaluation of that recording said. */
async function checkPrediction(checks, run, id, root) {
  const { locateDataset } = await import(pathToFileURL(join(root, "dist", "data", "index.js")).href);
  const { recordings } = await locateDataset("drumkits");
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [auricle, "predict", run, join(recordings, id), "--json"],
    { encoding: "utf8" },
  );
  const evaluated = JSON.parse(readFileSync(join(run, "predictions.json"), "utf8")).test.find(
    (clip) => clip.id === id,
  );
  if (status !== 0) {
    checks.check("the model listens to a file", false, stderr.trim());
    return;
  }
  const predicted = Object.values(JSON.parse(stdout).probabilities);
  const difference = Math.max(...predicted.map((value, i) => Math.abs(value - evaluated.outputs[i])));
  checks.check(
    "the model says of a file what its evaluation said",
    difference < 1e-5,
    `largest difference ${difference}`,
  );
}
