/** @file Elementwise operations as ONNX nodes: their operands brought into one arrangement, and a formula for each operation. */
import type { ElementwiseParameters } from "../../../ops/elementwise.ts";
import type { Dim } from "../dims.ts";
import type { OnnxBuilder } from "../builder.ts";
import {
  arranged,
  arrangedNumbers,
  constantOf,
  dimAt,
  flowing,
  fullOrder,
  NO_AXIS,
  refuseCount,
  type Flowing,
  type Known,
} from "../values.ts";
import { parametersOf, type Rule, type Site } from "./site.ts";

/** Makes the nodes of a formula on operands that broadcast; returns the name of the result. */
export type Formula = (
  builder: OnnxBuilder,
  operands: readonly string[],
  parameters: readonly number[],
) => string;

interface Aligned {
  readonly names: readonly string[];
  /** The arrangement of the result. */
  readonly axes: readonly number[];
  readonly dims: readonly Dim[];
}

/** Makes a rule of a formula whose result is float32. */
export function elementwise(formula: Formula): Rule<ElementwiseParameters> {
  return (site) => {
    const { names, axes, dims } = align(site);
    return flowing(site.builder, formula(site.builder, names, parametersOf(site).values), axes, dims);
  };
}

/** Names operands that broadcast to one arrangement: that of the operand with the most axes. */
export function align({ builder, inputs, dims: { length: rank } }: Site<object>): Aligned {
  const values = inputs.map(refuseCount);
  const leader = values.reduce<Flowing | undefined>((best, value) => {
    if (value.kind !== "flowing") return best;
    return !best || extent(value) > extent(best) ? value : best;
  }, undefined);
  const own = leader?.axes.includes(NO_AXIS) === false ? leader.axes : undefined;
  const named = own ?? (leader?.axes ?? []).filter((axis) => axis !== NO_AXIS);
  const isNeeded = (axis: number) => named.includes(axis) || values.some((value) => dimAt(value, axis) !== 1);
  const axes = fullOrder(named, rank).filter(isNeeded);
  const dims = axes.map((axis) => {
    const longest = values.map((value) => dimAt(value, axis)).find((dim) => dim !== 1);
    return longest ?? 1;
  });
  const names = values.map((value) => {
    // Leading axes of length 1 need not be there.
    const first = axes.findIndex((axis) => dimAt(value, axis) !== 1);
    const present = first < 0 ? [] : axes.slice(first);
    if (value.kind === "known") return constantOf(builder, arrangedNumbers(value, present));
    const isAsWanted = value.axes.join() === axes.join();
    return arranged(builder, value, isAsWanted ? axes : present).name;
  });
  return { names, axes, dims };
}

/** The number of axes along which a value has different numbers. */
function extent({ dims }: Flowing): number {
  return dims.filter((dim) => dim !== 1).length;
}

/** One ONNX operator on all operands. */
export function operator(type: string): Formula {
  return (builder, operands) => builder.node(type, operands);
}

/** A factor, term or quotient with a known second operand can become part of sums before it. */
export function arithmetic(by: "add" | "subtract" | "multiply"): Rule<ElementwiseParameters> {
  const type = { add: "Add", subtract: "Sub", multiply: "Mul" }[by];
  const apply = elementwise(operator(type));
  return (site) => {
    const [a, b] = site.inputs;
    const [nodeA, nodeB] = site.node.inputs;
    const taken = (value: Flowing, given: typeof nodeA, operand: Known) => {
      const name = site.sums.take(by, site.node, given, value, operand);
      return name === undefined ? undefined : flowing(site.builder, name, value.axes, value.dims);
    };
    const first = a.kind === "flowing" && b.kind === "known" ? taken(a, nodeA, b) : undefined;
    const isEither = by !== "subtract";
    const second = isEither && b.kind === "flowing" && a.kind === "known" ? taken(b, nodeB, a) : undefined;
    return first ?? second ?? apply(site);
  };
}

/** 1 and 0 of a truth value. */
function asFloat(builder: OnnxBuilder, truth: string): string {
  return builder.node("Cast", [truth], { to: { int: FLOAT } });
}

export const FLOAT = 1;
export const INT32 = 6;
export const BOOL = 9;
export const DOUBLE = 11;

/** 1 or 0 by a comparison. */
function comparison(type: string): Formula {
  return (builder, operands) => asFloat(builder, builder.node(type, operands));
}

/** Applies a node to the result of another one. */
function chain(builder: OnnxBuilder, name: string, ...types: readonly string[]): string {
  return types.reduce((before, type) => builder.node(type, [before]), name);
}

const clip: Formula = (builder, [x], [low, high]) =>
  builder.node("Clip", [x, builder.number(low), builder.number(high)]);

/** eˣ - 1 by 2t / (1 - t) with t = tanh(x / 2), which does not cancel, where |x| is below 1. */
const expm1: Formula = (b, [x]) => {
  const t = b.node("Tanh", [b.node("Mul", [x, b.number(0.5)])]);
  const near = b.node("Div", [b.node("Add", [t, t]), b.node("Sub", [b.number(1), t])]);
  const far = b.node("Sub", [b.node("Exp", [x]), b.number(1)]);
  return b.node("Where", [b.node("Less", [b.node("Abs", [x]), b.number(1)]), near, far]);
};

