/** @file Matrix products. */
import type { MatrixProductParameters } from "../../../ops/matrix-product.ts";
import type { MatmulParameters } from "../../../ops/product-sizes.ts";
import { arrangedNumbers, axesOf, flowing, fullOrder, numbersOf, whole, type Flowing } from "../values.ts";
import { parametersOf, type Rule, type Site } from "./site.ts";

/** a·b of two matrices whose sums run over these axes. */
function product(site: Site<object>, axisA: number, axisB: number): Flowing {
  const { builder, sums, node, dims } = site;
  const [a, b] = site.inputs;
  const left = whole(builder, a, node.inputs[0].dims, [1 - axisA, axisA]);
  const order = [axisB, 1 - axisB];
  if (b.kind !== "known") {
    const right = whole(builder, b, node.inputs[1].dims, order);
    return flowing(builder, builder.node("MatMul", [left.name, right.name]), [0, 1], dims);
  }
  const given = arrangedNumbers(b, order);
  const { shape } = given.tensor;
  const [, channels] = shape;
  const name = sums.add({
    type: "Gemm",
    input: left.name,
    attributes: {},
    weights: numbersOf(given),
    shape,
    channels,
    channelOf: (weight) => weight % channels,
    axis: 1,
    node,
  });
  return flowing(builder, name, [0, 1], dims);
}

export const matmul: Rule<MatrixProductParameters> = (site) =>
  product(site, 1, parametersOf(site).transposeB ? 1 : 0);

export const transposedMatmul: Rule<Record<string, never>> = (site) => product(site, 0, 0);

export const batchedMatmul: Rule<MatmulParameters> = (site) => {
  const { builder, node, dims } = site;
  const parameters = parametersOf(site);
  const names = site.inputs.map((value, i) => {
    const { dims: lengths } = node.inputs[i];
    const isTransposed = i === 0 ? parameters.transposeA : parameters.transposeB;
    const axes = axesOf(lengths.length);
    const [row, column] = axes.slice(-2);
    const order = [...axes.slice(0, -2), ...(isTransposed ? [column, row] : [row, column])];
    return whole(builder, value, lengths, order).name;
  });
  return flowing(builder, builder.node("MatMul", names), fullOrder([], dims.length), dims);
};
