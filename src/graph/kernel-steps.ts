/** @file From kernel calls to kernels, each once, and the steps that call them. */
import type { Kernel } from "../kernels/kernel.ts";
import type { KernelCode, MachineTraits } from "../machine/ir.ts";
import type { Step } from "../runtime/thread.js";
import { kernelOf, type KernelCall, type KernelPlan } from "./kernel-call.ts";
import { pointersOf, type Placement } from "./placement.ts";

/** The data that a program keeps of a kernel besides its machine code. */
export interface PlacedKernel extends Omit<Kernel, "code"> {
  /** Among the program's kernels. */
  readonly index: number;
}

/**
 * Yields each kernel's code once, and records its place in `kernels`. Code is generated on demand and becomes garbage when the
 * next one is: all of a program's code at once is megabytes that garbage collection would have to move.
 */
export function* generate(
  requests: ReadonlyMap<string, KernelPlan>,
  machine: MachineTraits,
  kernels: Map<string, PlacedKernel>,
): Generator<KernelCode> {
  for (const [key, plan] of requests) {
    const { code, units, scratchBytes } = kernelOf(plan, machine);
    kernels.set(key, { index: kernels.size, units, scratchBytes });
    yield code;
  }
}

/** Returns the size of the buffers that a call reads and writes, each counted once. */
export function bytesMovedBy({ reads, writes }: KernelCall): number {
  const words = [...new Set([...reads, ...writes])].reduce((sum, buffer) => sum + buffer.words, 0);
  return words * Float32Array.BYTES_PER_ELEMENT;
}

/** The least work worth sharing among threads: some microseconds. Sharing costs a tenth of one, a wait more. */
const LEAST_MULTIPLY_ADDS = 100_000;
const LEAST_BYTES = 32_768;

/** The least number of a call's units that are worth giving to a thread. */
function leastUnits(call: KernelCall, units: number): number {
  const parts = Math.max(1, call.multiplyAdds / LEAST_MULTIPLY_ADDS, bytesMovedBy(call) / LEAST_BYTES);
  return Math.ceil(units / parts);
}

/** Returns the scratch memory of the kernel that needs the most, in bytes. */
export function mostScratchOf(kernels: ReadonlyMap<string, PlacedKernel>): number {
  return Math.max(0, ...[...kernels.values()].map(({ scratchBytes }) => scratchBytes));
}

/** Returns the calls as threads run them; `kernels` are those that {@link generate} recorded. */
export function stepsOf(
  calls: readonly KernelCall[],
  kernels: ReadonlyMap<string, PlacedKernel>,
  placement: Placement,
): Step[] {
  return calls.map((call) => {
    const { index, units } = kernels.get(call.key) ?? missing(call);
    return {
      kernel: index,
      units,
      leastUnits: leastUnits(call, units),
      pointers: pointersOf(call, placement),
    };
  });
}

function missing(call: KernelCall): never {
  throw new RangeError(`${call.label}: its kernel was not generated`);
}
