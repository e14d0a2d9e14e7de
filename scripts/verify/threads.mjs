/** @file The protocol by which threads share work, as a model of which every interleaving is gone through: tools/model. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "./debian.mjs";

/** Commands, and the packages that bring each. */
const PACKAGES = { spin: ["spin"], gcc: ["gcc", "libc6-dev"] };

/** Sizes of the model: small enough for seconds, large enough for latecomers, stolen units and lost wake-ups. */
const TWO_THREADS = ["-DTHREADS=2", "-DSTEPS=2", "-DRUNS=2", "-DSHARE=2"];
const THREE_THREADS = ["-DTHREADS=3", "-DSTEPS=2", "-DRUNS=1", "-DSHARE=1"];

const SAFETY = { compile: ["-DSAFETY", "-DNOCLAIM"], run: [] };
const always = (claim) => ({ compile: [], run: ["-a", "-N", claim] });

/** Faults of the model, and what finds each. */
const FAULTS = [
  ["a step does not wait for the one before", 1, SAFETY],
  ["units are taken without comparing", 2, SAFETY],
  ["a sleeper is counted late", 3, SAFETY],
  ["messages are not counted", 4, always("heard")],
];

/** Goes through all states of a model. Returns the errors found, 0 or 1, and a line about it. */
function explore(model, folder, sizes, { compile, run }) {
  const steps = [
    ["spin", ["-a", ...sizes, model]],
    ["gcc", ["-O2", "-DCOLLAPSE", ...compile, "-w", "-o", "pan", "pan.c"]],
    [join(folder, "pan"), ["-m200000", ...run]],
  ];
  let text = "";
  for (const [command, parameters] of steps) {
    const { stdout, stderr, error } = spawnSync(command, parameters, { cwd: folder, encoding: "utf8" });
    if (error) return { errors: NaN, line: error.message };
    text = stdout + stderr;
  }
  // A search that was cut short has proved nothing.
  const isWhole = !/max search depth too small|out of memory|Search not completed/.test(text);
  const errors = Number(/errors: (\d+)/.exec(text)?.[1]);
  const states = /(\d+) states, stored/.exec(text)?.[1] ?? "no";
  return { errors: isWhole || errors > 0 ? errors : NaN, line: `${errors} errors in ${states} states` };
}

function isMissing(command) {
  return spawnSync(command, ["--version"]).error !== undefined;
}

export function verifyThreads(checks, folder, root) {
  const toInstall = Object.keys(PACKAGES)
    .filter(isMissing)
    .flatMap((command) => PACKAGES[command]);
  const reason = toInstall.length > 0 ? installPackages(toInstall) : undefined;
  if (reason !== undefined) {
    checks.skip("the threads' protocol", reason);
    return;
  }
  mkdirSync(folder, { recursive: true });
  const model = join(root, "tools", "model", "threads.pml");
  const proofs = [
    ["two threads do every unit once, one step after the other", TWO_THREADS, SAFETY],
    ["two threads bring every run to its end", TWO_THREADS, always("progress")],
    ["two threads receive every message", TWO_THREADS, always("heard")],
    [
      "three threads do every unit once, one step after the other, and nobody sleeps for ever",
      THREE_THREADS,
      SAFETY,
    ],
  ];
  for (const [what, sizes, search] of proofs) {
    const { errors, line } = explore(model, folder, sizes, search);
    checks.check(what, errors === 0, line);
  }
  for (const [what, fault, search] of FAULTS) {
    const { errors, line } = explore(model, folder, [...TWO_THREADS, `-DFAULT=${fault}`], search);
    checks.check(`the model shows when ${what}`, errors > 0, line);
  }
}