/** ln(1 + x) as ln(u)·x / (u - 1) with u the rounded 1 + x: the rounding is the same above and below (W. Kahan). */
const log1p: Formula = (b, [x]) => {
  const u = b.node("Add", [x, b.number(1)]);
  const rest = b.node("Sub", [u, b.number(1)]);
  const isZero = b.node("Equal", [rest, b.number(0)]);
  const divisor = b.node("Where", [isZero, b.number(1), rest]);
  const corrected = b.node("Mul", [b.node("Log", [u]), b.node("Div", [x, divisor])]);
  return b.node("Where", [isZero, x, corrected]);
};

/** (1 + erf(x / √2)) / 2. */
function normal(b: OnnxBuilder, x: string): string {
  const erf = b.node("Erf", [b.node("Div", [x, b.number(Math.SQRT2)])]);
  return b.node("Mul", [b.node("Add", [erf, b.number(1)]), b.number(0.5)]);
}

/** Twice √(2/π)·(x + 0.044715·x³). */
const tanhFormArgument: Formula = (b, [x]) => {
  const root = 2 * Math.sqrt(2 / Math.PI);
  const square = b.node("Mul", [x, x]);
  const factor = b.node("Add", [b.node("Mul", [square, b.number(0.044715 * root)]), b.number(root)]);
  return b.node("Mul", [x, factor]);
};

const wholePower: Formula = (b, [x], [exponent]) =>
  exponent === 2 ? b.node("Mul", [x, x]) : b.node("Pow", [x, b.number(exponent)]);

/** The formulas by operation. */
export const FORMULAS = {
  relu: operator("Relu"),
  positiveOnly: (b, [a, sign]) =>
    b.node("Where", [b.node("LessOrEqual", [sign, b.number(0)]), b.number(0), a]),
  leakyRelu: (b, [x], [alpha]) => b.node("LeakyRelu", [x], { alpha: { float: alpha } }),
  elu: (b, [x], [alpha]) => b.node("Elu", [x], { alpha: { float: alpha } }),
  sigmoid: operator("Sigmoid"),
  softplus: operator("Softplus"),
  divide: operator("Div"),
  negative: operator("Neg"),
  equal: comparison("Equal"),
  less: comparison("Less"),
  lessEqual: comparison("LessOrEqual"),
  toFloat: asFloatOf,
  clippedRelu: (b, operands, [ceiling]) => clip(b, operands, [0, ceiling]),
  erf: operator("Erf"),
  exp: operator("Exp"),
  log: operator("Log"),
  expm1,
  log1p,
  sqrt: operator("Sqrt"),
  tanh: operator("Tanh"),
  silu: (b, [x]) => b.node("Mul", [x, b.node("Sigmoid", [x])]),
  mish: (b, [x]) => b.node("Mul", [x, chain(b, x, "Softplus", "Tanh")]),
  geluTanh: (b, [x]) => b.node("Mul", [x, chain(b, tanhFormArgument(b, [x], []), "Sigmoid")]),
  gelu: (b, [x]) => b.node("Mul", [x, normal(b, x)]),
  wholePower,
  // Of a negative number there is no logarithm, and no such power.
  power: (b, [x, y]) => b.node("Exp", [b.node("Mul", [y, b.node("Log", [x])])]),
  floor: operator("Floor"),
  ceil: operator("Ceil"),
  round: operator("Round"),
  where: (b, [condition, one, other]) =>
    b.node("Where", [b.node("Cast", [condition], { to: { int: BOOL } }), one, other]),
  whereEqual: (b, [x, y, value]) => b.node("Where", [b.node("Equal", [x, y]), value, b.number(0)]),
  maximum: operator("Max"),
  minimum: operator("Min"),
  clip,
  abs: operator("Abs"),
  sin: operator("Sin"),
  cos: operator("Cos"),
} satisfies Readonly<Record<string, Formula>>;

function asFloatOf(b: OnnxBuilder, [x]: readonly string[]): string {
  return asFloat(b, x);
}

const LARGEST_INT = 2 ** 31 - 1;
/** The largest float32 below 2³¹. */
const LARGEST_BELOW = 2 ** 31 - 128;

/** float32 as int32, without what comes after the point: NaN gives 0, and numbers beyond int32 its largest and smallest. */
export const toInt: Rule<ElementwiseParameters> = (site) => {
  const { builder: b } = site;
  const { names, axes, dims } = align(site);
  const [x] = names;
  const number = b.node("Where", [b.node("IsNaN", [x]), b.number(0), x]);
  const inside = b.node("Clip", [number, b.number(-(2 ** 31)), b.number(LARGEST_BELOW)]);
  const whole = b.node("Cast", [inside], { to: { int: INT32 } });
  const isAbove = b.node("Less", [b.number(LARGEST_BELOW), number]);
  const name = b.node("Where", [isAbove, b.constant(Int32Array.of(LARGEST_INT), []), whole]);
  return flowing(b, name, axes, dims, "int32");
};
