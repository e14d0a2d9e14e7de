/** @file The demo's claim: more than nine in ten pieces of synthetic music are classified correctly. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { auricle, runNode } from "../setup.mjs";

const LEAST_ACCURACY = 0.9;

export function verifyStyles(checks, run) {
  const recipe = ["--epochs", "6", "--batch-size", "16", "--no-augment", "--split", "0.7/0.1/0.2"];
  const code = runNode(auricle, ["train", "styles", ...recipe, "--out", run]);
  checks.check("the demo's training ends well", code === 0, `exit code ${code}`);
  if (code !== 0) return;
  const [test] = JSON.parse(readFileSync(join(run, "result.json"), "utf8")).evaluations;
  checks.check(
    "music of styles never heard in training is named right",
    test.accuracy > LEAST_ACCURACY,
    `accuracy ${test.accuracy.toFixed(4)} on ${test.examples} pieces`,
  );
}
