/** @file Vector expressions: trees of operations, each result in a register. */

import type { IntExpression, VectorBinaryOperator, VectorExpression } from "../ir.ts";
import type { Assembler, VectorOptions, VectorWidth } from "./assembler.ts";
import { floatBits, type Constants } from "./constants.ts";
import type { Frame } from "./frame.ts";
import type { IntExpressions } from "./int-expressions.ts";
import { VECTOR, type VectorInstruction } from "./instructions.ts";
import {
  GENERAL,
  memory,
  type GeneralRegister,
  type MemoryOperand,
  type Operand,
  type VectorRegister,
} from "./registers.ts";
import {
  COMPARISON,
  factorsOf,
  isComparison,
  operandsOf,
  temporariesFor,
  type Binary,
  type OperandRules,
} from "./temporaries.ts";

const { rax, rdx } = GENERAL;

/** The register that has the memory's beginning, all the time. */
export const MEMORY_BASE = GENERAL.r15;

/** The mask register for counts and comparisons. */
const MASK = 1;

/** The last operand of an instruction, in a register or in memory. */
interface LastOperand {
  readonly place: VectorRegister | Operand;
  /** One float for all lanes. */
  readonly broadcast?: boolean;
}

const BINARY: Partial<Record<VectorBinaryOperator, VectorInstruction>> = {
  add: VECTOR.vaddps,
  subtract: VECTOR.vsubps,
  multiply: VECTOR.vmulps,
  divide: VECTOR.vdivps,
  min: VECTOR.vminps,
  max: VECTOR.vmaxps,
  and: VECTOR.vpandd,
  or: VECTOR.vpord,
  xor: VECTOR.vpxord,
  intAdd: VECTOR.vpaddd,
  intSubtract: VECTOR.vpsubd,
  intMultiply: VECTOR.vpmulld,
};

type MultiplyAdd = Extract<VectorExpression, { kind: "multiplyAdd" }>;

const SHIFT_FIELD = { shiftLeft: 6, shiftRight: 2, shiftRightSigned: 4 } as const;

const ROUND = { roundEven: 8, floor: 9 } as const;

/** The lanes of a vector that change places, in steps that halve the distance. */
const SWAP_PAIRS = 0x4e;
const SWAP_NEIGHBOURS = 0xb1;

