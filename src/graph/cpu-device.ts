/** @file The processor as a device: an arena, machine code or WebAssembly, and a pool of threads. */
import { platform } from "#platform";
import type { MachineTraits } from "../machine/ir.ts";
import { Arena, canShareMemory, memoryLimits } from "../runtime/arena.ts";
import { loadCode } from "../runtime/code.ts";
import { threadPool, type LoadedProgram, type ThreadPool } from "../runtime/pool.ts";
import { traitsOf, type KernelTarget } from "../runtime/target.ts";
import type { Buffer } from "./buffer.ts";
import type { KernelCall } from "./kernel-call.ts";
import type { Device, DeviceProgram, ProgramReport } from "./device.ts";
import { bytesMovedBy, generate, mostScratchOf, stepsOf, type PlacedKernel } from "./kernel-steps.ts";
import { align } from "./memory-plan.ts";
import { placeBuffers } from "./placement.ts";
import { slabsOf } from "./preparation.ts";
import type { ProgramPlan } from "./program-plan.ts";
import { SlabHomes } from "./slab-homes.ts";
import type { Slab } from "./slab.ts";
import { machineLibrary } from "./task-library.ts";

export class CpuDevice implements Device {
  readonly machine: MachineTraits;
  readonly library = machineLibrary;
  private readonly target: KernelTarget;
  private readonly pool: ThreadPool;
  private readonly arena: Arena | undefined;

  /**
   * Starts the threads, so that they are there when a program is.
   * @param arena memory that its programs share; default: each has memory of its own, as much as its plan takes
   */
  constructor(target: KernelTarget, threads: number, arena?: Arena) {
    this.machine = traitsOf(target);
    this.target = target;
    this.pool = threadPool(threads);
    this.arena = arena;
  }

  load(plan: ProgramPlan): CpuProgram {
    return new CpuProgram(plan, this.target, this.pool, this.arena);
  }
}

export class CpuProgram implements DeviceProgram {
  readonly report: ProgramReport;
  private readonly arena: Arena;
  /** The parts that are handed over, in their order. */
  readonly handOvers: readonly KernelCall[];
  /** The parts of the program: each but the last ends where numbers are handed over. */
  private readonly loaded: readonly LoadedProgram[];
  private readonly preparation: Preparation | undefined;
  private readonly writtenSlabs: ReadonlySet<Slab>;
  private readonly addresses: ReadonlyMap<Buffer, number>;

  constructor(plan: ProgramPlan, target: KernelTarget, pool: ThreadPool, given: Arena | undefined) {
    const kernels = new Map<string, PlacedKernel>();
    const codes = generate(plan.requests, traitsOf(target), kernels);
    const { code, bytes, unload } = loadCode(target, codes, memoryLimits(given?.shared ?? canShareMemory()));
    // Only now are the kernels known: they are generated as their code is loaded.
    const scratchBytes = align(mostScratchOf(kernels));
    const threadBytes = scratchBytes * pool.threads;
    const { scratch, unplannedBytes, ownBytes, slabBytes } = plan;
    const arena = given ?? new Arena(undefined, slabBytes + ownBytes + scratch.bytes + threadBytes);
    this.arena = arena;
    const preferLargePages = () => {
      if (code.kind === "native") platform.native?.preferLargePages(arena.memory);
    };
    const slabs = SlabHomes.of(arena);
    const space = {
      allocate: (size: number) => arena.allocate(size, this),
      scratchOf: (size: number) => arena.scratchOf(size, this),
      // A page keeps the size that it has when it is first written.
      addressOf: (slab: Slab) => slabs.addressOf(slab, preferLargePages),
    };
    const placement = placeBuffers(plan, space, threadBytes);
    this.addresses = placement.addresses;
    preferLargePages();
    this.writeConstants();
    const { length: preparedCalls } = plan.preparation;
    const calls = [...plan.preparation, ...plan.calls];
    const steps = stepsOf(calls, kernels, placement);
    this.report = {
      target,
      calls: calls.map((call) => ({
        label: call.label,
        scopes: call.scopes,
        key: call.key,
        multiplyAdds: call.multiplyAdds,
        bytes: bytesMovedBy(call),
      })),
      preparedCalls,
      kernels: kernels.size,
      scratchBytes: scratch.bytes + threadBytes,
      unplannedBytes,
      ownBytes,
      codeBytes: bytes,
    };
    this.handOvers = calls.filter(({ handOver }) => handOver);
    const ends = [...this.handOvers.map((call) => calls.indexOf(call) + 1), calls.length];
    const unloadPart = afterAll((preparedCalls > 0 ? 1 : 0) + ends.length, unload);
    const load = (from: number, to: number) =>
      pool.load(
        { code, steps: steps.slice(from, to), scratchAddress: placement.threadAddress, scratchBytes },
        arena,
        { target, calls: this.report.calls.slice(from, to) },
        unloadPart,
      );
    if (preparedCalls > 0) {
      const read = slabsOf(plan.preparation.flatMap(({ reads }) => reads));
      this.preparation = new Preparation(load(0, preparedCalls), [...read]);
    }
    this.loaded = ends.map((end, i) => load(ends[i - 1] ?? preparedCalls, end));
    this.writtenSlabs = slabsOf(plan.calls.flatMap(({ writes }) => writes));
  }

  private writeConstants(): void {
    for (const buffer of this.addresses.keys()) {
      const { home } = buffer;
      if (home.kind === "own" && home.initial) this.write(buffer, home.initial);
    }
  }

  /** A buffer's words where they are now, to be written in place; valid until the arena grows. */
  view(buffer: Buffer): Float32Array {
    return this.arena.floats(this.addresses.get(buffer) ?? 0, buffer.words);
  }

  write(buffer: Buffer, { buffer: memory, byteOffset, length }: Float32Array | Int32Array): void {
    this.view(buffer).set(new Float32Array(memory, byteOffset, length));
  }

  read(buffer: Buffer): Float32Array {
    return this.view(buffer).slice();
  }

  run(): void {
    Array.from(this.parts());
  }

  /** As {@link PausingProgram.parts}. */
  *parts(): Generator<Float32Array> {
    this.preparation?.runIfStale();
    for (const [i, part] of this.loaded.entries()) {
      part.run();
      if (i in this.handOvers) yield this.view(this.handOvers[i].writes[0]);
    }
    for (const slab of this.writtenSlabs) slab.changed();
  }
}

/** The part of a program that runs before its first run, and again after the slabs that it reads have changed. */
class Preparation {
  private readonly loaded: LoadedProgram;
  private readonly slabs: readonly Slab[];
  private versions: readonly number[] | undefined;

  constructor(loaded: LoadedProgram, slabs: readonly Slab[]) {
    this.loaded = loaded;
    this.slabs = slabs;
  }

  runIfStale(): void {
    if (this.versions && this.slabs.every(({ version }, i) => version === this.versions?.[i])) return;
    this.loaded.run();
    this.versions = this.slabs.map(({ version }) => version);
  }
}

/** Returns a function that calls `run` when it is called for the `count`th time. */
function afterAll(count: number, run: () => void): () => void {
  let left = count;
  return () => {
    if (--left === 0) run();
  };
}
