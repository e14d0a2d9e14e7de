/**
 * @file x86-64 as a target of the vector machine: AVX2 with 8 lanes, AVX-512 with 16. A kernel becomes a function of
 * two pointers: the memory's beginning, and its parameters as consecutive int32.
 */
import type { KernelCode, MachineTraits, Statement } from "../ir.ts";
import { allocate, type Allocation } from "./allocate.ts";
import { Assembler, type VectorWidth } from "./assembler.ts";
import { CONVENTIONS, emitEntry, emitReturn, type CallingConvention } from "./calling-convention.ts";
import { Constants } from "./constants.ts";
import { Frame } from "./frame.ts";
import { IntExpressions, MEMORY_BASE } from "./int-expressions.ts";
import { liveRanges } from "./live-ranges.ts";
import { GENERAL, memory, type GeneralRegister } from "./registers.ts";
import { splitDeepExpressions } from "./split.ts";
import { VectorContext } from "./vector-context.ts";
import { VectorExpressions } from "./vector-expressions.ts";

const { rax, rcx, rdx, rbx, rsi, rdi, r8, r9, r10, r11, r12, r13, r14 } = GENERAL;

/** For integer variables: all but those with a task of their own (eax and edx compute, rbp and rsp have the stack). */
const INT_REGISTERS: readonly GeneralRegister[] = [rcx, rsi, rdi, r8, r9, r10, r11, rbx, r12, r13, r14];

/** More than any statement needs, for counting how many it does need. None is a variable's. */
const PLENTY = Array.from({ length: 1000 }, (_, i) => 32 + i);

/** The machine code of a kernel, with its constants; it may stand anywhere in memory at a multiple of 64. */
export function emitKernel(
  code: KernelCode,
  { lanes, vectorRegisters }: MachineTraits,
  convention: CallingConvention,
): Uint8Array {
  const kernel = splitDeepExpressions(code, vectorRegisters / 2);
  const width: VectorWidth = lanes === 16 ? 512 : 256;
  const { ints, vectors, positions } = liveRanges(kernel.statements, kernel.parameterCount);
  const order = [...positions.values()];
  const registers = Array.from({ length: vectorRegisters }, (_, register) => register);
  const intRegisters = allocate(ints, INT_REGISTERS, order, new Map()).registers;
  // How many temporary registers a statement needs depends on which variables have registers, and the other way round.
  const temporariesAt = new Map<number, number>();
  for (;;) {
    const allocation = allocate(vectors, registers, order, temporariesAt);
    const frame = new Frame(intRegisters, allocation.registers, 4 * lanes);
    const trial = new KernelEmitter(kernel, positions, frame, width);
    if (!trial.raiseNeeds(allocation, temporariesAt)) {
      return new KernelEmitter(kernel, positions, frame, width).emit(allocation, convention);
    }
  }
}

class KernelEmitter {
  private readonly assembler = new Assembler();
  private readonly constants = new Constants();
  private readonly kernel: KernelCode;
  private readonly positions: ReadonlyMap<Statement, number>;
  private readonly frame: Frame;
  private readonly int: IntExpressions;
  private readonly context: VectorContext;
  private readonly vector: VectorExpressions;
  private freeAt: Allocation["freeAt"] = new Map();
  private readonly temporariesUsed = new Map<number, number>();

  constructor(
    kernel: KernelCode,
    positions: ReadonlyMap<Statement, number>,
    frame: Frame,
    width: VectorWidth,
  ) {
    this.kernel = kernel;
    this.positions = positions;
    this.frame = frame;
    this.int = new IntExpressions(this.assembler, frame);
    this.context = new VectorContext(this.assembler, frame, this.int, this.constants, width);
    this.vector = new VectorExpressions(this.context);
  }

  /** Writes the kernel in vain, to see where more temporary registers are needed than are free. */
  raiseNeeds({ freeAt }: Allocation, temporariesAt: Map<number, number>): boolean {
    this.statements(this.kernel.statements);
    let isRaised = false;
    for (const [position, used] of this.temporariesUsed) {
      if (used <= (freeAt.get(position)?.length ?? 0)) continue;
      temporariesAt.set(position, used);
      isRaised = true;
    }
    return isRaised;
  }

  emit({ freeAt }: Allocation, convention: CallingConvention): Uint8Array {
    const { assembler, frame, kernel } = this;
    const [base, parameters] = CONVENTIONS[convention].arguments;
    this.freeAt = freeAt;
    const places = Array.from({ length: kernel.parameterCount }, (_, id) => frame.intPlace(id));
    emitEntry(assembler, convention, frame.bytes);
    assembler.move64(rax, parameters);
    assembler.move64(MEMORY_BASE, base);
    places.forEach((place, id) => {
      const isRegister = typeof place === "number";
      assembler.move(isRegister ? place : rdx, memory(rax, 4 * id));
      if (!isRegister) assembler.store(place, rdx);
    });
    this.statements(kernel.statements);
    emitReturn(assembler, convention);
    return assembler.finish(this.constants.bytes());
  }

  private statements(list: readonly Statement[]): void {
    for (const statement of list) {
      const position = this.positions.get(statement) ?? 0;
      this.context.useTemporaries(this.freeAt.get(position) ?? PLENTY);
      this.statement(statement);
    }
  }

  private statement(statement: Statement): void {
    const { assembler, vector } = this;
    switch (statement.kind) {
      case "setInt":
        this.int.set(statement.variable.id, statement.value);
        return;
      case "setVector":
        vector.set(statement.variable, statement.value);
        this.noteTemporaries(statement);
        return;
      case "store":
        vector.store(statement);
        this.noteTemporaries(statement);
        return;
      case "transpose":
        vector.transpose(statement.variables);
        this.noteTemporaries(statement);
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

  private noteTemporaries(statement: Statement): void {
    this.temporariesUsed.set(this.positions.get(statement) ?? 0, this.context.temporariesUsed);
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
