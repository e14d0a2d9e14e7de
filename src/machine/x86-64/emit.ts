/**
 * @file x86-64 as a target of the vector machine: AVX2 with 8 lanes, AVX-512 with 16. A kernel becomes a function of
 * two pointers: the memory's beginning, and its parameters as consecutive int32.
 */

import type { KernelCode, MachineTraits, Statement } from "../ir.ts";
import { allocate, type Allocation } from "./allocate.ts";
import { Assembler, type VectorWidth } from "./assembler.ts";
import { Constants } from "./constants.ts";
import { Frame } from "./frame.ts";
import { IntExpressions } from "./int-expressions.ts";
import { liveRanges, type LiveRanges } from "./live-ranges.ts";
import { GENERAL, memory, type GeneralRegister } from "./registers.ts";
import { VECTOR } from "./instructions.ts";
import { MEMORY_BASE, VectorExpressions } from "./vector-expressions.ts";

export const AVX2_TRAITS: MachineTraits = { lanes: 8, vectorRegisters: 16, fusedMultiplyAdd: true };
export const AVX512_TRAITS: MachineTraits = { lanes: 16, vectorRegisters: 32, fusedMultiplyAdd: true };

/** How functions get their first two arguments, and what they must leave as it was. */
export type CallingConvention = "system-v" | "windows";

const { rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15 } = GENERAL;

const CONVENTIONS = {
  "system-v": { first: rdi, second: rsi, saved: [rbx, rbp, r12, r13, r14, r15], savedVectors: 0 },
  windows: { first: rcx, second: rdx, saved: [rbx, rbp, rdi, rsi, r12, r13, r14, r15], savedVectors: 10 },
} as const;

/** xmm6 is the first vector register that a function must keep on Windows. */
const FIRST_SAVED_VECTOR = 6;

/** For integer variables: all but those with a task of their own (eax and edx compute, r15 has the memory's base). */
const INT_REGISTERS: readonly GeneralRegister[] = [rcx, rsi, rdi, r8, r9, r10, r11, rbx, rbp, r12, r13, r14];

/** The machine code of a kernel, with its constants; it may stand anywhere in memory at a multiple of 64. */
export function emitKernel(
  kernel: KernelCode,
  { lanes, vectorRegisters }: MachineTraits,
  convention: CallingConvention,
): Uint8Array {
  const width: VectorWidth = lanes === 16 ? 512 : 256;
  const ranges = liveRanges(kernel.statements, kernel.parameterCount);
  const registers = Array.from({ length: vectorRegisters }, (_, register) => register);
  const ints = allocate(ranges.ints, INT_REGISTERS, new Map());
  const vectors = allocateVectors(kernel, ranges, registers, ints, width);
  return new KernelEmitter(kernel, ranges, registers, ints, vectors, width).emit(convention);
}

/**
 * Variables' registers, such that each statement finds as many free ones as its expressions need. What they need
 * depends on which variables have registers, so this is repeated until nothing changes.
 */
function allocateVectors(
  kernel: KernelCode,
  ranges: LiveRanges,
  registers: readonly number[],
  ints: Allocation,
  width: VectorWidth,
): Allocation {
  const needed = new Map<number, number>();
  for (;;) {
    const allocation = allocate(ranges.vectors, registers, needed);
    const emitter = new KernelEmitter(kernel, ranges, registers, ints, allocation, width);
    let changed = false;
    forEachStatement(kernel.statements, (statement) => {
      const position = ranges.positions.get(statement) ?? 0;
      const temporaries = emitter.temporariesFor(statement);
      const free = emitter.freeRegisters(statement).length;
      if (temporaries <= free || (needed.get(position) ?? 0) >= temporaries + registers.length) return;
      needed.set(position, Math.max(temporaries, (needed.get(position) ?? 0) + 1));
      changed = true;
    });
    if (!changed) return allocation;
  }
}

function forEachStatement(statements: readonly Statement[], visit: (statement: Statement) => void): void {
  for (const statement of statements) {
    visit(statement);
    if (statement.kind === "loop" || statement.kind === "ifAtLeast") forEachStatement(statement.body, visit);
    if (statement.kind === "unrolledLoop") {
      for (const body of statement.bodies) forEachStatement(body, visit);
      forEachStatement(statement.afterRound, visit);
    }
  }
}

class KernelEmitter {
  private readonly assembler = new Assembler();
  private readonly constants = new Constants();
  private readonly kernel: KernelCode;
  private readonly ranges: LiveRanges;
  private readonly registers: readonly number[];
  private readonly vectors: Allocation;
  private readonly width: VectorWidth;
  private readonly frame: Frame;
  private readonly int: IntExpressions;
  private readonly vector: VectorExpressions;

  constructor(
    kernel: KernelCode,
    ranges: LiveRanges,
    registers: readonly number[],
    ints: Allocation,
    vectors: Allocation,
    width: VectorWidth,
  ) {
    this.kernel = kernel;
    this.ranges = ranges;
    this.registers = registers;
    this.vectors = vectors;
    this.width = width;
    this.frame = new Frame(ints, vectors, width / 8);
    this.int = new IntExpressions(this.assembler, this.frame);
    this.vector = new VectorExpressions(this.assembler, this.frame, this.int, this.constants, width);
  }

