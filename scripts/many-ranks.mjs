/**
 * Trains under every MPI that is installed, with real processes: `npm run ranks-check`. Compares the losses of 1, 2 and 3 ranks, kills a rank
 * and resumes with another number of ranks, stops one, and carries out a sweep; with Open MPI also cuts off one of two hosts. As root on
 * Debian it installs what is missing.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { commandOnHosts, cutOff, makeHosts, removeHosts } from "./many-ranks/cut-off.mjs";
import { checkHangs } from "./many-ranks/hangs.mjs";
import { checkSweep } from "./many-ranks/sweep.mjs";

const root = new URL("..", import.meta.url).pathname;
const command = join(root, "dist", "cli", "main.js");
const ENGINES = ["mpirun.openmpi", "mpirun.mpich"];
const installed = (engine) => spawnSync(engine, ["--version"]).status === 0;

if (!ENGINES.every(installed) && process.getuid?.() === 0 && existsSync("/etc/debian_version")) {
  spawnSync("apt-get", ["update", "-qq"], { stdio: "inherit" });
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const packages = ["openmpi-bin", "mpich", "iproute2"];
  const install = ["-o", "DPkg::Lock::Timeout=300", "install", "-y", "-qq", ...packages];
  spawnSync("apt-get", install, { env, stdio: "ignore" });
}
const engines = ENGINES.filter(installed);
for (const engine of ENGINES.filter((one) => !engines.includes(one))) {
  console.log(`${engine} is not installed: NOT RUN`);
}
if (!existsSync(command)) throw new Error("run `npm run build` first");

const folder = mkdtempSync(join(tmpdir(), "auricle-ranks-"));
const env = {
  ...process.env,
  OMPI_ALLOW_RUN_AS_ROOT: "1",
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
  OMPI_MCA_rmaps_base_oversubscribe: "1",
};
const MODEL = ["--model", "lenet5", "--target", "wasm"];
let failed = 0;

function check(what, holds, details = "") {
  console.log(`${holds ? "ok  " : "FAIL"} ${what}${holds ? "" : `: ${details}`}`);
  if (!holds) failed++;
}

/** Runs `auricle` on so many ranks. @param engine a program, or a command line's beginning @param watch is given its output so far */
function run(engine, ranks, args, watch = () => undefined) {
  const line = [
    process.execPath,
    command,
    ...args,
    "--threads",
    "1",
    "--feature-folder",
    join(folder, "features"),
  ];
  const [program, ...rest] = ranks === 1 ? line : [engine, "-n", String(ranks), ...line].flat();
  return new Promise((resolve) => {
    const child = spawn(program, rest, { env });
    let output = "";
    const take = (chunk) => {
      output += chunk;
      watch(output);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("close", (code) => resolve({ code, output }));
  });
}

function train(engine, ranks, args, watch) {
  return run(engine, ranks, ["train", ...args, ...MODEL], watch);
}

function lossesOf(run) {
  const lines = readFileSync(join(run, "metrics.jsonl"), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line).loss);
}

function areNear(one, other) {
  return (
    one.length === other.length &&
    one.every((loss, i) => Math.abs(loss - other[i]) < 1e-5 * Math.max(1, Math.abs(loss)))
  );
}

async function checkEngine(engine, wanted) {
  for (const ranks of [2, 3]) {
    const out = join(folder, `${engine}-${ranks}`);
    const { code, output } = await train(engine, ranks, [
      "digits",
      "--epochs",
      "2",
      "--train-size",
      "500",
      "--batch-size",
      String(60 / ranks),
      "--out",
      out,
    ]);
    const losses = code === 0 ? lossesOf(out) : [];
    check(
      `${engine}: ${ranks} ranks have the losses of one process`,
      areNear(losses, wanted),
      `${losses} and ${wanted}\n${output}`,
    );
  }
  const out = join(folder, `${engine}-killed`);
  let isKilled = false;
  const ended = await train(
    engine,
    3,
    ["digits", "--epochs", "30", "--train-size", "500", "--batch-size", "20", "--out", out],
    (text) => {
      const victim = /1 on \S+ \(process (\d+)\)/.exec(text)?.[1];
      if (isKilled || victim === undefined || !text.includes(" 2/30 ")) return;
      isKilled = true;
      process.kill(Number(victim), "SIGKILL");
    },
  );
  check(`${engine}: a rank that is killed ends all`, isKilled && ended.code !== 0, ended.output);
  const done = lossesOf(out);
  const { code, output } = await train(engine, 2, ["--resume", out]);
  const resumed = code === 0 ? lossesOf(out) : [];
  const isSame = resumed.length === 30 && areNear(resumed.slice(0, done.length), done);
  check(`${engine}: another number of ranks resumes`, isSame, output);
  await checkHangs(engine, train, join(folder, `${engine}-hangs`), check);
}

/** Seconds in which a job has to end once a host is cut off. */
const SECONDS_TO_END = 60;

/** MPICH's ranks find each other's memory in spite of their hosts, so that a cable says nothing of them. */
async function checkCutOff() {
  const wrong = makeHosts();
  if (wrong !== undefined) {
    console.log(`Open MPI: a host that is cut off: NOT RUN: ${wrong}`);
    return;
  }
  const out = join(folder, "cut-off");
  let cut = 0;
  let timer;
  try {
    const args = ["digits", "--epochs", "40", "--train-size", "500", "--batch-size", "20", "--out", out];
    const { code, output } = await train(
      commandOnHosts(folder),
      2,
      [...args, "--rank-timeout", "10"],
      (text) => {
        if (cut > 0 || !text.includes(" 2/40 ")) return;
        cut = performance.now();
        cutOff();
        timer = setTimeout(removeHosts, 1000 * SECONDS_TO_END);
      },
    );
    const seconds = (performance.now() - cut) / 1000;
    check(
      "Open MPI: a host that is cut off ends the job",
      cut > 0 && code !== 0 && seconds < SECONDS_TO_END,
      `exit code ${code} after ${seconds.toFixed(1)} s\n${output}`,
    );
    const { code: resumed, output: told } = await train("", 1, ["--resume", out]);
    check("Open MPI: its run goes on elsewhere", resumed === 0 && lossesOf(out).length === 40, told);
  } finally {
    clearTimeout(timer);
    removeHosts();
  }
}

try {
  if (engines.length > 0) {
    const alone = join(folder, "alone");
    await train("", 1, [
      "digits",
      "--epochs",
      "2",
      "--train-size",
      "500",
      "--batch-size",
      "60",
      "--out",
      alone,
    ]);
    for (const engine of engines) await checkEngine(engine, lossesOf(alone));
    await checkSweep(engines, folder, run, check);
    if (engines.includes("mpirun.openmpi")) await checkCutOff();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;
