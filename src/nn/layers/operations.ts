/**
 * @file The general layer: a few operations one after the other, described by plain data. Networks from other programs have them
 * where there is no layer for what they compute.
 */
import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { concat } from "../../ops/concat.ts";
import { slice } from "../../ops/slice-and-pad.ts";
import { initializerOf } from "../initializers/index.ts";
import type { Layer } from "../layer.ts";
import { runOperation, type OperationCall } from "../operations/run-operation.ts";
import { hasOperation } from "../operations/table.ts";
import { knownValue, tensorOf, tracedValue, type Value } from "../operations/value.ts";
import type { WeightSpec } from "../weight-spec.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, LAYER_OPTIONS, type LayerOptions } from "./options.ts";
import { checkOperand, checkStep, type Operand, type Step } from "./operation-steps.ts";

export interface OperationsOptions extends LayerOptions {
  /**
   * The steps in their order, each with an operation by ONNX's name, its attributes, and the numbers of the values that it takes:
   * first the layer's inputs, then the operands, then the results of all steps; -1 stands for one that is left out.
   */
  readonly steps: readonly Step[];
  /** Weights and constants that the steps take beside the layer's inputs. Default: none. */
  readonly operands?: readonly Operand[];
  /** How many inputs the layer has. Default 1. */
  readonly inputs?: number;
  /** The number of the value that the layer gives. Default: the last. */
  readonly output?: number;
  /** Whether the steps take one example at a time, as those of files that were made for a batch of one. Default false. */
  readonly each?: boolean;
}

const OPTIONS: OptionNames<OperationsOptions> = {
  steps: true,
  operands: true,
  inputs: true,
  output: true,
  each: true,
  ...LAYER_OPTIONS,
};

const WHERE = "operations";

/**
 * Runs operations that no other layer has, by the names and rules of ONNX (https://onnx.ai/onnx/operators), on inputs with the batch
 * in front. Weights are called `operand_0`, `operand_1`, …, and are trained where they say so.
 *
 * @example operations({ steps: [{ operation: "ReduceMax", attributes: { axes: [1], keepdims: 0 }, inputs: [0] }] })
 */
export function operations(options: OperationsOptions): Layer {
  checkOptions(WHERE, options, OPTIONS);
  const check = checksFor(WHERE);
  const inputs = check.positiveInteger("inputs", options.inputs, 1);
  const operands = check.other("operands", options.operands, {
    type: "list",
    wanted:
      'a list of weights and constants, as { shape: [3], trainable: true } or { type: "int64", shape: [2], values: [1, 2] }',
    parse: listOf(checkOperand),
    fallback: [],
  });
  const steps = check.other("steps", options.steps, {
    type: "list",
    wanted: 'a list of steps, as [{ operation: "Relu", attributes: {}, inputs: [0] }]',
    parse: (value) => {
      const list = listOf(checkStep)(value);
      return list && list.length > 0 && areKnown(list, inputs + operands.length) ? list : undefined;
    },
  });
  const values = inputs + operands.length + steps.reduce((sum, { results = 1 }) => sum + results, 0);
  const output = check.integer("output", options.output, values - 1);
  if (output < 0 || output >= values) {
    throw new AuricleError(
      "argument",
      `${WHERE}: output must be the number of a value, 0 … ${values - 1}; got ${output}`,
    );
  }
  const each = check.boolean("each", options.each, false);
  const definition = { steps, operands, inputs, output, each };
  return makeLayer(
    {
      className: "Operations",
      factory: WHERE,
      config: definition,
      inputs: "one or more",
      weights: () => operands.flatMap(weightOf),
      call: (tensors, context) => run(definition, tensors, context.weight),
      window: "rearranged",
    },
    options,
  );
}

function listOf<T>(check: (value: unknown) => T | undefined): (value: unknown) => readonly T[] | undefined {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const list = value.flatMap((one: unknown) => {
      const checked = check(one);
      return checked === undefined ? [] : [checked];
    });
    return list.length === value.length ? list : undefined;
  };
}

/** Whether all operations are there, and steps take only what comes before them. */
function areKnown(steps: readonly Step[], given: number): boolean {
  let count = given;
  return steps.every(({ operation, inputs, results = 1 }) => {
    const isRight = hasOperation(operation) && inputs.every((number) => number < count);
    count += results;
    return isRight;
  });
}

function weightName(index: number): string {
  return `operand_${index}`;
}

function weightOf(operand: Operand, index: number): WeightSpec[] {
  if ("values" in operand) return [];
  const { shape, trainable } = operand;
  const initializer = initializerOf(trainable && shape.length > 1 ? "glorotUniform" : "zeros");
  return [{ name: weightName(index), shape, initializer, trainable, decay: trainable && shape.length > 1 }];
}

interface Definition {
  readonly steps: readonly Step[];
  readonly operands: readonly Operand[];
  readonly inputs: number;
  readonly output: number;
  readonly each: boolean;
}

function run(definition: Definition, tensors: readonly Tensor[], weight: (name: string) => Tensor): Tensor {
  const { inputs, each } = definition;
  if (tensors.length !== inputs) {
    throw new AuricleError("shape", `${WHERE}: takes ${inputs} inputs; got ${tensors.length}`);
  }
  const batch = tensors[0].shape[0];
  if (!each || batch === 1) return runSteps(definition, tensors, weight);
  const results = Array.from({ length: batch }, (_, example) => {
    const own = tensors.map((tensor) => {
      const [, ...rest] = tensor.shape;
      return slice(tensor, [example, ...rest.map(() => 0)], [1, ...rest]);
    });
    return runSteps(definition, own, weight);
  });
  return concat(results, 0);
}

function runSteps(
  { steps, operands, output }: Definition,
  tensors: readonly Tensor[],
  weight: (name: string) => Tensor,
): Tensor {
  const values: Value[] = tensors.map((tensor) => tracedValue(tensor, tensor.dtype));
  operands.forEach((operand, i) =>
    values.push(
      "values" in operand
        ? knownValue(operand.values.map(withInfinities), operand.shape, operand.type)
        : tracedValue(weight(weightName(i)), "float32"),
    ),
  );
  for (const { operation, attributes, inputs: numbers, results = 1 } of steps) {
    const taken = numbers.map((number) => (number < 0 ? undefined : values[number]));
    const made = runStep({ operation, inputs: taken, attributes, results });
    values.push(...made.slice(0, results));
  }
  return tensorOf(values[output]);
}

/** JSON has no infinities: numbers beyond all of float32 stand for them. */
function withInfinities(number: number): number {
  return Number.isFinite(Math.fround(number)) ? number : Math.fround(number);
}

/** Runs an operation. @throws AuricleError "argument" for steps that cannot be: they are what the layer was given. */
function runStep(call: OperationCall): readonly Value[] {
  try {
    return runOperation(call);
  } catch (error) {
    if (!(error instanceof AuricleError) || error.code !== "unsupported") throw error;
    throw new AuricleError("argument", `${call.operation}: ${error.message}`, { cause: error });
  }
}
