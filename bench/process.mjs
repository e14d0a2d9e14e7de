/** @file One measuring process: a script of Auricle's or of a peer's that prints one JSON line. */
import { spawnSync } from "node:child_process";

/**
 * Runs one measuring process and returns the last JSON line that it printed.
 * @param {readonly string[]} command
 * @param {readonly string[]} args
 * @param {string} folder of the script
 */
export function measure(command, args, folder) {
  const [program, script, ...own] = command;
  const { stdout, stderr } = spawnSync(program, [folder + script, ...own, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 26,
  });
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  return lines.length > 0 ? JSON.parse(lines[lines.length - 1]) : { error: reasonIn(stderr) };
}

/**
 * The line of a failed process that names the error: Node.js ends with its version, Python with the error itself.
 * @param {string} stderr
 */
export function reasonIn(stderr) {
  const lines = stderr.trim().split("\n");
  return lines.findLast((line) => /^(\w*Error|error)\b/.test(line)) ?? lines.at(-1);
}
