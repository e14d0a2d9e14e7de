/** @file The machine that a result was measured on: the first line of every JSON result. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

export function machineLine() {
  const processors = cpus();
  return {
    kind: "machine",
    date: new Date().toISOString().slice(0, 10),
    processor: processors[0]?.model ?? "unknown",
    processors: processors.length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    auricle: version,
    commit: commit(),
  };
}

/** Undefined outside of a git checkout. */
function commit() {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return undefined;
  }
}
