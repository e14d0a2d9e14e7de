/**
 * @file The vector machine's language: what kernels are written in and what each target emits.
 *
 * A kernel is a function of 32-bit integers (unit range, scratch and buffer addresses) over one flat memory. It
 * has integer variables (addresses, counters), vector variables of `lanes` 32-bit lanes, structured loops and
 * expression *trees*. A target walks the tree once: a stack machine emits it in order, a register machine
 * needs only as many temporaries as the tree is deep. A value used twice must be bound to a variable
 * (`KernelBuilder.let`), so nothing is ever computed twice by accident.
 *
 * A lane holds 32 bits. Float operations read them as float32, the `int…` operations as int32; comparisons
 * give a mask (all bits one, or all zero). The `double…` operations read each two neighbouring lanes as one float64, the
 * lower half of its bits first, so that a vector has lanes / 2 of them.
 */

export interface IntVariable {
  readonly kind: "intVariable";
  readonly id: number;
}

export interface VectorVariable {
  readonly kind: "vectorVariable";
  readonly id: number;
}

export type IntBinaryOperator = "add" | "subtract" | "multiply" | "divide" | "remainder" | "min" | "max";

/** 32-bit integers that wrap; addresses are byte offsets into the memory, unsigned; division is unsigned. */
export type IntExpression =
  | { readonly kind: "int"; readonly value: number }
  | IntVariable
  | {
      readonly kind: "intBinary";
      readonly operator: IntBinaryOperator;
      readonly a: IntExpression;
      readonly b: IntExpression;
    }
  /** The word at address + offset: tables of counts and distances. */
  | { readonly kind: "loadInt"; readonly address: IntExpression; readonly offset: number };

/**
 * `min`: b < a ? b : a. `max`: a < b ? b : a. So a NaN in `a` stays and a NaN in `b` is dropped: the
 * single instruction that x86 (`minps`, operands swapped) and WebAssembly (`pmin`) have.
 * `roundEven` rounds to the nearest integer, ties to even. `toInt` truncates, `toFloat` reads int32.
 * `packPairs`: the 2·lanes floats of a, then b, as bfloat16: lane i has number 2i in its lower half and 2i + 1 in its upper.
 * Rounded to nearest, ties to even; subnormal floats become 0. Only on processors with AVX512-BF16.
 * `toDoubles`: the floats in the lower half of the lanes as float64. `fromDoubles`: the float64 numbers rounded to the nearest
 * floats, in the lower half of the lanes; the upper half is zero.
 */
export type VectorUnaryOperator =
  | "negate"
  | "abs"
  | "sqrt"
  | "roundEven"
  | "floor"
  | "toInt"
  | "toFloat"
  | "not"
  | "toDoubles"
  | "fromDoubles";

export type VectorBinaryOperator =
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "min"
  | "max"
  | "equal"
  | "notEqual"
  | "less"
  | "lessEqual"
  | "and"
  | "or"
  | "xor"
  | "intAdd"
  | "intSubtract"
  | "intMultiply"
  | "doubleAdd"
  | "doubleSubtract"
  | "doubleMultiply"
  | "packPairs";

export type ShiftOperator = "shiftLeft" | "shiftRight" | "shiftRightSigned";

