/** @file Products of many pairs of matrices, which lie along leading axes that broadcast. */
import type { Cases } from "../graph/case.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Task } from "../graph/tasks.ts";
import { BATCHED_PRODUCT_TASK } from "../lowering/batched-product.ts";
import { broadcastShapes, sizeOf, stridesOf, type Shape } from "../tensor/shape.ts";
import { checkedSizes, productSizes, type MatmulParameters } from "./product-sizes.ts";

/** For each axis of `batch`, how many matrices further the next one of a tensor is. */
function matrixStrides(shape: Shape, batch: Shape): number[] {
  const own = shape.slice(0, -2);
  const strides = stridesOf(own);
  return batch.map((_, axis) => {
    const inner = axis - (batch.length - own.length);
    return inner < 0 || own[inner] === 1 ? 0 : strides[inner];
  });
}

function taskOf(a: Shape, b: Shape, output: Shape, parameters: MatmulParameters): Task {
  const batch = output.slice(0, -2);
  return {
    kind: BATCHED_PRODUCT_TASK,
    batch,
    strides: { a: matrixStrides(a, batch), b: matrixStrides(b, batch) },
    ...productSizes(a, b, parameters),
    transposeA: parameters.transposeA,
    transposeB: parameters.transposeB,
    matrices: sizeOf(b.slice(0, -2)),
  };
}

const TRANSPOSES = [0, 1, 2, 3].map((bits): MatmulParameters => ({
  transposeA: bits % 2 === 1,
  transposeB: bits > 1,
}));

/** [batch of a, batch of b, rows, inner, columns]. */
const SIZES: readonly [Shape, Shape, number, number, number][] = [
  [[2], [2], 3, 4, 5],
  [[3, 1], [2], 1, 1, 1],
  // Several tiles of rows and blocks of columns, with a rest of both.
  [[2, 1], [1, 3], 17, 7, 37],
  [[], [4], 5, 6, 16],
];

export const batchedMatmulCases: Cases<MatmulParameters> = () =>
  SIZES.flatMap(([batchA, batchB, rows, inner, columns]) =>
    TRANSPOSES.map((parameters) => ({
      shapes: [
        [...batchA, ...(parameters.transposeA ? [inner, rows] : [rows, inner])],
        [...batchB, ...(parameters.transposeB ? [columns, inner] : [inner, columns])],
      ],
      parameters,
    })),
  );

export const batchedMatmulPrimitive: Primitive<MatmulParameters> = defineOperation<MatmulParameters>({
  name: "batchedMatmul",
  shape: ([a, b], parameters) => {
    const { rows, columns } = checkedSizes(a.shape, b.shape, parameters);
    return [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), "matmul"), rows, columns];
  },
  structure: ([a, b], parameters, shape) => ({
    kind: "kernels",
    task: taskOf(a.shape, b.shape, shape, parameters),
  }),
  reference: ([a, b], parameters, shape) => {
    const { rows, inner, columns } = productSizes(a.shape, b.shape, parameters);
    const batch = shape.slice(0, -2);
    const [stridesA, stridesB] = [matrixStrides(a.shape, batch), matrixStrides(b.shape, batch)];
    const strides = stridesOf(batch);
    const result = new Float64Array(sizeOf(shape));
    for (let pair = 0; pair < sizeOf(batch); pair++) {
      const at = (own: readonly number[]) =>
        own.reduce((sum, stride, axis) => sum + (Math.floor(pair / strides[axis]) % batch[axis]) * stride, 0);
      const fromA = at(stridesA) * rows * inner;
      const fromB = at(stridesB) * inner * columns;
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          for (let k = 0; k < inner; k++) {
            const left = a.data[fromA + (parameters.transposeA ? k * rows + i : i * inner + k)];
            const right = b.data[fromB + (parameters.transposeB ? j * inner + k : k * columns + j)];
            result[(pair * rows + i) * columns + j] += left * right;
          }
    }
    return result;
  },
  multiplyAdds: ([a, b], parameters, shape) =>
    sizeOf(shape) * productSizes(a.shape, b.shape, parameters).inner,
});
