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

/** More than any target has. */
const REGISTERS = 32;
const ALL = -1;

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
  /** Registers that hold nothing at the statement at hand, one bit each; and more, which there are not. */
  private free = 0;
  private beyond = 0;
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
  useTemporaries(free: number): void {
    this.free = free;
    this.beyond = ALL;
    this.held = 0;
    this.most = 0;
  }

  /** The most temporary registers that were held at once since {@link useTemporaries}. */
  get temporariesUsed(): number {
    return this.most;
  }

  /** Where none is free, a number that no register has: what is emitted then can only be counted. */
  take(): VectorRegister {
    if (++this.held > this.most) this.most = this.held;
    if (this.free !== 0) {
      const register = 31 - Math.clz32(this.free);
      this.free &= ~(1 << register);
      return register;
    }
    const bit = 31 - Math.clz32(this.beyond);
    if (bit < 0) throw new RangeError("an expression needs more registers than can be counted");
    this.beyond &= ~(1 << bit);
    return REGISTERS + bit;
  }

  give(register: VectorRegister): void {
    this.held--;
    if (register < REGISTERS) this.free |= 1 << register;
    else this.beyond |= 1 << (register - REGISTERS);
  }

  /** The variable's register, if the expression is a variable that has one. */
  ownRegister(expression: VectorExpression): VectorRegister | undefined {
    if (expression.kind !== "vectorVariable") return undefined;
    const place = this.frame.vectorPlace(expression.id);
    return typeof place === "number" ? place : undefined;
  }

  constant(word: number): LastOperand {
    if (this.width === 512) return { place: this.constants.word(word), broadcast: true };
    return { place: this.constants.vector(new Array<number>(this.lanes).fill(word)) };
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
    options?: { readonly immediate: number },
  ): void {
    this.emit(instruction, d, a, place, broadcast ? { immediate: options?.immediate, broadcast } : options);
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