export type VectorExpression =
  | VectorVariable
  /** The same float in every lane. */
  | { readonly kind: "constant"; readonly value: number }
  /** The same float64 in every pair of lanes. */
  | { readonly kind: "doubleConstant"; readonly value: number }
  /** The same int32 in every lane. */
  | { readonly kind: "intConstant"; readonly value: number }
  /** The same integer in every lane, known only at run time. */
  | { readonly kind: "splatInt"; readonly value: IntExpression }
  /** int32 0, 1, 2 … lanes-1. */
  | { readonly kind: "laneIndex" }
  /** Mask of the first `count` lanes. */
  | { readonly kind: "firstLanes"; readonly count: number }
  /** `count` ≤ lanes consecutive 32-bit words at address + offset bytes; the other lanes are zero. */
  | {
      readonly kind: "load";
      readonly address: IntExpression;
      readonly offset: number;
      readonly count: number;
    }
  /** One word at address + offset, in every lane. */
  | { readonly kind: "broadcast"; readonly address: IntExpression; readonly offset: number }
  /** Two words at address + offset, in every pair of lanes: a float64. */
  | { readonly kind: "broadcastDouble"; readonly address: IntExpression; readonly offset: number }
  /** `count` words `stride` bytes apart; the other lanes are zero. */
  | {
      readonly kind: "gather";
      readonly address: IntExpression;
      readonly offset: number;
      readonly stride: number;
      readonly count: number;
    }
  | { readonly kind: "unary"; readonly operator: VectorUnaryOperator; readonly a: VectorExpression }
  | {
      readonly kind: "binary";
      readonly operator: VectorBinaryOperator;
      readonly a: VectorExpression;
      readonly b: VectorExpression;
    }
  | {
      readonly kind: "shift";
      readonly operator: ShiftOperator;
      readonly a: VectorExpression;
      readonly bits: number;
    }
  /** a·b + c; rounded once where the target has a fused instruction, twice elsewhere. */
  | {
      readonly kind: "multiplyAdd";
      readonly a: VectorExpression;
      readonly b: VectorExpression;
      readonly c: VectorExpression;
    }
  /**
   * With a and b as pairs of bfloat16 numbers: upper·upper + lower·lower + c in float32, subnormal numbers taken for 0.
   * Both products are exact, and each sum is rounded. Only on processors with AVX512-BF16.
   */
  | {
      readonly kind: "multiplyAddPairs";
      readonly a: VectorExpression;
      readonly b: VectorExpression;
      readonly c: VectorExpression;
    }
  /** Lane by lane: mask ? a : b. */
  | {
      readonly kind: "select";
      readonly mask: VectorExpression;
      readonly a: VectorExpression;
      readonly b: VectorExpression;
    }
  /** Lanes of two vectors in an order that is known now: 0 … lanes-1 are those of `a`, lanes … 2·lanes-1 those of `b`. */
  | {
      readonly kind: "shuffle";
      readonly a: VectorExpression;
      readonly b: VectorExpression;
      readonly sources: readonly number[];
    }
  /** All lanes combined in a fixed tree order; the result is in every lane. With `min` and `max` no lane may be NaN. */
  | { readonly kind: "horizontal"; readonly operator: "add" | "min" | "max"; readonly a: VectorVariable };

export type Statement =
  | { readonly kind: "setInt"; readonly variable: IntVariable; readonly value: IntExpression }
  | { readonly kind: "setVector"; readonly variable: VectorVariable; readonly value: VectorExpression }
  /** Writes the first `count` lanes as consecutive words. */
  | {
      readonly kind: "store";
      readonly address: IntExpression;
      readonly offset: number;
      readonly value: VectorExpression;
      readonly count: number;
    }
  /** `lanes` different variables as the rows of a square matrix: lane j of variable i and lane i of variable j change places. */
  | { readonly kind: "transpose"; readonly variables: readonly VectorVariable[] }
  /** counter = from; while (counter < to) { body; counter += step }. `atLeastOnce` drops the first test. */
  | {
      readonly kind: "loop";
      readonly counter: IntVariable;
      readonly from: IntExpression;
      readonly to: IntExpression;
      readonly step: number;
      readonly atLeastOnce: boolean;
      readonly body: readonly Statement[];
    }
  /**
   * The hot loop of multiply-adds: `bodies` are copies of one step, each followed by counter += step and an exit
   * when counter equals `to`; after the last one `afterRound`, and again from the first. On entry the counter holds
   * its first value and is below `to` by a multiple of step. The exits between the copies cost nothing and
   * keep an optimising engine from moving one step's loads before another step's arithmetic, where they would
   * run out of registers.
   */
  | {
      readonly kind: "unrolledLoop";
      readonly counter: IntVariable;
      readonly to: IntExpression;
      readonly step: number;
      readonly bodies: readonly (readonly Statement[])[];
      readonly afterRound: readonly Statement[];
    }
  /** Runs the body when a ≥ b (unsigned). */
  | {
      readonly kind: "ifAtLeast";
      readonly a: IntExpression;
      readonly b: IntExpression;
      readonly body: readonly Statement[];
    };

/** A finished kernel, ready for any target. Parameters are the first `parameterCount` integer variables. */
export interface KernelCode {
  /** The traits that it was generated for. */
  readonly machine: MachineTraits;
  readonly parameterCount: number;
  readonly intVariableCount: number;
  readonly vectorVariableCount: number;
  readonly statements: readonly Statement[];
}

/** The traits of a target that a kernel generator may depend on. */
export interface MachineTraits {
  /** 32-bit lanes in a vector. */
  readonly lanes: number;
  /** Vector variables that can stay in registers inside a hot loop. */
  readonly vectorRegisters: number;
  /** Whether multiplyAdd is one instruction; otherwise it needs a register for the product. */
  readonly fusedMultiplyAdd: boolean;
  /**
   * The same machine with half as many lanes, if it has that too: for vectors that would be half empty, which cost as much as whole
   * ones, and with which some processors run at a lower clock.
   */
  readonly narrower?: MachineTraits;
}
