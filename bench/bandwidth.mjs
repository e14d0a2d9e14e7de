/**
 * @file The memory bandwidth: STREAM's triad a = b + 3·c (McCalpin 1995) over arrays that no cache holds, by the elementwise
 * kernel that programs use, so that a layer's bytes can be given as a share of what this machine could do at that moment.
 */
import { compileGraph } from "../dist/graph/compile.js";
import { inputTensor } from "../dist/graph/sources.js";
import { add, multiply } from "../dist/ops/arithmetic.js";

/** Floats of each of the three arrays: 128 MB, which is beyond any cache of a processor with few cores. */
const LENGTH = 1 << 25;
const RUNS = 8;

/**
 * Bytes are counted as in STREAM: two arrays read, one written. What a processor reads of a line before it overwrites it
 * is not counted, here as for layers.
 * @param {import("../dist/runtime/target.js").KernelTarget} target
 * @param {number} threads
 * @returns {number} GB/s of all threads together, the best of some runs
 */
export function memoryBandwidth(target, threads) {
  const shape = [LENGTH];
  const inputs = [inputTensor(shape, "float32"), inputTensor(shape, "float32")];
  const outputs = [add(inputs[0], multiply(inputs[1], 3))];
  const program = compileGraph({ inputs, outputs, assignments: [] }, { target, threads });
  // A page is given by the system when it is first written.
  inputs.forEach((_, i) => program.inputView(i).fill(i + 1));
  program.run();
  const times = Array.from({ length: RUNS }, () => {
    const before = performance.now();
    program.run();
    return performance.now() - before;
  });
  return (3 * 4 * LENGTH) / Math.min(...times) / 1e6;
}