export class VectorExpressions implements OperandRules {
  private readonly assembler: Assembler;
  private readonly frame: Frame;
  private readonly ints: IntExpressions;
  private readonly constants: Constants;
  private readonly width: VectorWidth;
  readonly lanes: number;
  /** Registers that hold nothing at the statement at hand. */
  private free: VectorRegister[] = [];

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
  }

  hasRegister(variable: number): boolean {
    return typeof this.frame.vectorPlace(variable) === "number";
  }

  isMemoryOperand(expression: VectorExpression): boolean {
    switch (expression.kind) {
      case "vectorVariable":
      case "intConstant":
      case "constant":
      case "laneIndex":
      case "firstLanes":
        return true;
      case "load":
        return expression.count === this.lanes;
      case "broadcast":
        return this.width === 512;
      default:
        return false;
    }
  }

  /** Registers that {@link set} needs besides those of variables. */
  temporariesForSet(variable: number, value: VectorExpression): number {
    const place = this.frame.vectorPlace(variable);
    if (typeof place !== "number") return this.temporariesForStore(value);
    if (value.kind === "multiplyAdd" && this.isSum(place, value)) {
      // The sum is there already: only the factors need anything.
      const [a, b] = factorsOf(value, this);
      return temporariesFor({ kind: "binary", operator: "multiply", a, b }, false, this);
    }
    return temporariesFor(value, this.isFresh(place, value), this);
  }

  /** Registers that the value of a store needs besides those of variables. */
  temporariesForStore(value: VectorExpression): number {
    if (value.kind === "vectorVariable" && this.hasRegister(value.id)) return 0;
    return 1 + temporariesFor(value, true, this);
  }

  set(variable: number, value: VectorExpression): void {
    const place = this.frame.vectorPlace(variable);
    if (typeof place === "number") {
      this.into(place, value, this.isFresh(place, value));
      return;
    }
    const register = this.register(value);
    this.emit(VECTOR.vmovupsStore, register, 0, place);
    this.release(register, value);
  }

  store(address: IntExpression, offset: number, value: VectorExpression, count: number): void {
    const register = this.register(value);
    if (count === this.lanes) {
      this.emit(VECTOR.vmovupsStore, register, 0, this.address(address, offset));
    } else if (this.width === 512) {
      this.setMask(count);
      this.emit(VECTOR.vmovupsStore, register, 0, this.address(address, offset), { mask: MASK });
    } else {
      const mask = this.take();
      this.emit(VECTOR.vmovups, mask, 0, this.firstLanes(count));
      this.emit(VECTOR.vmaskmovpsStore, register, mask, this.address(address, offset));
      this.free.push(mask);
    }
    this.release(register, value);
  }

  /** A register with the value: the variable's own, or a temporary one. */
  private register(expression: VectorExpression): VectorRegister {
    if (expression.kind === "vectorVariable") {
      const place = this.frame.vectorPlace(expression.id);
      if (typeof place === "number") return place;
    }
    const register = this.take();
    this.into(register, expression, true);
    return register;
  }

  /** Whether no variable that an expression reads is in a register. */
  private isFresh(register: VectorRegister, expression: VectorExpression): boolean {
    switch (expression.kind) {
      case "vectorVariable":
        return this.frame.vectorPlace(expression.id) !== register;
      case "unary":
      case "shift":
      case "horizontal":
        return this.isFresh(register, expression.a);
      case "binary":
        return this.isFresh(register, expression.a) && this.isFresh(register, expression.b);
      case "multiplyAdd":
        return [expression.a, expression.b, expression.c].every((part) => this.isFresh(register, part));
      case "select":
        return [expression.mask, expression.a, expression.b].every((part) => this.isFresh(register, part));
      default:
        return true;
    }
  }

  /** Whether an expression adds to what a register holds, and reads it for nothing else. */
  private isSum(register: VectorRegister, expression: MultiplyAdd): boolean {
    return (
      expression.c.kind === "vectorVariable" &&
      this.frame.vectorPlace(expression.c.id) === register &&
      this.isFresh(register, expression.a) &&
      this.isFresh(register, expression.b)
    );
  }

  /** A register with a part of an expression whose result goes to `d`; `d` itself where that is allowed. */
  private firstPart(d: VectorRegister, part: VectorExpression, isFresh: boolean): VectorRegister {
    const isOwn = part.kind === "vectorVariable" && this.hasRegister(part.id);
    if (!isFresh || isOwn) return this.register(part);
    this.into(d, part, true);
    return d;
  }

  private releasePart(d: VectorRegister, register: VectorRegister, part: VectorExpression): void {
    if (register !== d) this.release(register, part);
  }

  /** Gives back what {@link register} gave for this expression. */
  private release(register: VectorRegister, expression: VectorExpression): void {
    const isOwn = expression.kind === "vectorVariable" && this.hasRegister(expression.id);
    if (!isOwn) this.free.push(register);
  }

  private take(): VectorRegister {
    const register = this.free.pop();
    if (register === undefined) throw new RangeError("no vector register is free");
    return register;
  }

  /** An instruction's last operand; to be asked for immediately before the instruction, as it may use eax. */
  private last(expression: VectorExpression): LastOperand {
    const isWide = this.width === 512;
    switch (expression.kind) {
      case "vectorVariable":
        return { place: this.frame.vectorPlace(expression.id) };
      case "constant":
        return this.constantOperand(floatBits(expression.value));
      case "intConstant":
        return this.constantOperand(expression.value);
      case "laneIndex":
        return { place: this.constants.vector(Array.from({ length: this.lanes }, (_, lane) => lane)) };
      case "firstLanes":
        return { place: this.firstLanes(expression.count) };
      case "load":
        if (expression.count === this.lanes) {
          return { place: this.address(expression.address, expression.offset) };
        }
        break;
      case "broadcast":
        if (isWide) return { place: this.address(expression.address, expression.offset), broadcast: true };
        break;
    }
    return { place: this.register(expression) };
  }

  private constantOperand(word: number): LastOperand {
    if (this.width === 512) return { place: this.constants.vector([word]), broadcast: true };
    return { place: this.constants.vector(Array.from({ length: this.lanes }, () => word)) };
  }

  /** Computes an expression. If its register is not fresh, only the last instruction writes it. */
  private into(d: VectorRegister, expression: VectorExpression, isFresh: boolean): void {
    switch (expression.kind) {
      case "vectorVariable":
      case "laneIndex":
      case "firstLanes":
        this.move(d, this.last(expression));
        return;
      case "constant":
        this.word(d, floatBits(expression.value));
        return;
      case "intConstant":
        this.word(d, expression.value);
        return;
      case "splatInt":
        this.splat(d, expression.value);
        return;
      case "load":
        this.load(d, expression);
        return;
      case "broadcast":
        this.emit(VECTOR.vbroadcastss, d, 0, this.address(expression.address, expression.offset));
        return;
      case "gather":
        this.gather(d, expression);
        return;
      case "unary":
        this.unary(d, expression, isFresh);
        return;
      case "binary":
        this.binary(d, expression, isFresh);
        return;
      case "shift": {
        const a = this.firstPart(d, expression.a, isFresh);
        const immediate = expression.bits;
        this.emit(VECTOR.vpshiftd, SHIFT_FIELD[expression.operator], d, a, { immediate });
        this.releasePart(d, a, expression.a);
        return;
      }
      case "multiplyAdd":
        this.multiplyAdd(d, expression, isFresh);
        return;
      case "select":
        this.select(d, expression);
        return;
      case "horizontal":
        this.horizontal(d, expression);
        return;
    }
  }

  private move(d: VectorRegister, { place, broadcast }: LastOperand): void {
    if (place === d) return;
    this.emit(broadcast ? VECTOR.vbroadcastss : VECTOR.vmovups, d, 0, place);
  }

  private word(d: VectorRegister, word: number): void {
    if (word === 0) this.emit(VECTOR.vpxord, d, d, d);
    else this.emit(VECTOR.vbroadcastss, d, 0, this.constants.vector([word]));
  }

  private splat(d: VectorRegister, value: IntExpression): void {
    const word = this.frame.takeWord();
    this.assembler.store(word, this.ints.register(value));
    this.emit(VECTOR.vbroadcastss, d, 0, word);
    this.frame.releaseWord(word);
  }

  private load(
    d: VectorRegister,
    { address, offset, count }: Extract<VectorExpression, { kind: "load" }>,
  ): void {
    if (count === this.lanes) {
      this.emit(VECTOR.vmovups, d, 0, this.address(address, offset));
    } else if (this.width === 512) {
      this.setMask(count);
      this.emit(VECTOR.vmovups, d, 0, this.address(address, offset), { mask: MASK });
    } else {
      const mask = this.take();
      this.emit(VECTOR.vmovups, mask, 0, this.firstLanes(count));
      this.emit(VECTOR.vmaskmovpsLoad, d, mask, this.address(address, offset));
      this.free.push(mask);
    }
  }

  /** Word by word through the stack. */
  private gather(d: VectorRegister, expression: Extract<VectorExpression, { kind: "gather" }>): void {
    const { address, offset, stride, count } = expression;
    const { assembler, frame } = this;
    const area = frame.gatherArea;
    const index = this.ints.register(address);
    if (index === rax) assembler.move(rdx, rax);
    const from = index === rax ? rdx : index;
    if (count < this.lanes) {
      this.emit(VECTOR.vpxord, d, d, d);
      this.emit(VECTOR.vmovupsStore, d, 0, area);
    }
    for (let lane = 0; lane < count; lane++) {
      assembler.move(rax, memory(MEMORY_BASE, offset + lane * stride, from));
      assembler.store(memory(area.base, area.displacement + 4 * lane), rax);
    }
    this.emit(VECTOR.vmovups, d, 0, area);
  }

  private unary(
    d: VectorRegister,
    { operator, a }: Extract<VectorExpression, { kind: "unary" }>,
    isFresh: boolean,
  ): void {
    const part = this.firstPart(d, a, isFresh);
    switch (operator) {
      case "negate":
        this.emitLast(VECTOR.vpxord, d, part, this.constantOperand(0x80000000 | 0));
        break;
      case "abs":
        this.emitLast(VECTOR.vpandd, d, part, this.constantOperand(0x7fffffff));
        break;
      case "not":
        this.emitLast(VECTOR.vpxord, d, part, this.constantOperand(-1));
        break;
      case "sqrt":
        this.emit(VECTOR.vsqrtps, d, 0, part);
        break;
      case "roundEven":
      case "floor":
        this.emit(VECTOR.vroundps, d, 0, part, { immediate: ROUND[operator] });
        break;
      case "toInt":
        this.emit(VECTOR.vcvttps2dq, d, 0, part);
        break;
      case "toFloat":
        this.emit(VECTOR.vcvtdq2ps, d, 0, part);
        break;
    }
    this.releasePart(d, part, a);
  }

  /** Gives an operation its last operand, and the operand's register back. */
  private withLast(expression: VectorExpression, use: (last: LastOperand) => void): void {
    const last = this.last(expression);
    use(last);
    if (typeof last.place === "number") this.release(last.place, expression);
  }

  private binary(d: VectorRegister, expression: Binary, isFresh: boolean): void {
    const [first, second] = operandsOf(expression);
    const a = this.firstPart(d, first, isFresh);
    this.withLast(second, (last) => {
      if (isComparison(expression)) this.compare(d, a, last, expression);
      else this.emitLast(BINARY[expression.operator] ?? unknown(expression.operator), d, a, last);
    });
    this.releasePart(d, a, first);
  }

  private compare(d: VectorRegister, a: VectorRegister, last: LastOperand, { operator }: Binary): void {
    const immediate = COMPARISON[operator];
    if (this.width === 256) {
      this.emitLast(VECTOR.vcmpps, d, a, last, { immediate });
      return;
    }
    this.emitLast(VECTOR.vcmpps, MASK, a, last, { immediate });
    this.emit(VECTOR.vpmovm2d, d, 0, MASK);
  }

  private multiplyAdd(d: VectorRegister, expression: MultiplyAdd, isFresh: boolean): void {
    const [a, b] = factorsOf(expression, this);
    const isSum = this.isSum(d, expression);
    const sum = isSum || isFresh ? d : this.take();
    if (!isSum) this.into(sum, expression.c, true);
    const factor = this.register(a);
    this.withLast(b, (last) => this.emitLast(VECTOR.vfmadd231ps, sum, factor, last));
    this.release(factor, a);
    if (sum === d) return;
    this.move(d, { place: sum });
    this.free.push(sum);
  }

  private select(d: VectorRegister, expression: Extract<VectorExpression, { kind: "select" }>): void {
    const { mask, a, b } = expression;
    if (this.width === 512 && mask.kind === "binary" && isComparison(mask)) {
      const otherwise = this.register(b);
      const value = this.register(a);
      const left = this.register(mask.a);
      this.withLast(mask.b, (last) =>
        this.emitLast(VECTOR.vcmpps, MASK, left, last, { immediate: COMPARISON[mask.operator] }),
      );
      this.release(left, mask.a);
      this.emit(VECTOR.vblendmps, d, otherwise, value, { mask: MASK, blends: true });
      this.release(value, a);
      this.release(otherwise, b);
      return;
    }
    const chosen = this.register(mask);
    const otherwise = this.register(b);
    const value = this.register(a);
    if (this.width === 256) {
      this.emit(VECTOR.vblendvps, d, otherwise, value, { immediate: chosen << 4 });
    } else {
      // chosen ? value : otherwise, as the table of a function of three bits; it is read and written in one register.
      const result = this.take();
      this.move(result, { place: chosen });
      this.emit(VECTOR.vpternlogd, result, value, otherwise, { immediate: 0xca });
      this.move(d, { place: result });
      this.free.push(result);
    }
    this.release(value, a);
    this.release(otherwise, b);
    this.release(chosen, mask);
  }

  /** Combines halves, then quarters …: each lane comes to hold the same. */
  private horizontal(
    d: VectorRegister,
    { operator, a }: Extract<VectorExpression, { kind: "horizontal" }>,
  ): void {
    const combine = BINARY[operator] ?? unknown(operator);
    const sum = this.take();
    const moved = this.take();
    this.move(sum, this.last(a));
    const shuffles: [VectorInstruction, number][] =
      this.width === 512
        ? [
            [VECTOR.vshuff32x4, SWAP_PAIRS],
            [VECTOR.vshuff32x4, SWAP_NEIGHBOURS],
          ]
        : [[VECTOR.vperm2f128, 1]];
    for (const [shuffle, immediate] of shuffles) {
      this.emit(shuffle, moved, sum, sum, { immediate });
      this.emit(combine, sum, sum, moved);
    }
    for (const immediate of [SWAP_PAIRS, SWAP_NEIGHBOURS]) {
      this.emit(VECTOR.vpermilps, moved, 0, sum, { immediate });
      this.emit(combine, sum, sum, moved);
    }
    this.move(d, { place: sum });
    this.free.push(sum, moved);
  }

  private setMask(count: number): void {
    this.assembler.moveImmediate(rdx, 2 ** count - 1);
    this.assembler.kmovw(MASK, rdx);
  }

  private firstLanes(count: number): Operand {
    return this.constants.vector(Array.from({ length: this.lanes }, (_, lane) => (lane < count ? -1 : 0)));
  }

  /** Memory at an address; may use eax. */
  private address(address: IntExpression, offset: number): MemoryOperand {
    const index: GeneralRegister = this.ints.register(address);
    return memory(MEMORY_BASE, offset, index);
  }

  private emitLast(
    instruction: VectorInstruction,
    d: VectorRegister,
    a: VectorRegister,
    { place, broadcast }: LastOperand,
    options: VectorOptions = {},
  ): void {
    this.emit(instruction, d, a, place, { ...options, ...(broadcast && { broadcast }) });
  }

  private emit(
    instruction: VectorInstruction,
    d: VectorRegister,
    a: VectorRegister,
    b: VectorRegister | Operand,
    options?: VectorOptions,
  ): void {
    this.assembler.vector(instruction, this.width, d, a, b, options);
  }
}

function unknown(operator: string): never {
  throw new RangeError(`no instruction for ${operator}`);
}