  /** Registers that a statement needs besides those of its variables. */
  temporariesFor(statement: Statement): number {
    if (statement.kind === "setVector") {
      return this.vector.temporariesForSet(statement.variable.id, statement.value);
    }
    if (statement.kind !== "store") return 0;
    const isMasked = statement.count < this.width / 32 && this.width === 256;
    return this.vector.temporariesForStore(statement.value) + (isMasked ? 1 : 0);
  }

  /** Registers that hold no variable while a statement reads and writes. */
  freeRegisters(statement: Statement): number[] {
    const position = this.ranges.positions.get(statement) ?? 0;
    const taken = new Set<number | undefined>();
    for (const { id, start, end } of this.ranges.vectors) {
      if (start <= position + 1 && end >= position) taken.add(this.vectors.get(id));
    }
    return this.registers.filter((register) => !taken.has(register));
  }

  emit(convention: CallingConvention): Uint8Array {
    const { assembler, frame, kernel } = this;
    const { first, second, saved, savedVectors } = CONVENTIONS[convention];
    for (const register of saved) assembler.push(register);
    assembler.move64(rax, rsp);
    const room = assembler.moveStackPointer(0);
    assembler.alignStackPointer();
    // Behind the frame: where the stack was, then the vector registers to be kept.
    const above: { displacement: number; register: number }[] = [];
    const slot = memory(rsp, 0x7fffffff);
    assembler.store64(slot, rax);
    const patches = [assembler.position - 4];
    for (let i = 0; i < savedVectors; i++) {
      above.push({ displacement: 32 + 32 * i, register: FIRST_SAVED_VECTOR + i });
    }
    const vectorPatches = above.map(({ register }) => {
      assembler.vector(VECTOR.vmovupsStore, 256, register, 0, slot);
      return assembler.position - 4;
    });
    assembler.move64(rax, second);
    assembler.move64(MEMORY_BASE, first);
    this.parameters();
    this.statements(kernel.statements);
    const restores = above.map(({ register }) => {
      assembler.vector(VECTOR.vmovups, 256, register, 0, slot);
      return assembler.position - 4;
    });
    assembler.move64(rsp, slot);
    patches.push(assembler.position - 4);
    for (const register of [...saved].reverse()) assembler.pop(register);
    assembler.vzeroupper();
    assembler.return();
    const bottom = Math.ceil(frame.bytes / 64) * 64;
    for (const at of patches) assembler.setWord(at, bottom);
    above.forEach(({ displacement }, i) => {
      assembler.setWord(vectorPatches[i], bottom + displacement);
      assembler.setWord(restores[i], bottom + displacement);
    });
    assembler.setWord(room, -(bottom + 32 + 32 * savedVectors));
    return assembler.finish(this.constants.bytes());
  }

  /** From the argument block, at rax, to the variables' places. */
  private parameters(): void {
    for (let id = 0; id < this.kernel.parameterCount; id++) {
      const place = this.frame.intPlace(id);
      const from = memory(rax, 4 * id);
      if (typeof place === "number") {
        this.assembler.move(place, from);
        continue;
      }
      this.assembler.move(rdx, from);
      this.assembler.store(place, rdx);
    }
  }

  private statements(list: readonly Statement[]): void {
    for (const statement of list) {
      this.vector.useTemporaries(this.freeRegisters(statement));
      this.statement(statement);
    }
  }

  private statement(statement: Statement): void {
    const { assembler } = this;
    switch (statement.kind) {
      case "setInt":
        this.int.set(statement.variable.id, statement.value);
        return;
      case "setVector":
        this.vector.set(statement.variable.id, statement.value);
        return;
      case "store":
        this.vector.store(statement.address, statement.offset, statement.value, statement.count);
        return;
      case "loop":
        this.loop(statement);
        return;
      case "unrolledLoop":
        this.unrolledLoop(statement);
        return;
      case "ifAtLeast": {
        const end = assembler.label();
        this.int.compare(statement.a, statement.b);
        assembler.jumpIf("below", end);
        this.statements(statement.body);
        assembler.place(end);
        return;
      }
    }
  }

  private loop(loop: Extract<Statement, { kind: "loop" }>): void {
    const { assembler, int } = this;
    const [start, end] = [assembler.label(), assembler.label()];
    int.set(loop.counter.id, loop.from);
    if (!loop.atLeastOnce) {
      int.compare(loop.counter, loop.to);
      assembler.jumpIf("aboveOrEqual", end);
    }
    assembler.place(start);
    this.statements(loop.body);
    int.add(loop.counter.id, loop.step);
    int.compare(loop.counter, loop.to);
    assembler.jumpIf("below", start);
    assembler.place(end);
  }

  private unrolledLoop(loop: Extract<Statement, { kind: "unrolledLoop" }>): void {
    const { assembler, int } = this;
    const [start, end] = [assembler.label(), assembler.label()];
    assembler.place(start);
    loop.bodies.forEach((body, copy) => {
      this.statements(body);
      int.add(loop.counter.id, loop.step);
      const isLast = copy === loop.bodies.length - 1;
      if (isLast) this.statements(loop.afterRound);
      int.compare(loop.counter, loop.to);
      assembler.jumpIf(isLast ? "notEqual" : "equal", isLast ? start : end);
    });
    assembler.place(end);
  }
}
