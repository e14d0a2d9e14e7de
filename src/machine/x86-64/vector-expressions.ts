/** @file Vector expressions: trees of operations, each result in a register. */
import type { Statement, VectorExpression } from "../ir.ts";
import { doubleBits, floatBits } from "./constants.ts";
import { ExpressionPlaces } from "./expression-places.ts";
import { VECTOR, type VectorInstruction } from "./instructions.ts";
import type { Operand, VectorRegister } from "./registers.ts";
import { emitHorizontal, emitLanes, emitTranspose } from "./shuffles.ts";
import { MASK, type LastOperand, type VectorContext } from "./vector-context.ts";
import {
  BINARY,
  COMPARISON,
  emitBinary,
  emitShift,
  emitUnary,
  emitWord,
  isComparison,
  isDouble,
} from "./vector-operations.ts";
import { emitGather, emitLoad, emitSplat, emitStore } from "./vector-memory.ts";

type Unary = Extract<VectorExpression, { kind: "unary" }>;
type Binary = Extract<VectorExpression, { kind: "binary" }>;
type MultiplyAdd = Extract<VectorExpression, { kind: "multiplyAdd" }>;
type MultiplyAddPairs = Extract<VectorExpression, { kind: "multiplyAddPairs" }>;
type Select = Extract<VectorExpression, { kind: "select" }>;

export class VectorExpressions {
  private readonly context: VectorContext;
  private readonly places: ExpressionPlaces;

  constructor(context: VectorContext) {
    this.context = context;
    this.places = new ExpressionPlaces(context);
  }

  /** @param free registers that hold nothing, one bit each */
  set({ variable, value }: Extract<Statement, { kind: "setVector" }>, free: number): void {
    const { context } = this;
    const place = context.frame.vectorPlace(variable.id);
    const read = this.places.registersRead(value);
    if (typeof place === "number") {
      context.begin(free, read | (1 << place));
      this.into(place, value, (read & (1 << place)) === 0);
    } else {
      context.begin(free, read);
      const register = this.register(value);
      context.emit(VECTOR.vmovupsStore, register, 0, place);
      this.release(register, value);
    }
    context.end();
  }

  store(statement: Extract<Statement, { kind: "store" }>, free: number): void {
    this.context.begin(free, this.places.registersRead(statement.value));
    const register = this.register(statement.value);
    emitStore(this.context, statement, register);
    this.release(register, statement.value);
    this.context.end();
  }

