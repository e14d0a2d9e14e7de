/** @file The bench's own side measures: each workload and phase gives a time, so that a table is never without Auricle's. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { WORKLOADS } from "../../bench/workloads.mjs";

const SIZES = ["--batch", "4", "--channels", "8", "--image", "32", "--threads", "2", "--target", "wasm"];

/** Each script with the flags of one short measurement. */
function measurements() {
  const phases = ["train", "infer"];
  return [
    ...Object.keys(WORKLOADS).flatMap((workload) =>
      phases.map((phase) => ["auricle.mjs", "--workload", workload, "--phase", phase]),
    ),
    ...phases.map((phase) => ["auricle-scaling.mjs", ...SIZES, "--phase", phase]),
    ["layers.mjs", "--workload", "vgg4", "--threads", "1", "--target", "wasm", "--json"],
  ];
}

/** Measures each for a moment. */
export function verifyBench(checks, root) {
  for (const [script, ...flags] of measurements()) {
    const args = [join(root, "bench", script), ...flags, "--seconds", "0.01"];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    const lines = stdout.split("\n").filter((text) => text.startsWith("{"));
    const ms = lines.map((line) => JSON.parse(line).ms).find((time) => time !== undefined) ?? NaN;
    const details = ms > 0 ? `${ms} ms` : stderr.trim().slice(-300);
    checks.check(`bench ${script.replace(".mjs", "")} ${flags.join(" ")}`, ms > 0, details);
  }
}
