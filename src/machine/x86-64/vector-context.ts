/** @file What everything that emits vector instructions shares: operands, constants, and registers for a while. */
import type { IntExpression, VectorExpression } from "../ir.ts";
import type { Assembler, VectorOptions, VectorWidth } from "./assembler.ts";
import type { Constants } from "./constants.ts";
import type { Frame } from "./frame.ts";
import { MEMORY_BASE, type IntExpressions } from "./int-expressions.ts";
import { VECTOR, type VectorInstruction } from "./instructions.ts";
import { GENERAL, memory, type MemoryOperand, type Operand, type VectorRegister } from "./registers.ts";

/** The mask register for counts and comparisons. */
export const MASK = 1;

/** The last operand of an instruction, in a register or in memory. */
export interface LastOperand {
  readonly place: VectorRegister | Operand;
  /** One float for all lanes. */
  readonly broadcast?: boolean;
}

export class VectorContext {
  readonly assembler: Assembler;
  readonly frame: Frame;
  readonly ints: IntExpressions;
  readonly constants: Constants;
  readonly width: VectorWidth;
  readonly lanes: number;
  /** Registers that hold nothing at the statement at hand. */
  private free: VectorRegister[] = [];
  private held = 0;
  private most = 0;

  constructor(
    assembler: Assembler,
    frame: Frame,
    ints: IntExpressions,
    constants: Constants,
    width: VectorWidth,
  ) {
    this.assembler = assembler;
    this.frame = frame;
    this.ints = ints;
    this.constants = constants;
    this.width = width;
    this.lanes = width / 32;
  }

  /** To be called before each statement. */
  useTemporaries(free: readonly VectorRegister[]): void {
    this.free = [...free];
    this.held = 0;
    this.most = 0;
  }

  /** The most temporary registers that were held at once since {@link useTemporaries}. */
  get temporariesUsed(): number {
    return this.most;
  }

  take(): VectorRegister {
    const register = this.free.pop();
    if (register === undefined) throw new RangeError("no vector register is free");
    this.most = Math.max(this.most, ++this.held);
    return register;
  }

  give(register: VectorRegister): void {
    this.held--;
    this.free.push(register);
  }

  /** The variable's register, if the expression is a variable that has one. */
  ownRegister(expression: VectorExpression): VectorRegister | undefined {
    if (expression.kind !== "vectorVariable") return undefined;
    const place = this.frame.vectorPlace(expression.id);
    return typeof place === "number" ? place : undefined;
  }

  constant(word: number): LastOperand {
    if (this.width === 512) return { place: this.constants.vector([word]), broadcast: true };
    return { place: this.constants.vector(Array.from({ length: this.lanes }, () => word)) };
  }

  /** All ones in the first lanes. */
  firstLanes(count: number): Operand {
    return this.constants.vector(Array.from({ length: this.lanes }, (_, lane) => (lane < count ? -1 : 0)));
  }

  /** Sets {@link MASK} to the first lanes; uses edx. */
  setMask(count: number): void {
    this.assembler.moveImmediate(GENERAL.rdx, 2 ** count - 1);
    this.assembler.kmovw(MASK, GENERAL.rdx);
  }

  /** The kernel's memory at an address; may use eax, so to be asked for immediately before the instruction. */
  address(address: IntExpression, offset: number): MemoryOperand {
    return memory(MEMORY_BASE, offset, this.ints.register(address));
  }

  move(d: VectorRegister, { place, broadcast }: LastOperand): void {
    if (place === d) return;
    this.emit(broadcast ? VECTOR.vbroadcastss : VECTOR.vmovups, d, 0, place);
  }

  emitLast(
    instruction: VectorInstruction,
    d: VectorRegister,
    a: VectorRegister,
    { place, broadcast }: LastOperand,
    options: VectorOptions = {},
  ): void {
    this.emit(instruction, d, a, place, { ...options, ...(broadcast && { broadcast }) });
  }

  emit(
    instruction: VectorInstruction,
    d: VectorRegister,
    a: VectorRegister,
    b: VectorRegister | Operand,
    options?: VectorOptions,
  ): void {
    this.assembler.vector(instruction, this.width, d, a, b, options);
  }
}