  transpose({ variables }: Extract<Statement, { kind: "transpose" }>, free: number): void {
    const { context } = this;
    context.begin(
      free,
      variables.reduce((registers, variable) => registers | this.places.registersRead(variable), 0),
    );
    const registers = variables.map((variable) => this.register(variable));
    emitTranspose(context, registers);
    variables.forEach((variable, i) => {
      const place = context.frame.vectorPlace(variable.id);
      if (typeof place !== "number") context.emit(VECTOR.vmovupsStore, registers[i], 0, place);
      this.release(registers[i], variable);
    });
    context.end();
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

  /** A register with a part of an expression whose result goes to `d`; `d` itself where that is allowed. */
  private firstPart(d: VectorRegister, part: VectorExpression, isFresh: boolean): VectorRegister {
    if (!isFresh || this.context.ownRegister(part) !== undefined) return this.register(part);
    this.into(d, part, true);
    return d;
  }

  private releaseFirst(d: VectorRegister, register: VectorRegister, part: VectorExpression): void {
    if (register !== d) this.release(register, part);
  }

  /**
   * An instruction's last operand; to be asked for immediately before the instruction, as it may use eax.
   * @param repeats whether the instruction can read one float for all lanes
   */
  private last(expression: VectorExpression, repeats = true): LastOperand {
    const { context } = this;
    switch (expression.kind) {
      case "vectorVariable":
        return { place: context.frame.vectorPlace(expression.id) };
      case "constant":
        if (!repeats) break;
        return context.constant(floatBits(expression.value));
      case "intConstant":
        if (!repeats) break;
        return context.constant(expression.value);
      case "doubleConstant":
        return { place: this.double(expression.value) };
      case "laneIndex":
        return { place: context.constants.vector(Array.from({ length: context.lanes }, (_, lane) => lane)) };
      case "firstLanes":
        return { place: context.firstLanes(expression.count) };
      case "load":
        if (expression.count < context.lanes) break;
        return { place: context.address(expression.address, expression.offset) };
      case "broadcast":
        if (context.width === 256 || !repeats) break;
        return { place: context.address(expression.address, expression.offset), broadcast: true };
    }
    return { place: this.register(expression) };
  }

  private double(value: number): Operand {
    const { constants, lanes } = this.context;
    const bits = doubleBits(value);
    return constants.vector(Array.from({ length: lanes }, (_, lane) => bits[lane % 2]));
  }

  /** Gives back what {@link last} gave for this expression. */
  private releaseLast({ place }: LastOperand, expression: VectorExpression): void {
    if (typeof place === "number") this.release(place, expression);
  }

  /** Computes an expression. If its register is not fresh, only the last instruction writes it. */
  private into(d: VectorRegister, expression: VectorExpression, isFresh: boolean): void {
    const { context } = this;
    switch (expression.kind) {
      case "vectorVariable":
      case "doubleConstant":
      case "laneIndex":
      case "firstLanes":
        context.move(d, this.last(expression));
        return;
      case "constant":
        emitWord(context, d, floatBits(expression.value));
        return;
      case "intConstant":
        emitWord(context, d, expression.value);
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
      case "broadcastDouble":
        context.emit(VECTOR.vbroadcastsd, d, 0, context.address(expression.address, expression.offset));
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
        emitShift(context, expression.operator, d, a, expression.bits);
        this.releaseFirst(d, a, expression.a);
        return;
      }
      case "multiplyAdd":
        this.multiplyAdd(d, expression, isFresh);
        return;
      case "multiplyAddPairs":
        this.multiplyAddPairs(d, expression, isFresh);
        return;
      case "select":
        this.select(d, expression);
        return;
      case "shuffle": {
        const a = this.register(expression.a);
        const b = expression.b === expression.a ? a : this.register(expression.b);
        emitLanes(context, d, a, b, expression.sources);
        if (b !== a) this.release(b, expression.b);
        this.release(a, expression.a);
        return;
      }
      case "horizontal":
        emitHorizontal(context, d, BINARY[expression.operator], this.last(expression.a));
        return;
    }
  }

  private unary(d: VectorRegister, { operator, a }: Unary, isFresh: boolean): void {
    const { context } = this;
    if (operator === "toDoubles" && a.kind === "load" && a.count === context.lanes / 2) {
      context.emit(VECTOR.vcvtps2pd, d, 0, context.address(a.address, a.offset));
      return;
    }
    const part = this.firstPart(d, a, isFresh);
    emitUnary(context, operator, d, part);
    this.releaseFirst(d, part, a);
  }

  /** The part that needs more registers comes first, when more are free. */
  private binary(d: VectorRegister, expression: Binary, isFresh: boolean): void {
    const { operator } = expression;
    // vminps and vmaxps give their last operand where one is NaN, the language gives `a`. Of pairs, the last come first.
    const isReversed = operator === "min" || operator === "max" || operator === "packPairs";
    const first = isReversed ? expression.b : expression.a;
    const second = isReversed ? expression.a : expression.b;
    if (!this.places.isInMemory(second) && this.places.need(second) > this.places.need(first)) {
      const b = this.firstPart(d, second, isFresh);
      const a = this.register(first);
      emitBinary(this.context, operator, d, a, { place: b });
      this.release(a, first);
      this.releaseFirst(d, b, second);
      return;
    }
    const a = this.firstPart(d, first, isFresh);
    const last = this.last(second, !isDouble(operator));
    emitBinary(this.context, operator, d, a, last);
    this.releaseLast(last, second);
    this.releaseFirst(d, a, first);
  }

