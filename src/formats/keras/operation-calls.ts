/**
 * @file Operations on tensors in a functional model, which are no layers: those of keras.ops in Keras 3 (`x + 1`, `ops.mean(x)`), TensorFlow's
 * functions in Keras 2. Browser-safe.
 */
import { isList, isObject, own, type JsonObject } from "../json/values.ts";

/** An operand: null for a tensor, else the constant as it came. */
export type OperationOperand = unknown;

/** The name under which Keras 2 has a constant in the place of a layer, before its call and its value. */
export const CONSTANT = "_CONSTANT_VALUE";

const CLASS_PREFIX = "operation ";

/** The class under which an operation has its mapping. */
export function operationClass(name: string): string {
  return `${CLASS_PREFIX}${name}`;
}

/**
 * Finds the operation that an entry of a model's list of layers is.
 * @returns undefined for a layer; else its class and its options, with `operands`, a list of {@link OperationOperand}
 */
export function operationIn(
  layer: JsonObject,
): { readonly className: string; readonly config: JsonObject } | undefined {
  const [className, module, nodes] = ["class_name", "module", "inbound_nodes"].map((key) => own(layer, key));
  const stored = own(layer, "config");
  const options = isObject(stored) ? stored : {};
  const first: unknown = isList(nodes) ? nodes[0] : undefined;
  // HDF5 has no modules; all layers of Keras 3 that are called on something have a type of numbers.
  const isOperation =
    typeof module === "string"
      ? /^keras\.(src\.)?ops(\.|$)/.test(module)
      : isObject(first) && isObject(stored) && own(stored, "dtype") === undefined;
  if (isOperation) {
    return {
      className: operationClass(snakeCase(String(className))),
      config: { ...options, operands: operandsOf3(first) },
    };
  }
  if (className !== "TFOpLambda") return undefined;
  const { operands, named } = operandsOf2(first);
  const name = String(own(options, "function")).replace(/^(compat\.v1\.)?((math|nn|__operators__)\.)?/, "");
  return { className: operationClass(name), config: { ...named, operands } };
}

/** "TrueDivide" as true_divide. */
function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
}

function operandsOf3(node: unknown): OperationOperand[] {
  if (!isObject(node)) return [];
  const [args, named] = [own(node, "args"), own(node, "kwargs")];
  const given = isObject(named) ? Object.values(named).filter((one) => one !== null) : [];
  return [...(isList(args) ? args : []), ...given].flatMap((one) =>
    isList(one) && one.some(isTensor) ? one.map(operandOf) : [operandOf(one)],
  );
}

function operandOf(value: unknown): OperationOperand {
  return isTensor(value) ? null : value;
}

function isTensor(value: unknown): boolean {
  return isObject(value) && own(value, "class_name") === "__keras_tensor__";
}

/** Keras 2 has the first argument with its place, and the others by name: ["layer", 0, 0, { y: 3 }], ["layer", 0, 0, { y: ["other", 0, 0] }]. */
function operandsOf2(node: unknown): { operands: OperationOperand[]; named: JsonObject } {
  const operands: OperationOperand[] = [];
  let named: JsonObject = {};
  for (const entry of isList(node) && isList(node[0]) ? node : [node]) {
    if (!isList(entry)) continue;
    const [layer, , value, options] = entry;
    operands.push(layer === CONSTANT ? value : null);
    if (isObject(options)) named = options;
  }
  const second = own(named, "y");
  if (second !== undefined && second !== null) operands.push(isList(second) ? null : second);
  return { operands, named };
}
