/** @file Puts kernel calls, memory and machine code together into something that can be run again and again. */
import { platform } from "#platform";
import { Arena, canShareMemory, memoryLimits } from "../runtime/arena.ts";
import { loadCode } from "../runtime/code.ts";
import type { LoadedProgram, ThreadPool } from "../runtime/pool.ts";
import type { CallDescription } from "../runtime/recording.ts";
import { traitsOf, type KernelTarget, type TargetName } from "../runtime/target.ts";
import type { Buffer } from "./buffer.ts";
import type { LoweredGraph } from "./graph.ts";
import { bytesOf, generate, mostScratchOf, stepsOf, type PlacedKernel } from "./kernel-steps.ts";
import { placeBuffers, planBuffers } from "./placement.ts";
import { SlabHomes } from "./slab-homes.ts";
import type { Slab } from "./slab.ts";

/** The costs of a program, known before it runs. */
export interface ProgramReport {
  /** The target that its kernels were emitted for. */
  readonly target: TargetName;
  /** Kernel calls, in order. */
  readonly calls: readonly (CallDescription & { readonly key: string })[];
  readonly kernels: number;
  /** Bytes of scratch memory: the peak of the buffers alive at once, and the threads' own. */
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

  /** @param given memory to share with other programs; default: memory of its own, as large as its plan */
  constructor(lowered: LoweredGraph, given: Arena | undefined, target: KernelTarget, pool: ThreadPool) {
    const { threads } = pool;
    const { calls } = lowered;
    const kernels = new Map<string, PlacedKernel>();
    const codes = generate(calls, traitsOf(target), kernels);
    const { code, bytes, unload } = loadCode(target, codes, memoryLimits(given?.shared ?? canShareMemory()));
    // Only now are the kernels known: they are generated as their code is loaded.
    const plan = planBuffers(lowered, threads, mostScratchOf(kernels));
    const arena = given ?? new Arena(undefined, plan.totalBytes);
    this.arena = arena;
    const slabs = SlabHomes.of(arena);
    const space = {
      allocate: (size: number) => arena.allocate(size, this),
      scratchOf: (size: number) => arena.scratchOf(size, this),
      addressOf: (slab: Slab) => slabs.addressOf(slab),
    };
    const placement = placeBuffers(plan, space);
    this.addresses = placement.addresses;
    this.writeConstants();
    if (code.kind === "native") platform.native?.preferLargePages(arena.memory);
    const steps = stepsOf(calls, kernels, placement);
    const { threadAddress, threadBytes, plannedBytes, unplannedBytes, ownBytes } = placement;
    const image = { code, steps, scratchAddress: threadAddress, scratchBytes: threadBytes };
    this.report = {
      target,
      calls: calls.map((call) => ({
        label: call.label,
        scopes: call.scopes,
        key: call.key,
        multiplyAdds: call.multiplyAdds,
        bytes: bytesOf(call),
      })),
      kernels: kernels.size,
      scratchBytes: plannedBytes + threadBytes * threads,
      unplannedBytes,
      ownBytes,
      codeBytes: bytes,
    };
    this.loaded = pool.load(image, arena, { target, calls: this.report.calls }, unload);
  }

  private writeConstants(): void {
    for (const buffer of this.addresses.keys()) {
      const { home } = buffer;
      if (home.kind !== "own" || !home.initial) continue;
      const { buffer: memory, byteOffset, length } = home.initial;
      this.floats(buffer).set(new Float32Array(memory, byteOffset, length));
    }
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
