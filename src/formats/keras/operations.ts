/** @file The operations of functional models as layers: each by its name in keras.ops and in TensorFlow. Browser-safe. */
import { isList } from "../json/values.ts";
import { activationOf } from "./activation-names.ts";
import type { ConfigReader } from "./config-reader.ts";
import { plain, steps, type Mapping } from "./mapped-layer.ts";
import { operationClass } from "./operation-calls.ts";

/** The operands: undefined for a tensor, else a number. */
function operandsOf(read: ConfigReader): (number | undefined)[] {
  const operands = read.value("operands");
  if (!isList(operands)) return read.refuse("operands", "a list");
  return operands.map((one) => {
    if (one === null) return undefined;
    if (typeof one === "number" && Number.isFinite(one)) return one;
    return read.refuse("operands", "tensors and single numbers");
  });
}

interface Arithmetic {
  /** ONNX's operation. */
  readonly operation: string;
  /** The layer for two tensors, where there is one. */
  readonly layer?: string;
  /** Gives scale and offset, where the operation on a tensor and a constant is no more than that. */
  affine?(constant: number, isFirst: boolean): readonly [scale: number, offset: number] | undefined;
}

function arithmetic({ operation, layer, affine }: Arithmetic): Mapping {
  return (read) => {
    const operands = operandsOf(read);
    if (operands.length !== 2) return read.refuse("operands", "two");
    const place = operands.findIndex((one) => one !== undefined);
    const constant = operands[place];
    if (constant === undefined) {
      return layer === undefined ? steps(2, [], { operation, inputs: [0, 1] }) : plain(layer);
    }
    const line = affine?.(constant, place === 0);
    if (line) return plain("Rescaling", { scale: line[0], offset: line[1] });
    return steps(1, [constant], { operation, inputs: place === 0 ? [1, 0] : [0, 1] });
  };
}

const add = arithmetic({ operation: "Add", layer: "Add", affine: (constant) => [1, constant] });
const subtract = arithmetic({
  operation: "Sub",
  layer: "Subtract",
  affine: (constant, isFirst) => (isFirst ? [-1, constant] : [1, -constant]),
});
const multiply = arithmetic({ operation: "Mul", layer: "Multiply", affine: (constant) => [constant, 0] });
const divide = arithmetic({
  operation: "Div",
  affine: (constant, isFirst) => (isFirst || constant === 0 ? undefined : [1 / constant, 0]),
});
const power = arithmetic({ operation: "Pow" });

/** An operation of ONNX on one tensor, or several in a row. */
const unary =
  (...operations: readonly string[]): Mapping =>
  () =>
    steps(1, [], ...operations.map((operation) => ({ operation })));

const named =
  (name: string): Mapping =>
  (read) => {
    const found = activationOf(name, true);
    return found ? plain("Activation", { activation: found.name }) : read.refuse("name", "an activation");
  };

/** keras.ops take the approximation unless told otherwise, TensorFlow does not; both say which one it is where it is not the default. */
const gelu: Mapping = (read) =>
  plain("Activation", { activation: read.flag("approximate", false) ? "geluTanh" : "gelu" });

const leakyRelu: Mapping = (read) => {
  const key = read.value("alpha") === undefined ? "negative_slope" : "alpha";
  return plain("LeakyReLU", { alpha: read.number(key, 0.2) });
};

const softmax: Mapping = (read) => plain("Softmax", { axis: exampleAxis(read, read.number("axis", -1)) });

const logSoftmax: Mapping = (read) =>
  steps(1, [], { operation: "LogSoftmax", attributes: { axis: exampleAxis(read, read.number("axis", -1)) } });

/** @throws AuricleError "file" for the axis of the examples */
function exampleAxis(read: ConfigReader, axis: number): number {
  return axis === 0 ? read.refuse("axis", "another than 0, which is that of the examples") : axis;
}

const reduction =
  (operation: string): Mapping =>
  (read) => {
    if (read.value("axis") === undefined) {
      return read.refuse("axis", "given: over all axes, examples would be mixed");
    }
    const given = read.lengths("axis");
    const axes = (typeof given === "number" ? [given] : given).map((axis) => exampleAxis(read, axis));
    const keepdims = read.flag("keepdims", false) ? 1 : 0;
    return steps(1, [], { operation, attributes: { axes, keepdims } });
  };

