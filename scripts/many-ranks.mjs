/**
 * Trains under every MPI that is installed, with real processes: `npm run ranks-check`. Compares the losses of 1, 2 and 3 ranks, kills a rank
 * and resumes with another number of ranks. As root on Debian it installs what is missing.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const root = new URL("..", import.meta.url).pathname;
const command = join(root, "dist", "cli", "main.js");
const ENGINES = ["mpirun.openmpi", "mpirun.mpich"];
const installed = (engine) => spawnSync(engine, ["--version"]).status === 0;

if (!ENGINES.every(installed) && process.getuid?.() === 0 && existsSync("/etc/debian_version")) {
  spawnSync("apt-get", ["update", "-qq"], { stdio: "inherit" });
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["-o", "DPkg::Lock::Timeout=300", "install", "-y", "-qq", "openmpi-bin", "mpich"];
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
const options = [
  "--model",
  "lenet5",
  "--target",
  "wasm",
  "--threads",
  "1",
  "--feature-folder",
  join(folder, "features"),
];
let failed = 0;

function check(what, holds, details = "") {
  console.log(`${holds ? "ok  " : "FAIL"} ${what}${holds ? "" : `: ${details}`}`);
  if (!holds) failed++;
}

/** Runs `auricle train digits` on so many ranks. @param watch is given each line of its output, and its process */
function train(engine, ranks, args, watch = () => undefined) {
  const line = [command, "train", ...args, ...options];
  const [program, ...rest] =
    ranks === 1 ? [process.execPath, ...line] : [engine, "-n", String(ranks), process.execPath, ...line];
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
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;
