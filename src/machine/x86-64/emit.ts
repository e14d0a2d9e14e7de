/**
 * @file x86-64 as a target of the vector machine: AVX2 with 8 lanes, AVX-512 with 16. A kernel becomes a function of
 * two pointers: the memory's beginning, and its parameters as consecutive int32.
 */
import type { KernelCode, Statement } from "../ir.ts";
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
export function emitKernel(code: KernelCode, convention: CallingConvention): Uint8Array {
  const { lanes, vectorRegisters } = code.machine;
  const kernel = splitDeepExpressions(code, vectorRegisters);
  const width: VectorWidth = lanes === 16 ? 512 : 256;
  const { ints, vectors, positions } = liveRanges(kernel);
  const registers = Array.from({ length: vectorRegisters }, (_, register) => register);
  const intRegisters = allocate(ints, kernel.intVariableCount, INT_REGISTERS, positions).registers;
  const allocation = allocate(vectors, kernel.vectorVariableCount, registers, positions);
  const frame = new Frame(intRegisters, allocation.registers, 4 * lanes);
  return new KernelEmitter(kernel, frame, width, allocation.freeAt).emit(convention);
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
  /** Statements so far. */
  private count = 0;

  constructor(kernel: KernelCode, frame: Frame, width: VectorWidth, freeAt: Int32Array) {
    this.kernel = kernel;
    this.frame = frame;
    this.int = new IntExpressions(this.assembler, frame);
    this.context = new VectorContext(this.assembler, frame, this.int, this.constants, width);
    this.vector = new VectorExpressions(this.context);
    this.freeAt = freeAt;
  }

  emit(convention: CallingConvention): Uint8Array {
    const { assembler, frame, kernel } = this;
    this.statements(kernel.statements);
    emitReturn(assembler, convention);
    // What is needed at the function's beginning is known now.
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
    this.context.emitCountMasks(entry);
    return assembler.finish(this.constants.bytes(), entry);
  }

  private statements(list: readonly Statement[]): void {
    for (const statement of list) this.statement(statement, this.freeAt[this.count++]);
  }

  private statement(statement: Statement, free: number): void {
    const { assembler, vector } = this;
    switch (statement.kind) {
      case "setInt":
        this.int.set(statement.variable.id, statement.value);
        return;
      case "setVector":
        vector.set(statement, free);
        return;
      case "store":
        vector.store(statement, free);
        return;
      case "transpose":
        vector.transpose(statement, free);
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
