/** @file Vector expressions: trees of operations, each result in a register. */
import type { Statement, VectorBinaryOperator, VectorExpression, VectorVariable } from "../ir.ts";
import { floatBits } from "./constants.ts";
import { VECTOR, type VectorInstruction } from "./instructions.ts";
import { partsOf } from "./live-ranges.ts";
import type { VectorRegister } from "./registers.ts";
import { emitHorizontal, emitTranspose } from "./shuffles.ts";
import { MASK, type LastOperand, type VectorContext } from "./vector-context.ts";
import { emitGather, emitLoad, emitSplat, emitStore } from "./vector-memory.ts";

type Unary = Extract<VectorExpression, { kind: "unary" }>;
type Binary = Extract<VectorExpression, { kind: "binary" }>;
type MultiplyAdd = Extract<VectorExpression, { kind: "multiplyAdd" }>;
type Select = Extract<VectorExpression, { kind: "select" }>;

type Comparison = "equal" | "notEqual" | "less" | "lessEqual";

/** vcmpps' immediate: quiet, NaN is not equal to anything. */
const COMPARISON: Record<Comparison, number> = { equal: 0x00, notEqual: 0x04, less: 0x11, lessEqual: 0x12 };

const BINARY: Record<Exclude<VectorBinaryOperator, Comparison>, VectorInstruction> = {
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

/** Which shift it is stands in the register field. */
const SHIFT_FIELD = { shiftLeft: 6, shiftRight: 2, shiftRightSigned: 4 } as const;

/** vroundps' immediate, without exceptions. */
const ROUND = { roundEven: 8, floor: 9 } as const;

const SIGN_BIT = 0x80000000 | 0;
const LARGEST_INT = 0x7fffffff;

export class VectorExpressions {
  private readonly context: VectorContext;

  constructor(context: VectorContext) {
    this.context = context;
  }

  set(variable: VectorVariable, value: VectorExpression): void {
    const place = this.context.frame.vectorPlace(variable.id);
    if (typeof place === "number") {
      this.into(place, value, this.isFresh(place, value));
      return;
    }
    const register = this.register(value);
    this.context.emit(VECTOR.vmovupsStore, register, 0, place);
    this.release(register, value);
  }

  store(statement: Extract<Statement, { kind: "store" }>): void {
    const register = this.register(statement.value);
    emitStore(this.context, statement, register);
    this.release(register, statement.value);
  }

  transpose(variables: readonly VectorVariable[]): void {
    const registers = variables.map((variable) => this.register(variable));
    emitTranspose(this.context, registers);
    variables.forEach((variable, i) => {
      const place = this.context.frame.vectorPlace(variable.id);
      if (typeof place !== "number") this.context.emit(VECTOR.vmovupsStore, registers[i], 0, place);
      this.release(registers[i], variable);
    });
  }

  /** A register with the value: the variable's own, or a temporary one. */
  private register(expression: VectorExpression): VectorRegister {
    const own = this.context.ownRegister(expression);
    if (own !== undefined) return own;
    const register = this.context.take();
    this.into(register, expression, true);
    return register;
  }

  /** Gives back what {@link register} gave for this expression. */
  private release(register: VectorRegister, expression: VectorExpression): void {
    if (this.context.ownRegister(expression) === undefined) this.context.give(register);
  }

  /** Whether no variable that an expression reads is in a register, so that parts may be computed there. */
  private isFresh(register: VectorRegister, expression: VectorExpression): boolean {
    if (this.context.ownRegister(expression) === register) return false;
    return partsOf(expression).every((part) => this.isFresh(register, part));
  }

  /** A register with a part of an expression whose result goes to `d`; `d` itself where that is allowed. */
  private firstPart(d: VectorRegister, part: VectorExpression, isFresh: boolean): VectorRegister {
    if (!isFresh || this.context.ownRegister(part) !== undefined) return this.register(part);
    this.into(d, part, true);
    return d;
  }

  private releaseFirst(d: VectorRegister, register: VectorRegister, part: VectorExpression): void {
    if (register !== d) this.release(register, part);
  }

  /** An instruction's last operand; to be asked for immediately before the instruction, as it may use eax. */
  private last(expression: VectorExpression): LastOperand {
    const { context } = this;
    switch (expression.kind) {
      case "vectorVariable":
        return { place: context.frame.vectorPlace(expression.id) };
      case "constant":
        return context.constant(floatBits(expression.value));
      case "intConstant":
        return context.constant(expression.value);
      case "laneIndex":
        return { place: context.constants.vector(Array.from({ length: context.lanes }, (_, lane) => lane)) };
      case "firstLanes":
        return { place: context.firstLanes(expression.count) };
      case "load":
        if (expression.count < context.lanes) break;
        return { place: context.address(expression.address, expression.offset) };
      case "broadcast":
        if (context.width === 256) break;
        return { place: context.address(expression.address, expression.offset), broadcast: true };
    }
    return { place: this.register(expression) };
  }

  /** Whether {@link last} gives a place in memory. */
  private isInMemory(expression: VectorExpression): boolean {
    const { context } = this;
    switch (expression.kind) {
      case "vectorVariable":
        return context.ownRegister(expression) === undefined;
      case "constant":
      case "intConstant":
      case "laneIndex":
      case "firstLanes":
        return true;
      case "load":
        return expression.count === context.lanes;
      case "broadcast":
        return context.width === 512;
      default:
        return false;
    }
  }

  /** Gives an operation its last operand, and the operand's register back. */
  private withLast(expression: VectorExpression, use: (last: LastOperand) => void): void {
    const last = this.last(expression);
    use(last);
    if (typeof last.place === "number") this.release(last.place, expression);
  }

  /** Computes an expression. If its register is not fresh, only the last instruction writes it. */
  private into(d: VectorRegister, expression: VectorExpression, isFresh: boolean): void {
    const { context } = this;
    switch (expression.kind) {
      case "vectorVariable":
      case "laneIndex":
      case "firstLanes":
        context.move(d, this.last(expression));
        return;
      case "constant":
        this.word(d, floatBits(expression.value));
        return;
      case "intConstant":
        this.word(d, expression.value);
        return;
      case "splatInt":
        emitSplat(context, d, expression.value);
        return;
      case "load":
        emitLoad(context, d, expression);
        return;
      case "broadcast":
        context.emit(VECTOR.vbroadcastss, d, 0, context.address(expression.address, expression.offset));
        return;
      case "gather":
        emitGather(context, d, expression);
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
        context.emit(VECTOR.vpshiftd, SHIFT_FIELD[expression.operator], d, a, { immediate });
        this.releaseFirst(d, a, expression.a);
        return;
      }
      case "multiplyAdd":
        this.multiplyAdd(d, expression, isFresh);
        return;
      case "select":
        this.select(d, expression);
        return;
      case "horizontal":
        emitHorizontal(context, d, BINARY[expression.operator], this.last(expression.a));
        return;
    }
  }

  private word(d: VectorRegister, word: number): void {
    const { context } = this;
    if (word === 0) context.emit(VECTOR.vpxord, d, d, d);
    else context.emit(VECTOR.vbroadcastss, d, 0, context.constants.vector([word]));
  }

  private unary(d: VectorRegister, { operator, a }: Unary, isFresh: boolean): void {
    const { context } = this;
    const part = this.firstPart(d, a, isFresh);
    switch (operator) {
      case "negate":
        context.emitLast(VECTOR.vpxord, d, part, context.constant(SIGN_BIT));
        break;
      case "abs":
        context.emitLast(VECTOR.vpandd, d, part, context.constant(LARGEST_INT));
        break;
      case "not":
        context.emitLast(VECTOR.vpxord, d, part, context.constant(-1));
        break;
      case "sqrt":
        context.emit(VECTOR.vsqrtps, d, 0, part);
        break;
      case "roundEven":
      case "floor":
        context.emit(VECTOR.vroundps, d, 0, part, { immediate: ROUND[operator] });
        break;
      case "toInt":
        this.truncate(d, part);
        break;
      case "toFloat":
        context.emit(VECTOR.vcvtdq2ps, d, 0, part);
        break;
    }
    this.releaseFirst(d, part, a);
  }

  /** The instruction gives 0x80000000 for all that no int32 holds: NaN becomes 0 before, large numbers are mended after. */
  private truncate(d: VectorRegister, a: VectorRegister): void {
    const { context } = this;
    const number = context.take();
    const limit = context.constant(floatBits(2 ** 31));
    const tooLarge = { immediate: 0x1d }; // a ≥ b, quiet
    if (context.width === 512) {
      context.emit(VECTOR.vcmpps, MASK, a, a, { immediate: COMPARISON.equal });
      context.emit(VECTOR.vmovups, number, 0, a, { mask: MASK, zeroing: true });
      context.emitLast(VECTOR.vcmpps, MASK, number, limit, tooLarge);
      context.emit(VECTOR.vcvttps2dq, d, 0, number);
      context.emitLast(
        VECTOR.vbroadcastss,
        d,
        0,
        { place: context.constants.vector([LARGEST_INT]) },
        { mask: MASK },
      );
    } else {
      context.emit(VECTOR.vcmpps, number, a, a, { immediate: COMPARISON.equal });
      context.emit(VECTOR.vpandd, number, number, a);
      context.emit(VECTOR.vcvttps2dq, d, 0, number);
      context.emitLast(VECTOR.vcmpps, number, number, limit, tooLarge);
      context.emit(VECTOR.vpxord, d, d, number);
    }
    context.give(number);
  }

  private binary(d: VectorRegister, expression: Binary, isFresh: boolean): void {
    const { operator } = expression;
    const [first, second] = operandsOf(expression);
    const a = this.firstPart(d, first, isFresh);
    this.withLast(second, (last) => {
      if (isComparison(operator)) this.compare(d, a, last, operator);
      else this.context.emitLast(BINARY[operator], d, a, last);
    });
    this.releaseFirst(d, a, first);
  }

  private compare(d: VectorRegister, a: VectorRegister, last: LastOperand, operator: Comparison): void {
    const { context } = this;
    const immediate = COMPARISON[operator];
    if (context.width === 256) {
      context.emitLast(VECTOR.vcmpps, d, a, last, { immediate });
      return;
    }
    context.emitLast(VECTOR.vcmpps, MASK, a, last, { immediate });
    context.emit(VECTOR.vpmovm2d, d, 0, MASK);
  }

  private multiplyAdd(d: VectorRegister, expression: MultiplyAdd, isFresh: boolean): void {
    const { context } = this;
    const [a, b] = this.factorsOf(expression);
    const isSum =
      context.ownRegister(expression.c) === d &&
      this.isFresh(d, expression.a) &&
      this.isFresh(d, expression.b);
    const sum = isSum || isFresh ? d : context.take();
    if (!isSum) this.into(sum, expression.c, true);
    const factor = this.register(a);
    this.withLast(b, (last) => context.emitLast(VECTOR.vfmadd231ps, sum, factor, last));
    this.release(factor, a);
    if (sum === d) return;
    context.move(d, { place: sum });
    context.give(sum);
  }

  /** Factors change places freely: the one that can be read from memory comes last. */
  private factorsOf({ a, b }: MultiplyAdd): readonly [VectorExpression, VectorExpression] {
    return this.isInMemory(a) && !this.isInMemory(b) ? [b, a] : [a, b];
  }

  private select(d: VectorRegister, { mask, a, b }: Select): void {
    const { context } = this;
    if (context.width === 512 && mask.kind === "binary" && isComparison(mask.operator)) {
      const immediate = COMPARISON[mask.operator];
      const otherwise = this.register(b);
      const value = this.register(a);
      const left = this.register(mask.a);
      this.withLast(mask.b, (last) => context.emitLast(VECTOR.vcmpps, MASK, left, last, { immediate }));
      this.release(left, mask.a);
      context.emit(VECTOR.vblendmps, d, otherwise, value, { mask: MASK });
      this.release(value, a);
      this.release(otherwise, b);
      return;
    }
    const chosen = this.register(mask);
    const otherwise = this.register(b);
    const value = this.register(a);
    if (context.width === 256) {
      context.emit(VECTOR.vblendvps, d, otherwise, value, { immediate: chosen << 4 });
    } else {
      // chosen ? value : otherwise, as the table of a function of three bits; it is read and written in one register.
      const result = context.take();
      context.move(result, { place: chosen });
      context.emit(VECTOR.vpternlogd, result, value, otherwise, { immediate: 0xca });
      context.move(d, { place: result });
      context.give(result);
    }
    this.release(value, a);
    this.release(otherwise, b);
    this.release(chosen, mask);
  }
}

function isComparison(operator: VectorBinaryOperator): operator is Comparison {
  return operator in COMPARISON;
}

/** In the order of the instruction: vminps and vmaxps give their last operand where one is NaN, the language gives `a`. */
function operandsOf({ operator, a, b }: Binary): readonly [VectorExpression, VectorExpression] {
  return operator === "min" || operator === "max" ? [b, a] : [a, b];
}
