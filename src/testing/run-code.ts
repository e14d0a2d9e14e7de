/** @file Runs a single kernel on any target, without a program around it. */
import { platform } from "#platform";
import { interpretKernel } from "../kernels/testing/interpret-kernel.ts";
import type { KernelCode } from "../machine/ir.ts";
import { loadCode } from "../runtime/code.ts";
import type { KernelTarget } from "../runtime/target.ts";
import { INTERPRETED_TARGETS } from "./check-operation.ts";

/** The kernel as a function of its parameters, over memory that does not grow; interpreted if its target does not run here. */
export function kernelFunction(
  target: KernelTarget,
  kernel: KernelCode,
  memory: WebAssembly.Memory,
): (...parameters: number[]) => void {
  if (INTERPRETED_TARGETS.includes(target)) return interpretKernel(kernel, memory.buffer);
  const pages = memory.buffer.byteLength / 65536;
  const limits = { initialPages: pages, maximumPages: pages, shared: false };
  const { code } = loadCode(target, [kernel], limits);
  const runner = platform.runnerOf(code, memory);
  // A kernel in a program has a first and a last unit at least.
  return (first = 0, second = 0, ...rest) => runner(0, [first, second, ...rest])(first, second);
}
