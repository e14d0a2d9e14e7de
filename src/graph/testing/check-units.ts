/**
 * @file Proves of a program that it gives the same bits however its units are shared among threads: no unit writes a word that another
 * unit of the same call reads or writes, none depends on what another left in scratch memory, and every word that is read was
 * written for that. Buffers lie as in the program that runs, so memory that buffers share over time is looked at too.
 */
import { AccessLog, type WordRange } from "../../kernels/testing/access-log.ts";
import { recordAccesses } from "../../kernels/testing/record-accesses.ts";
import type { Kernel } from "../../kernels/kernel.ts";
import type { MachineTraits } from "../../machine/ir.ts";
import type { Buffer } from "../buffer.ts";
import type { LoweredGraph } from "../graph.ts";
import { kernelOf, type KernelCall } from "../kernel-call.ts";
import { placeBuffers, pointersOf, type AddressSpace, type Placement } from "../placement.ts";
import { planProgram } from "../program-plan.ts";
import { align } from "../memory-plan.ts";
import type { Slab } from "../slab.ts";

const WORD_BYTES = 4;
/** Between buffers, so that what lies behind one is not the next: more than a vector. */
const GUARD_BYTES = 1024;

/** The owner of words that no call writes and that do not exist from the start. */
const NEVER = -1;

/**
 * @param generate makes the kernels of the calls
 * @throws RangeError that names the first call, unit and word that break the rules
 */
export function checkUnits(graph: LoweredGraph, machine: MachineTraits, generate = kernelOf): void {
  const lowered = { ...graph, preparation: [], calls: [...graph.preparation, ...graph.calls] };
  const kernels = new Map<string, Kernel>();
  for (const call of lowered.calls)
    if (!kernels.has(call.key)) kernels.set(call.key, generate(call, machine));
  const mostScratch = Math.max(0, ...[...kernels.values()].map(({ scratchBytes }) => scratchBytes));
  const space = new EmptySpace();
  const placement = placeBuffers(planProgram(lowered), space, align(mostScratch));
  new ProgramCheck(lowered, kernels, placement, space.bytes).run();
}

class EmptySpace implements AddressSpace {
  bytes = GUARD_BYTES;
  private readonly slabs = new Map<Slab, number>();

  allocate(bytes: number): number {
    const address = this.bytes;
    this.bytes += bytes + GUARD_BYTES;
    return address;
  }

  scratchOf(bytes: number): number {
    return this.allocate(bytes);
  }

  addressOf(slab: Slab): number {
    const known = this.slabs.get(slab);
    if (known !== undefined) return known;
    const address = this.allocate(Math.ceil(slab.length / 16) * 64);
    this.slabs.set(slab, address);
    return address;
  }
}

class ProgramCheck {
  private readonly lowered: LoweredGraph;
  private readonly kernels: ReadonlyMap<string, Kernel>;
  private readonly placement: Placement;
  private readonly memory: ArrayBuffer;
  private readonly log: AccessLog;
  /** For each word, the number of the buffer for which it was last written in this run, or 0. */
  private readonly owners: Int32Array;
  /** The number of each buffer that some call writes, from 1. */
  private readonly numbers = new Map<Buffer, number>();

  constructor(
    lowered: LoweredGraph,
    kernels: ReadonlyMap<string, Kernel>,
    placement: Placement,
    bytes: number,
  ) {
    this.lowered = lowered;
    this.kernels = kernels;
    this.placement = placement;
    this.memory = new ArrayBuffer(bytes);
    this.log = new AccessLog(bytes / WORD_BYTES);
    this.owners = new Int32Array(bytes / WORD_BYTES);
    for (const { writes } of lowered.calls) {
      for (const buffer of writes) {
        if (!this.numbers.has(buffer)) this.numbers.set(buffer, this.numbers.size + 1);
      }
    }
    for (const [{ home }, address] of placement.addresses) {
      if (home.kind === "own" && home.initial) {
        const { initial } = home;
        const words = new Int32Array(initial.buffer, initial.byteOffset, initial.length);
        new Int32Array(this.memory, address, words.length).set(words);
      }
    }
  }

  run(): void {
    const { calls, outputs } = this.lowered;
    calls.forEach((call, i) => {
      try {
        this.call(call);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new RangeError(`call ${i}, ${call.label} (${call.key}): ${error.message}`, { cause: error });
      }
    });
    for (const [i, output] of outputs.entries()) {
      const word = this.foreignWord(output);
      if (word !== undefined) throw new RangeError(`output ${i}: nothing writes word ${word}`);
    }
  }

  private call(call: KernelCall): void {
    const { log, placement } = this;
    const kernel = this.kernels.get(call.key);
    if (!kernel) throw new RangeError("no kernel");
    const { threadAddress } = placement;
    const foreign = call.reads.filter((buffer) => this.foreignWord(buffer) !== undefined);
    const scratch = {
      from: threadAddress / WORD_BYTES,
      to: (threadAddress + kernel.scratchBytes) / WORD_BYTES,
    };
    const memory = { reads: call.reads.map(this.rangeOf), writes: call.writes.map(this.rangeOf), scratch };
    log.beginCall(memory, kernel.units);
    const run = recordAccesses(kernel.code, this.memory, log);
    const pointers = pointersOf(call, placement);
    for (let unit = 0; unit < kernel.units; unit++) {
      log.beginUnit(unit);
      run(unit, unit + 1, threadAddress, ...pointers);
    }
    for (const buffer of foreign) this.checkForeign(call, buffer);
    for (const buffer of call.writes) this.own(buffer);
  }

  /** The owner that a buffer's words must have: 0 for inputs, constants and old slab contents, present from the start. */
  private numberOf(buffer: Buffer): number {
    return this.numbers.get(buffer) ?? (buffer.home.kind === "scratch" ? NEVER : 0);
  }

  private readonly rangeOf = (buffer: Buffer): WordRange => {
    const from = (this.placement.addresses.get(buffer) ?? 0) / WORD_BYTES;
    return { from, to: from + buffer.words };
  };

  /** The first word of a buffer that holds something else: not yet written, or written over. */
  private foreignWord(buffer: Buffer): number | undefined {
    const { from, to } = this.rangeOf(buffer);
    const number = this.numberOf(buffer);
    for (let word = from; word < to; word++) if (this.owners[word] !== number) return word - from;
    return undefined;
  }

  /** Words of another owner may lie in a buffer as long as the call leaves them alone. */
  private checkForeign(call: KernelCall, buffer: Buffer): void {
    const { from, to } = this.rangeOf(buffer);
    const number = this.numberOf(buffer);
    for (let word = from; word < to; word++) {
      if (this.owners[word] === number || !this.log.wasRead(word)) continue;
      const state = this.owners[word] === 0 ? "nothing has written" : "was written over";
      throw new RangeError(
        `reads word ${word - from} of ${buffer.words} of input ${call.reads.indexOf(buffer)}, which ${state}`,
      );
    }
  }

  private own(buffer: Buffer): void {
    const { from, to } = this.rangeOf(buffer);
    const number = this.numberOf(buffer);
    for (let word = from; word < to; word++) if (this.log.wasWritten(word)) this.owners[word] = number;
  }
}