  /** The part that needs the most registers is computed where the result goes; the form of the instruction follows. */
  private multiplyAdd(d: VectorRegister, expression: MultiplyAdd, isFresh: boolean): void {
    const { places } = this;
    const { c } = expression;
    const needA = places.need(expression.a);
    const needB = places.need(expression.b);
    const needC = places.need(c);
    const a = needB > needA ? expression.b : expression.a;
    const b = needB > needA ? expression.a : expression.b;
    if (needC > Math.max(needA, needB) || places.isIn(d, c, a, b)) {
      // A factor in memory comes last.
      const inOrder = !places.isInMemory(a) || places.isInMemory(b);
      this.fused(VECTOR.vfmadd231ps, d, c, inOrder ? a : b, inOrder ? b : a, isFresh);
    } else if (places.isInMemory(c) || (needC <= Math.min(needA, needB) && !places.isInMemory(b))) {
      this.fused(VECTOR.vfmadd213ps, d, a, b, c, isFresh);
    } else {
      this.fused(VECTOR.vfmadd132ps, d, a, c, b, isFresh);
    }
  }

  /** The sum is replaced; a factor in memory comes last. */
  private multiplyAddPairs(d: VectorRegister, { a, b, c }: MultiplyAddPairs, isFresh: boolean): void {
    const inOrder = !this.places.isInMemory(a) || this.places.isInMemory(b);
    this.fused(VECTOR.vdpbf16ps, d, c, inOrder ? a : b, inOrder ? b : a, isFresh);
  }

  /** A multiply-add that replaces one of its operands by the result. */
  private fused(
    instruction: VectorInstruction,
    d: VectorRegister,
    replaced: VectorExpression,
    middle: VectorExpression,
    last: VectorExpression,
    isFresh: boolean,
  ): void {
    const { context } = this;
    const isInPlace = this.places.isIn(d, replaced, middle, last);
    const result = isInPlace || isFresh ? d : context.take();
    if (!isInPlace) this.into(result, replaced, true);
    const register = this.register(middle);
    const operand = this.last(last);
    context.emitLast(instruction, result, register, operand);
    this.releaseLast(operand, last);
    this.release(register, middle);
    if (result === d) return;
    context.move(d, { place: result });
    context.give(result);
  }

  private select(d: VectorRegister, { mask, a, b }: Select): void {
    const { context } = this;
    const isCompared = context.width === 512 && mask.kind === "binary" && isComparison(mask.operator);
    const parts = isCompared ? [mask.a, mask.b, a, b] : [mask, a, b];
    const registers = new Map<VectorExpression, VectorRegister>();
    // One expression may be two of the parts.
    for (const part of this.byNeed([...new Set(parts)])) registers.set(part, this.register(part));
    const [value, otherwise] = [registers.get(a) ?? 0, registers.get(b) ?? 0];
    const first = registers.get(parts[0]) ?? 0;
    if (isCompared && isComparison(mask.operator)) {
      const immediate = COMPARISON[mask.operator];
      context.emit(VECTOR.vcmpps, MASK, first, registers.get(mask.b) ?? 0, { immediate });
      context.emit(VECTOR.vblendmps, d, otherwise, value, { mask: MASK });
    } else if (context.width === 256) {
      context.emit(VECTOR.vblendvps, d, otherwise, value, { immediate: first << 4 });
    } else {
      // first ? value : otherwise, as the table of a function of three bits; it is read and written in one register.
      const result = context.take();
      context.move(result, { place: first });
      context.emit(VECTOR.vpternlogd, result, value, otherwise, { immediate: 0xca });
      context.move(d, { place: result });
      context.give(result);
    }
    for (const [part, register] of registers) this.release(register, part);
  }

  /** Those that need more registers first; equals in their order. */
  private byNeed(parts: readonly VectorExpression[]): VectorExpression[] {
    return [...parts].sort((a, b) => this.places.need(b) - this.places.need(a));
  }
}
