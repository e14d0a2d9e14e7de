/**
 * @file The command on a folder of real pictures, photographs and drawings of things: it must find them in order, learn as well as is
 * documented, and its page, its predictions and its explanations must agree with the evaluation.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { auricle, runNode } from "../setup.mjs";
import { copyPictureSet, PICTURE_SETS } from "./picture-sets.mjs";

const SET = "stamps";

/** As in the table of docs/images.md: a test part that is large enough to judge by, and little work. All else is by default. */
const SPLIT = ["--split", "0.7/0.1/0.2"];
const RECIPE = [...SPLIT, "--size", "64", "--epochs", "20"];

/** Mean and deviation of the test accuracy with seeds 0 to 4: `npm run bench -- defaults`. */
const EXPECTED = { mean: 0.571, deviation: 0.039 };
/** Each seed has another test part, so a single one may be this many deviations off. */
const DEVIATIONS = 3;

export function verifyPictures(checks, folder) {
  const data = join(folder, SET);
  const { pictures, reason } = copyPictureSet(SET, data);
  if (reason !== undefined) {
    checks.skip("a folder of pictures", `they are not on this machine: ${reason}`);
    return;
  }
  const expected = PICTURE_SETS[SET].pictures;
  checks.check("the package has the pictures it had", pictures === expected, `${pictures} of ${expected}`);
  const cache = ["--feature-folder", join(folder, "cache")];
  checkInspection(checks, data, pictures, cache);
  const run = join(folder, "run");
  const code = runNode(auricle, ["train", data, ...RECIPE, ...cache, "--out", run]);
  checks.check("the training on a folder of pictures ends well", code === 0, `exit code ${code}`);
  if (code !== 0) return;
  checkTraining(checks, run, pictures);
  checkReport(checks, run);
  checkAnswers(checks, data, run);
}

/** Runs the command with --json. Returns its last object, or undefined where it failed, which is told. */
function ask(checks, what, parameters) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [auricle, ...parameters, "--json"], {
    encoding: "utf8",
    maxBuffer: Infinity,
  });
  if (status === 0) return JSON.parse(stdout.trim().split("\n").at(-1));
  checks.check(what, false, `exit code ${status}: ${stderr.trim()}`);
  return undefined;
}

function readRun(run, name) {
  return JSON.parse(readFileSync(join(run, name), "utf8"));
}

function checkInspection(checks, data, pictures, cache) {
  const what = "inspect reads every picture";
  const found = ask(checks, what, ["inspect", data, ...SPLIT, ...cache]);
  if (!found) return;
  const unusable = found.problems.filter(({ kind }) => kind === "unusable");
  const { classes } = found.summary;
  checks.check(
    what,
    found.summary.pictures === pictures && unusable.length === 0 && found.split.leaks.length === 0,
    `${found.summary.pictures} of ${classes.length} classes, ${unusable.length} unusable, ` +
      `${found.duplicates.length} pairs that show the same, ${found.split.leaks.length} leaks`,
  );
}

function checkTraining(checks, run, pictures) {
  const split = readRun(run, "split.json");
  const used = Object.values(split.parts).reduce((sum, ids) => sum + ids.length, 0);
  checks.check("all pictures are used", used === pictures, `${used} of ${pictures}`);
  const [test] = readRun(run, "result.json").evaluations;
  const { mean, deviation } = EXPECTED;
  const tolerance = DEVIATIONS * deviation;
  checks.check(
    "the defaults learn real pictures as well as is documented",
    Math.abs(test.accuracy - mean) <= tolerance,
    `accuracy ${test.accuracy.toFixed(4)} on ${test.examples} pictures, mean ${mean} ± ${tolerance.toFixed(3)}`,
  );
}

function checkReport(checks, run) {
  const page = readFileSync(join(run, "report.html"), "utf8");
  const parts = ["<h2>Test: ", "Worst mistakes", "Learned filters", "data:image/png"];
  const missing = parts.filter((part) => !page.includes(part));
  checks.check(
    "the report shows figures, mistakes, filters and pictures",
    missing.length === 0,
    missing.length === 0 ? `${(page.length / 1e6).toFixed(1)} MB` : `without ${missing.join(", ")}`,
  );
}

/** Checks that what the model says of a file, and why, agrees with the evaluation of that picture. */
function checkAnswers(checks, data, run) {
  const [{ id, outputs }] = readRun(run, "predictions.json").test;
  const file = join(data, id);
  const again = ask(checks, "the saved model can be evaluated", ["eval", run]);
  const { accuracy } = readRun(run, "result.json").evaluations[0];
  if (again) {
    const own = again.evaluations[0].accuracy;
    checks.check("the saved model gives the same accuracy again", own === accuracy, `${own}, ${accuracy}`);
  }
  const predicted = ask(checks, "the model looks at a file", ["predict", run, file]);
  if (!predicted) return;
  const values = Object.values(predicted.probabilities);
  const difference = Math.max(...values.map((value, i) => Math.abs(value - outputs[i])));
  const what = "the model says of a picture what its evaluation said";
  checks.check(what, difference < 1e-5, `largest difference ${difference}`);
  const explained = ask(checks, "an answer can be explained", ["explain", run, file]);
  if (!explained) return;
  const empty = explained.files.filter((path) => !(statSync(path, { throwIfNoEntry: false })?.size > 0));
  const methods = explained.maps.map(({ method }) => method);
  checks.check(
    "the explanation is of the predicted class, and all its files are there",
    explained.class === predicted.class && empty.length === 0 && methods.length > 0,
    `${explained.class}: ${explained.files.length} files by ${methods.join(", ")}` +
      (empty.length > 0 ? `; missing: ${empty.join(", ")}` : ""),
  );
}