const concatenate: Mapping = (read) => {
  const axis = exampleAxis(read, read.number("axis", -1));
  return plain("Concatenate", { axis });
};

const reshape: Mapping = (read) => {
  const key = read.value("newshape") === undefined ? "shape" : "newshape";
  const shape = read.lengths(key);
  if (typeof shape === "number" || shape[0] !== -1)
    return read.refuse(key, "-1 for the examples, and then lengths");
  return plain("Reshape", { targetShape: shape.slice(1) });
};

const transpose: Mapping = (read) => {
  const key = read.value("axes") === undefined ? "perm" : "axes";
  const axes = read.lengths(key);
  if (typeof axes === "number" || axes[0] !== 0)
    return read.refuse(key, "0 for the examples, and then the other axes");
  return plain("Permute", { dims: axes.slice(1) });
};

const along =
  (operation: string): Mapping =>
  (read) => {
    const axis = read.lengths("axis");
    const axes = (typeof axis === "number" ? [axis] : axis).map((one) => exampleAxis(read, one));
    return steps(1, [], { operation, attributes: { axes } });
  };

const clip: Mapping = (read) => {
  const bound = (...keys: readonly string[]) =>
    read.number(keys.find((key) => read.value(key) !== undefined) ?? keys[0]);
  const bounds = [bound("x_min", "clip_value_min"), bound("x_max", "clip_value_max")];
  return steps(1, bounds, { operation: "Clip", inputs: [0, 1, 2] });
};

const OPERATIONS: Readonly<Record<string, Mapping>> = {
  abs: unary("Abs"),
  absolute: unary("Abs"),
  add,
  clip,
  clip_by_value: clip,
  concat: concatenate,
  concatenate,
  cos: unary("Cos"),
  divide,
  elu: (read) => plain("ELU", { alpha: read.number("alpha", 1) }),
  exp: named("exponential"),
  expand_dims: along("Unsqueeze"),
  gelu,
  hard_sigmoid: named("hard_sigmoid"),
  hard_silu: named("hard_silu"),
  hard_swish: named("hard_silu"),
  leaky_relu: leakyRelu,
  log: unary("Log"),
  log_sigmoid: named("log_sigmoid"),
  log_softmax: logSoftmax,
  max: reduction("ReduceMax"),
  maximum: arithmetic({ operation: "Max", layer: "Maximum" }),
  mean: reduction("ReduceMean"),
  min: reduction("ReduceMin"),
  minimum: arithmetic({ operation: "Min", layer: "Minimum" }),
  mish: named("mish"),
  multiply,
  negative: () => plain("Rescaling", { scale: -1, offset: 0 }),
  pow: power,
  power,
  reciprocal: unary("Reciprocal"),
  reduce_max: reduction("ReduceMax"),
  reduce_mean: reduction("ReduceMean"),
  reduce_min: reduction("ReduceMin"),
  reduce_sum: reduction("ReduceSum"),
  relu: named("relu"),
  relu6: named("relu6"),
  reshape,
  rsqrt: unary("Sqrt", "Reciprocal"),
  selu: named("selu"),
  sigmoid: named("sigmoid"),
  silu: named("silu"),
  sin: unary("Sin"),
  softmax,
  softplus: named("softplus"),
  softsign: named("softsign"),
  sqrt: unary("Sqrt"),
  square: () => steps(1, [], { operation: "Mul", inputs: [0, 0] }),
  squeeze: along("Squeeze"),
  subtract,
  sum: reduction("ReduceSum"),
  swish: named("silu"),
  tanh: named("tanh"),
  transpose,
  true_divide: divide,
  truediv: divide,
};

/** The mappings of all operations by their classes. */
export const OPERATION_CLASSES: Readonly<Record<string, Mapping>> = Object.fromEntries(
  Object.entries(OPERATIONS).map(([name, mapping]) => [operationClass(name), mapping]),
);
