/** @file Runs one operation while a graph is traced: on known numbers at once, on others as a part of the graph. */
import { topologicalOrder } from "../../graph/gradient.ts";
import { evaluate } from "../../graph/interpret.ts";
import { inputTensor } from "../../graph/sources.ts";
import { Tensor } from "../../graph/tensor.ts";
import { subtract, multiply, divide } from "../../ops/arithmetic.ts";
import { toInt } from "../../ops/cast.ts";
import { floor } from "../../ops/rounding.ts";
import { AuricleError } from "../../errors.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { requireMemory } from "../size-limit.ts";
import { boundOf } from "./bounds.ts";
import { Call, type Attributes, type Result } from "./call.ts";
import { operationNamed } from "./table.ts";
import {
  inType,
  integerRange,
  isFloat,
  knownValue,
  tracedValue,
  type ElementType,
  type Value,
} from "./value.ts";

/** Numbers that may be computed while a graph is traced, in each operation: plain loops do it in less than a second. */
const MOST_FOLDED = 2 ** 24;

export interface OperationCall {
  readonly operation: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  /** The number of results that are asked for. */
  readonly results: number;
}

/** @throws AuricleError "unsupported" for what is not known or has no counterpart here, others for what does not fit. */
export function runOperation({ operation, inputs, attributes, results }: OperationCall): readonly Value[] {
  const apply = operationNamed(operation);
  const given = inputs.filter((input) => input !== undefined);
  if (given.every(({ known }) => known !== undefined)) {
    const folded = fold(operation, { operation, inputs, attributes, results });
    if (folded) return folded;
  }
  const call = new Call(inputs, attributes, results);
  const most = boundOf(operation, inputs);
  return apply(call).map((result) => {
    const value = finished(result, given[0]?.type ?? "float32");
    return most === undefined || isFloat(value.type) || value.known ? value : { ...value, most };
  });
}

/** The results for known numbers, in double precision; undefined where it would take too long. */
function fold(
  operation: string,
  { inputs, attributes, results }: OperationCall,
): readonly Value[] | undefined {
  const numbers = new Map<Tensor, Float64Array>();
  const stand = inputs.map((input) => {
    if (input?.known === undefined) return input;
    const tensor = inputTensor(input.shape, "float32");
    numbers.set(tensor, input.known);
    return { ...input, tensor };
  });
  const made = operationNamed(operation)(new Call(stand, attributes, results));
  const tensors = made
    .filter((result) => result instanceof Tensor || result.known === undefined)
    .map(tensorIn);
  const order = topologicalOrder(tensors);
  for (const { shape } of order) requireMemory("what it computes", shape);
  const work = order.reduce((sum, tensor) => sum + sizeOf(tensor.shape) + tensor.operation.multiplyAdds, 0);
  if (work > MOST_FOLDED) return undefined;
  const computed = new Map(tensors.map((tensor, i) => [tensor, i]));
  const values = evaluate(tensors, numbers);
  const fallback = inputs.find((input) => input !== undefined)?.type ?? "float32";
  return made.map((result): Value => {
    if (!(result instanceof Tensor) && result.known !== undefined) return result;
    const type = result instanceof Tensor ? fallback : result.type;
    const tensor = tensorIn(result);
    const value = values[computed.get(tensor) ?? 0];
    const toType = inType(type);
    return knownValue(value.map(toType), tensor.shape, type);
  });
}

function tensorIn(result: Result): Tensor {
  if (result instanceof Tensor) return result;
  if (result.tensor) return result.tensor;
  throw new AuricleError("argument", "operation: a result has neither numbers nor a tensor");
}

/** A traced result in the form that its type has in graphs. */
function finished(result: Result, fallback: ElementType): Value {
  if (!(result instanceof Tensor) && result.known !== undefined) return result;
  const tensor = tensorIn(result);
  const type = result instanceof Tensor ? fallback : result.type;
  const most = result instanceof Tensor ? undefined : result.most;
  const bound = most === undefined ? {} : { most };
  if (isFloat(type) || type === "bool" || tensor.dtype === "int32")
    return { ...tracedValue(tensor, type), ...bound };
  const range = integerRange(type);
  if (!range || range.bits > 16) return { ...tracedValue(toInt(tensor), type), ...bound };
  return tracedValue(toInt(wrapped(tensor, range.bits, range.signed)), type);
}

/** Whole numbers in so many bits, as processors leave them. */
function wrapped(x: Tensor, bits: number, signed: boolean): Tensor {
  const count = 2 ** bits;
  const low = signed ? count / 2 : 0;
  const shifted = low === 0 ? x : subtract(x, -low);
  const rest = subtract(shifted, multiply(floor(divide(shifted, count)), count));
  return low === 0 ? rest : subtract(rest, low);
}
