/** @file Tensors that come from outside a graph: inputs, constants, parts of slabs, and assignments to them. */
import { AuricleError } from "../errors.ts";
import { checkArray, dtypeOf, type DType, type NumericArray } from "../tensor/array.ts";
import { formatShape, sameShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { parametersKey } from "./parameters-key.ts";
import type { Slab } from "./slab.ts";
import { Tensor, type InnerAxes, type Operation, type Structure } from "./tensor.ts";

function source(
  name: string,
  structure: Structure,
  shape: Shape,
  dtype: DType,
  parameters: object = {},
): Tensor {
  let key: string | undefined;
  const operation: Operation = {
    name,
    parameters,
    get key() {
      return (key ??= parametersKey(parameters));
    },
    structure,
    multiplyAdds: 0,
    reference: () => {
      throw new AuricleError("argument", `${name}: has no value outside a running program`);
    },
    on: () => tensor,
  };
  const tensor = new Tensor(shape, dtype, operation, []);
  return tensor;
}

export function inputTensor(shape: Shape, dtype: DType): Tensor {
  return source("input", { kind: "input" }, shape, dtype);
}

/** A tensor of numbers known now. @throws AuricleError "shape" when they are not as many as the shape holds. */
export function constantTensor(array: NumericArray): Tensor {
  checkArray(array, "constant");
  const dtype = dtypeOf(array);
  const { shape, data } = array;
  return source("constant", { kind: "constant", data }, shape, dtype, { data });
}

/** One number for every element, held in no memory where it is used in element-by-element arithmetic or a reduction. */
export function filledTensor(shape: Shape, value: number): Tensor {
  const number = constantTensor({ shape: [], data: Float32Array.of(value) });
  if (shape.length === 0) return number;
  const strides = shape.map(() => 0);
  const operation: Operation = {
    name: "filled",
    parameters: {},
    key: "",
    structure: { kind: "strided", strides, offset: 0 },
    multiplyAdds: 0,
    reference: ([{ data }]) => new Float64Array(sizeOf(shape)).fill(data[0]),
    on: () => filled,
  };
  const filled = new Tensor(shape, "float32", operation, [number]);
  return filled;
}

/** int32 Σ coordinate·stride over `shape`, along inner axes too: coordinates and counters, held in no memory. */
export function indexTensor(shape: Shape, strides: readonly number[], inner?: InnerAxes): Tensor {
  return source("index", { kind: "index", strides, inner }, shape, "int32", { strides, inner });
}

/**
 * The part of a slab that starts at `offset` words, as a tensor. A program reads what the slab holds when the
 * program starts.
 */
export function variableTensor(slab: Slab, offset: number, shape: Shape, dtype: DType = "float32"): Tensor {
  if (offset < 0 || offset + sizeOf(shape) > slab.length) {
    throw new AuricleError(
      "shape",
      `variable: ${formatShape(shape)} at offset ${offset} must lie inside slab ${slab.name} of ${slab.length} words`,
    );
  }
  return source("variable", { kind: "variable", slab, offset }, shape, dtype, { slab: slab.id, offset });
}

export interface Assignment {
  readonly slab: Slab;
  readonly offset: number;
  readonly value: Tensor;
}

const traces: Assignment[][] = [];

/** Runs `make` and returns its result with the assignments that it asked for. */
export function collectAssignments<T>(make: () => T): { result: T; assignments: readonly Assignment[] } {
  const assignments: Assignment[] = [];
  traces.push(assignments);
  try {
    return { result: make(), assignments };
  } finally {
    traces.pop();
  }
}

/**
 * Makes the program being traced write `value` into a variable when it ends.
 * @throws AuricleError "argument" outside a traced function or when `variable` is no variable; "shape" when the
 *   shapes differ.
 */
export function assign(variable: Tensor, value: Tensor): void {
  const trace = traces.at(-1);
  const { structure } = variable.operation;
  if (!trace) throw new AuricleError("argument", "assign: can only be used inside a function being compiled");
  if (structure.kind !== "variable") {
    throw new AuricleError(
      "argument",
      `assign: the target must be a variable; got ${variable.operation.name}`,
    );
  }
  if (!sameShape(variable.shape, value.shape) || variable.dtype !== value.dtype) {
    throw new AuricleError(
      "shape",
      `assign: value must be ${variable.dtype} ${formatShape(variable.shape)}; got ${value.dtype} ${formatShape(value.shape)}`,
    );
  }
  trace.push({ slab: structure.slab, offset: structure.offset, value });
}
