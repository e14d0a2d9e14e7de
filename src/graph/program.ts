/** @file Puts kernel calls, memory and machine code together into something that can be run again and again. */
import { platform } from "#platform";
import type { Kernel } from "../kernels/kernel.ts";
import type { KernelCode, MachineTraits } from "../machine/ir.ts";
import type { Arena } from "../runtime/arena.ts";
import { loadCode } from "../runtime/code.ts";
import type { LoadedProgram, ThreadPool } from "../runtime/pool.ts";
import type { CallDescription } from "../runtime/recording.ts";
import { traitsOf, type KernelTarget, type TargetName } from "../runtime/target.ts";
import type { Step } from "../runtime/thread.js";
import type { Buffer } from "./buffer.ts";
import type { LoweredGraph } from "./lower.ts";
import type { KernelCall } from "./lowering.ts";
import { align, planMemory } from "./memory-plan.ts";
import { SlabHomes } from "./slab-homes.ts";

/** What a program costs, known before it runs. */
export interface ProgramReport {
  /** What its kernels were emitted for. */
  readonly target: TargetName;
  /** Kernel calls, in order. */
  readonly calls: readonly (CallDescription & { readonly key: string })[];
  readonly kernels: number;
  /** Bytes of scratch memory: the peak of what is alive at once, and the threads' own. */
  readonly scratchBytes: number;
  /** Bytes that the same buffers would take without reuse. */
  readonly unplannedBytes: number;
  /** Bytes of inputs, outputs and constants. */
  readonly ownBytes: number;
  readonly codeBytes: number;
}

export class Program {
  readonly report: ProgramReport;
  private readonly arena: Arena;
  private readonly loaded: LoadedProgram;
  private readonly addresses: ReadonlyMap<Buffer, number>;

  constructor(lowered: LoweredGraph, arena: Arena, target: KernelTarget, pool: ThreadPool) {
    this.arena = arena;
    const { threads } = pool;
    const { calls } = lowered;
    const kernels = new Map<string, PlacedKernel>();
    const codes = generate(calls, traitsOf(target), kernels);
    const { code, bytes, unload } = loadCode(target, codes, arena.limits);
    const plan = planMemory(calls);
    const private_ = align(Math.max(0, ...[...kernels.values()].map(({ scratchBytes }) => scratchBytes)));
    const { addresses, ownBytes } = placeOwn(lowered, arena);
    const scratch = arena.scratchOf(plan.bytes + private_ * threads);
    if (code.kind === "native") platform.native?.preferLargePages(arena.memory);
    for (const [buffer, offset] of plan.offsets) {
      if (buffer.home.kind === "scratch") addresses.set(buffer, scratch + offset);
    }
    this.addresses = addresses;
    const steps = calls.map((call): Step => {
      const { index, units } = kernels.get(call.key) ?? missing(call);
      const pointers = [...call.reads, ...call.writes].map(
        (buffer) => addresses.get(buffer) ?? missing(call),
      );
      return { kernel: index, units, leastUnits: leastUnits(call, units), pointers };
    });
    const image = { code, steps, scratchAddress: scratch + plan.bytes, scratchBytes: private_ };
    this.report = {
      target,
      calls: calls.map((call) => ({
        label: call.label,
        key: call.key,
        multiplyAdds: call.multiplyAdds,
        bytes: bytesOf(call),
      })),
      kernels: kernels.size,
      scratchBytes: plan.bytes + private_ * threads,
      unplannedBytes: [...plan.offsets.keys()].reduce((sum, buffer) => sum + align(buffer.words * 4), 0),
      ownBytes,
      codeBytes: bytes,
    };
    this.loaded = pool.load(image, arena.memory, { target, calls: this.report.calls }, unload);
  }

  /** A buffer's words where they are now; valid until the arena grows. */
  floats(buffer: Buffer): Float32Array {
    return this.arena.floats(this.addresses.get(buffer) ?? 0, buffer.words);
  }

  ints(buffer: Buffer): Int32Array {
    const floats = this.floats(buffer);
    return new Int32Array(floats.buffer, floats.byteOffset, floats.length);
  }

  run(): void {
    this.loaded.run();
  }
}

/** What a program keeps of a kernel besides its machine code. */
interface PlacedKernel extends Omit<Kernel, "code"> {
  /** Among the program's kernels. */
  readonly index: number;
}

/**
 * Each kernel's code once, and its place in `kernels`. It is generated when it is asked for and garbage when the
 * next one is: all of a program's at once are megabytes that collections of garbage would have to move.
 */
function* generate(
  calls: readonly KernelCall[],
  machine: MachineTraits,
  kernels: Map<string, PlacedKernel>,
): Generator<KernelCode> {
  for (const { key, build } of calls) {
    if (kernels.has(key)) continue;
    const { code, units, scratchBytes } = build(machine);
    kernels.set(key, { index: kernels.size, units, scratchBytes });
    yield code;
  }
}

/** Of the buffers that a call reads and writes, each counted once. */
function bytesOf({ reads, writes }: KernelCall): number {
  const words = [...new Set([...reads, ...writes])].reduce((sum, buffer) => sum + buffer.words, 0);
  return words * Float32Array.BYTES_PER_ELEMENT;
}

/** What is worth being shared among threads: some microseconds of work. Sharing costs a tenth of one, a wait more. */
const LEAST_MULTIPLY_ADDS = 100_000;
const LEAST_BYTES = 32_768;

/** As many of a call's units as are worth being taken by a thread. */
function leastUnits(call: KernelCall, units: number): number {
  const parts = Math.max(1, call.multiplyAdds / LEAST_MULTIPLY_ADDS, bytesOf(call) / LEAST_BYTES);
  return Math.ceil(units / parts);
}

function missing(call: KernelCall): never {
  throw new RangeError(`${call.label}: a kernel or buffer was not placed`);
}

/** Gives inputs, outputs and constants memory of their own and finds the slabs. */
function placeOwn(
  { calls, inputs, outputs }: LoweredGraph,
  arena: Arena,
): { addresses: Map<Buffer, number>; ownBytes: number } {
  const addresses = new Map<Buffer, number>();
  const slabs = SlabHomes.of(arena);
  let ownBytes = 0;
  const buffers = [...inputs, ...outputs, ...calls.flatMap((call) => [...call.reads, ...call.writes])];
  for (const buffer of new Set(buffers)) {
    const { home } = buffer;
    if (home.kind === "slab") {
      addresses.set(buffer, slabs.addressOf(home.slab) + home.offset * Float32Array.BYTES_PER_ELEMENT);
    } else if (home.kind === "own") {
      const bytes = align(buffer.words * Float32Array.BYTES_PER_ELEMENT);
      const address = arena.allocate(bytes);
      ownBytes += bytes;
      addresses.set(buffer, address);
      const { initial } = home;
      if (initial) {
        const bits = new Float32Array(initial.buffer, initial.byteOffset, initial.length);
        arena.floats(address, buffer.words).set(bits);
      }
    }
  }
  return { addresses, ownBytes };
}
