/** @file How elementwise operations are defined and applied: broadcasting, scalars, reference loops. */
import { defineOperation, type Primitive } from "../graph/define.ts";
import { constantTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { ElementwiseFunction } from "../kernels/expression.ts";
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import { broadcastShapes, sizeOf, type Shape } from "../tensor/shape.ts";
import { broadcastTo } from "./sum.ts";

/** Where an operation takes a tensor, a number will do. */
export type TensorLike = Tensor | number;

/** Parameters of an elementwise operation: a few numbers, such as a slope. */
export interface ElementwiseParameters {
  readonly values: readonly number[];
}

export interface ElementwiseDefinition {
  readonly name: string;
  /** Roughly how many simple vector instructions `emit` writes. */
  readonly cost: number;
  readonly arithmetic?: ElementwiseFunction["arithmetic"];
  /** Whether it reads its operands as int32; otherwise they must be float32. */
  readonly readsInt32?: boolean;
  /** The definition, on one number of each input. */
  scalar(args: readonly number[], parameters: readonly number[]): number;
  emit(k: KernelBuilder, args: readonly VectorExpression[], parameters: readonly number[]): VectorExpression;
}

export type ElementwisePrimitive = Primitive<ElementwiseParameters>;

/*@__NO_SIDE_EFFECTS__*/
export function defineElementwise(definition: ElementwiseDefinition): ElementwisePrimitive {
  return defineOperation<ElementwiseParameters>({
    name: definition.name,
    readsInt32: definition.readsInt32,
    shape: ([first]) => first.shape,
    structure: (_, { values }) => ({ kind: "elementwise", function: definition, parameters: values }),
    reference: (arrays, { values }, shape) => {
      const result = new Float64Array(sizeOf(shape));
      for (let i = 0; i < result.length; i++) {
        result[i] = definition.scalar(
          arrays.map((array) => array.data[i]),
          values,
        );
      }
      return result;
    },
  });
}

/** Applies an elementwise operation, broadcasting its inputs to one shape by NumPy's rule. */
export function applyElementwise(
  primitive: ElementwisePrimitive,
  inputs: readonly TensorLike[],
  parameters: readonly number[] = [],
): Tensor {
  const tensors = inputs.map(asTensor);
  const shape = tensors.reduce<Shape>(
    (common, tensor) => broadcastShapes(common, tensor.shape, primitive.operationName),
    [],
  );
  const broadcast = tensors.map((tensor) => broadcastTo(tensor, shape));
  return primitive(broadcast, { values: parameters });
}

export function asTensor(value: TensorLike): Tensor {
  return typeof value === "number" ? constantTensor({ shape: [], data: Float32Array.of(value) }) : value;
}
