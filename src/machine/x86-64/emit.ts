/**
 * @file x86-64 as a target of the vector machine: AVX2 with 8 lanes, AVX-512 with 16. A kernel becomes a function of
 * two pointers: the memory's beginning, and its parameters as consecutive int32.
 */
import type { KernelCode, MachineTraits, Statement } from "../ir.ts";
import { allocate } from "./allocate.ts";
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

/** The machine code of a kernel, with its constants; it may stand anywhere in memory at a multiple of 64. */
export function emitKernel(
  code: KernelCode,
  { lanes, vectorRegisters }: MachineTraits,
  convention: CallingConvention,
): Uint8Array {
  const kernel = splitDeepExpressions(code, vectorRegisters / 2);
  const width: VectorWidth = lanes === 16 ? 512 : 256;
  const { ints, vectors, positions } = liveRanges(kernel);
  const registers = Array.from({ length: vectorRegisters }, (_, register) => register);
  const intRegisters = allocate(ints, INT_REGISTERS, positions, new Uint8Array(positions.length)).registers;
  // How many temporary registers a statement needs depends on which variables have registers, and the other way round.
  const temporaries = new Uint8Array(positions.length);
  for (;;) {
    const { registers: vectorRegisters, freeAt } = allocate(vectors, registers, positions, temporaries);
    const frame = new Frame(intRegisters, vectorRegisters, 4 * lanes);
    const emitter = new KernelEmitter(kernel, frame, width, freeAt);
    if (emitter.emit(temporaries)) return emitter.finish(convention);
  }
}

class KernelEmitter {
  private readonly assembler = new Assembler();
  private readonly constants = new Constants();
  private readonly kernel: KernelCode;
  private readonly frame: Frame;
  private readonly int: IntExpressions;
  private readonly context: VectorContext;
  private readonly vector: VectorExpressions;
  private readonly freeAt: Int32Array;
  private readonly temporariesUsed: Uint8Array;
  /** Statements so far. */
  private count = 0;

  constructor(kernel: KernelCode, frame: Frame, width: VectorWidth, freeAt: Int32Array) {
    this.kernel = kernel;
    this.frame = frame;
    this.int = new IntExpressions(this.assembler, frame);
    this.context = new VectorContext(this.assembler, frame, this.int, this.constants, width);
    this.vector = new VectorExpressions(this.context);
    this.freeAt = freeAt;
    this.temporariesUsed = new Uint8Array(freeAt.length);
  }

  /**
   * Writes the kernel's statements. Where one takes more temporary registers than are free, what is written is of no use:
   * then this raises what the statement asks for, and returns false.
   */
  emit(temporaries: Uint8Array): boolean {
    this.statements(this.kernel.statements);
    let isDone = true;
    this.temporariesUsed.forEach((used, i) => {
      if (used <= bitsIn(this.freeAt[i])) return;
      temporaries[i] = used;
      isDone = false;
    });
    return isDone;
  }

  /** The whole function: what is needed at its beginning is known once all statements are written. */
  finish(convention: CallingConvention): Uint8Array {
    const { assembler, frame, kernel } = this;
    const places = Array.from({ length: kernel.parameterCount }, (_, id) => frame.intPlace(id));
    const entry = new Assembler();
    const [base, parameters] = CONVENTIONS[convention].arguments;
    emitEntry(entry, convention, frame.bytes);
    entry.move64(rax, parameters);
    entry.move64(MEMORY_BASE, base);
    places.forEach((place, id) => {
      const isRegister = typeof place === "number";
      entry.move(isRegister ? place : rdx, memory(rax, 4 * id));
      if (!isRegister) entry.store(place, rdx);
    });
    emitReturn(assembler, convention);
    return assembler.finish(this.constants.bytes(), entry);
  }

  private statements(list: readonly Statement[]): void {
    for (const statement of list) {
      const number = this.count++;
      this.context.useTemporaries(this.freeAt[number]);
      this.statement(statement);
      // Those that others are in compute integers only.
      if (this.count === number + 1) this.temporariesUsed[number] = this.context.temporariesUsed;
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
        return;
      case "store":
        vector.store(statement);
        return;
      case "transpose":
        vector.transpose(statement.variables);
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

function bitsIn(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}
