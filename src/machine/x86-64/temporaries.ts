/**
 * @file How many registers an expression needs while it is computed, besides the one for its result. It follows, case by
 * case, how vector-expressions.ts computes them: parts in order, each kept until the instruction that takes them all.
 */

import type { VectorExpression } from "../ir.ts";

/** What a target can read without a register of its own. */
export interface OperandRules {
  readonly lanes: number;
  /** Whether the variable has a register. */
  hasRegister(variable: number): boolean;
  /** Whether an instruction's last operand can be this, in memory or in a variable's register. */
  isMemoryOperand(expression: VectorExpression): boolean;
}

/**
 * @param isFresh whether nothing that the expression reads is in the register of its result, so that parts may be
 * computed there
 */
export function temporariesFor(expression: VectorExpression, isFresh: boolean, rules: OperandRules): number {
  const has512Bits = rules.lanes === 16;
  const count = new PartsCount(rules);
  switch (expression.kind) {
    case "load":
      // The mask.
      return expression.count < rules.lanes && !has512Bits ? 1 : 0;
    case "horizontal":
      return 2;
    case "unary":
    case "shift":
      return count.first(expression.a, isFresh).most;
    case "binary": {
      const [first, last] = operandsOf(expression);
      return count.first(first, isFresh).last(last).most;
    }
    case "multiplyAdd": {
      const [a, b] = factorsOf(expression, rules);
      return count.first(expression.c, isFresh).register(a).last(b).most;
    }
    case "select": {
      const { mask, a, b } = expression;
      if (has512Bits && mask.kind === "binary" && isComparison(mask))
        return count.register(b).register(a).register(mask.a).last(mask.b).most;
      const most = count.register(mask).register(b).register(a).most;
      return has512Bits ? Math.max(most, count.held + 1) : most;
    }
    default:
      return 0;
  }
}

/** Adds up what is held while one part after the other is computed. */
class PartsCount {
  held = 0;
  most = 0;
  private readonly rules: OperandRules;

  constructor(rules: OperandRules) {
    this.rules = rules;
  }

  /** A part in a register of its own, or in its variable's. */
  register(part: VectorExpression): this {
    if (part.kind === "vectorVariable" && this.rules.hasRegister(part.id)) return this;
    this.held++;
    this.most = Math.max(this.most, this.held + temporariesFor(part, true, this.rules));
    return this;
  }

  /** The part that may be computed where the result goes. */
  first(part: VectorExpression, isFresh: boolean): this {
    if (!isFresh) return this.register(part);
    this.most = Math.max(this.most, temporariesFor(part, true, this.rules));
    return this;
  }

  /** The part that may stay in memory. */
  last(part: VectorExpression): this {
    return this.rules.isMemoryOperand(part) ? this : this.register(part);
  }
}

/** An operation on two vectors, which may be a comparison. */
export type Binary = Extract<VectorExpression, { kind: "binary" }>;

export function isComparison({ operator }: Binary): boolean {
  return COMPARISON[operator] !== undefined;
}

/** `equal`, `notEqual`, `less`, `lessEqual` as vcmpps' immediate: quiet, NaN is not equal to anything. */
export const COMPARISON: { readonly [operator: string]: number | undefined } = {
  equal: 0x00,
  notEqual: 0x04,
  less: 0x11,
  lessEqual: 0x12,
};

/** In the order of the instruction: vminps and vmaxps give their last operand where one is NaN, the language gives `a`. */
export function operandsOf({ operator, a, b }: Binary): readonly [VectorExpression, VectorExpression] {
  return operator === "min" || operator === "max" ? [b, a] : [a, b];
}

/** Factors change places freely: the one that can be read from memory comes last. */
export function factorsOf(
  { a, b }: Extract<VectorExpression, { kind: "multiplyAdd" }>,
  rules: OperandRules,
): readonly [VectorExpression, VectorExpression] {
  return rules.isMemoryOperand(a) &&
    !isRegister(a, rules) &&
    (isRegister(b, rules) || !rules.isMemoryOperand(b))
    ? [b, a]
    : [a, b];
}

function isRegister(expression: VectorExpression, rules: OperandRules): boolean {
  return expression.kind === "vectorVariable" && rules.hasRegister(expression.id);
}
