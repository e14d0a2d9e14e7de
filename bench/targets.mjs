/** @file The targets and numbers of threads that a bench goes through. */
import { availableParallelism } from "node:os";

/** By a name that is worked out, so that the project type-checks without dist/. @param {string} path */
const built = (path) => new URL(`../dist/${path}`, import.meta.url).href;

/**
 * Comma-separated; "all": every target that emits kernels and runs here, the slowest first.
 * @param {string} names
 * @returns {Promise<string[]>}
 */
export async function targetsNamed(names) {
  if (names !== "all") return names.split(",");
  const { kernelTargets } = await import(built("runtime/target.js"));
  return [...kernelTargets()];
}

/** The target that Auricle takes when it is not told. @returns {Promise<string>} */
export async function fastestTarget() {
  const { chooseTarget } = await import(built("runtime/target.js"));
  return chooseTarget();
}

/** Comma-separated; "all": 1, 2, 4 … and all processors. @param {string} list @returns {number[]} */
export function threadCounts(list) {
  if (list !== "all") return list.split(",").map(Number);
  const most = availableParallelism();
  const counts = [];
  for (let threads = 1; threads < most; threads *= 2) counts.push(threads);
  return [...counts, most];
}
