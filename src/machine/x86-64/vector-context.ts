/** @file The context that all emitters of vector instructions share: operands, constants and temporary registers. */
import type { IntExpression, VectorExpression } from "../ir.ts";
import type { Assembler, VectorOptions, VectorWidth } from "./assembler.ts";
import type { Constants } from "./constants.ts";
import type { Frame } from "./frame.ts";
import { MEMORY_BASE, type IntExpressions } from "./int-expressions.ts";
import { VECTOR, type VectorInstruction } from "./instructions.ts";
import { GENERAL, memory, type MemoryOperand, type Operand, type VectorRegister } from "./registers.ts";

/** The mask register for comparisons. */
export const MASK = 1;

/** Mask registers that keep the first lanes, for as many different counts as there are registers left. */
const FIRST_COUNT_MASK = 2;
const COUNT_MASKS = 6;

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
  /** Registers that hold nothing, one bit each, as all sets of registers here. */
  private free = 0;
  /** Those that hold nothing when the statement at hand begins, and those that it reads and writes. */
  private unavailable = 0;
  /** Variables' registers that serve as temporary ones during the statement at hand. */
  private borrowed = 0;
  private readonly counts: number[] = [];

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

  /**
   * To be called before each statement that computes vectors.
   * @param free registers that hold nothing
   * @param own registers of the variables that the statement reads and writes
   */
  begin(free: number, own: number): void {
    this.free = free;
    this.unavailable = free | own;
  }

  /** Gives back the registers that the statement had to borrow; to be called after it. */
  end(): void {
    for (let rest = this.borrowed; rest !== 0; rest &= rest - 1) {
      const register = 31 - Math.clz32(rest & -rest);
      this.emit(VECTOR.vmovups, register, 0, this.frame.savedRegister(register));
    }
    this.borrowed = 0;
  }

  /** A register that holds nothing. Where there is none, a variable that the statement has no use for makes room. */
  take(): VectorRegister {
    if (this.free === 0) this.borrow();
    const register = 31 - Math.clz32(this.free);
    this.free &= ~(1 << register);
    return register;
  }

  private borrow(): void {
    const all = this.width === 512 ? -1 : 0xffff;
    const others = all & ~this.unavailable & ~this.borrowed;
    if (others === 0) throw new RangeError("a statement needs more registers than there are");
    const register = 31 - Math.clz32(others);
    this.emit(VECTOR.vmovupsStore, register, 0, this.frame.savedRegister(register));
    this.borrowed |= 1 << register;
    this.free |= 1 << register;
  }

  give(register: VectorRegister): void {
    this.free |= 1 << register;
  }

  /** The variable's register, if the expression is a variable that has one. */
  ownRegister(expression: VectorExpression): VectorRegister | undefined {
    if (expression.kind !== "vectorVariable") return undefined;
    const place = this.frame.vectorPlace(expression.id);
    return typeof place === "number" ? place : undefined;
  }

  constant(word: number): LastOperand {
    if (this.width === 512) return { place: this.constants.word(word), broadcast: true };
    return { place: this.constants.repeated(word, this.lanes) };
  }

  /** All ones in the first lanes. */
  firstLanes(count: number): Operand {
    return this.constants.vector(Array.from({ length: this.lanes }, (_, lane) => (lane < count ? -1 : 0)));
  }

  /** A mask register that has the first lanes; may use edx. */
  countMask(count: number): number {
    const known = this.counts.indexOf(count);
    if (known >= 0) return FIRST_COUNT_MASK + known;
    if (this.counts.length < COUNT_MASKS) return FIRST_COUNT_MASK + this.counts.push(count) - 1;
    emitMask(this.assembler, MASK, count);
    return MASK;
  }

  /** Emits the start of the kernel, which sets the registers that {@link countMask} returned; uses edx. */
  emitCountMasks(assembler: Assembler): void {
    this.counts.forEach((count, i) => emitMask(assembler, FIRST_COUNT_MASK + i, count));
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

function emitMask(assembler: Assembler, mask: number, count: number): void {
  assembler.moveImmediate(GENERAL.rdx, 2 ** count - 1);
  assembler.kmovw(mask, GENERAL.rdx);
}
