/**
 * @file Sums of products of windows and a filter, and the two operations that are their gradients: the transposed sums (the input
 * gradient) and the filter gradient. The three are closed under differentiation. Convolution is one such family, depthwise
 * convolution another.
 */
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Task } from "../graph/tasks.ts";
import { formatShape, sameShape, sizeOf, type Shape } from "../tensor/shape.ts";
import type { WindowParameters } from "./window.ts";

/** The parameters are those of the sums whose input gradient this is, from `outputShape` to the input's. */
export type TransposedParameters<P> = P & { readonly outputShape: Shape };

export type FilterGradientParameters<P> = P & { readonly filterShape: Shape };

/** The parts that differ from family to family. `G` are the sizes that its loops and kernels work on. */
export interface WindowedFamily<P extends WindowParameters, G> {
  /** The parameters without what the gradients add to them. */
  parameters(given: P): P;
  /** @throws AuricleError "shape" or "argument" when input and filter do not fit. */
  outputShape(input: Shape, filter: Shape, parameters: P): Shape;
  geometry(input: Shape, filter: Shape, output: Shape, parameters: P): G;
  multiplyAdds(geometry: G): number;
  /** Calls `visit` for every product: positions in input, filter and output. */
  forEachProduct(geometry: G, visit: (input: number, filter: number, output: number) => void): void;
}

/** The task of one of a family's operations. */
type TaskOf<G> = (geometry: G) => Task;

/** Defines the sums of products themselves, of an input and a filter. */
/*@__NO_SIDE_EFFECTS__*/
export function defineProducts<P extends WindowParameters, G>(
  name: string,
  { outputShape, geometry: geometryOf, multiplyAdds, forEachProduct }: WindowedFamily<P, G>,
  taskOf: TaskOf<G>,
): Primitive<P> {
  return defineOperation<P>({
    name,
    shape: ([input, filter], parameters) => outputShape(input.shape, filter.shape, parameters),
    structure: ([input, filter], parameters, output) => ({
      kind: "kernels",
      task: taskOf(geometryOf(input.shape, filter.shape, output, parameters)),
    }),
    reference: ([input, filter], parameters, shape) => {
      const result = new Float64Array(sizeOf(shape));
      forEachProduct(geometryOf(input.shape, filter.shape, shape, parameters), (x, w, y) => {
        result[y] += input.data[x] * filter.data[w];
      });
      return result;
    },
    multiplyAdds: ([input, filter], parameters, output) =>
      multiplyAdds(geometryOf(input.shape, filter.shape, output, parameters)),
  });
}

/** Defines the transposed sums, the products' input gradient. Inputs: the gradient of the products' result, and the filter. */
/*@__NO_SIDE_EFFECTS__*/
export function defineTransposedProducts<P extends WindowParameters, G>(
  name: string,
  { outputShape: outputShapeOf, geometry: geometryOf, multiplyAdds, forEachProduct }: WindowedFamily<P, G>,
  taskOf: TaskOf<G>,
): Primitive<TransposedParameters<P>> {
  return defineOperation<TransposedParameters<P>>({
    name,
    shape: ([input, filter], parameters) => {
      const { outputShape } = parameters;
      const expected = outputShapeOf(outputShape, filter.shape, parameters);
      if (sameShape(expected, input.shape)) return outputShape;
      throw new AuricleError(
        "shape",
        `${name}: input must be ${formatShape(expected)} to give ${formatShape(outputShape)}; got ${formatShape(input.shape)}`,
      );
    },
    structure: ([input, filter], parameters, output) => ({
      kind: "kernels",
      task: taskOf(geometryOf(output, filter.shape, input.shape, parameters)),
    }),
    reference: ([input, filter], parameters, shape) => {
      const result = new Float64Array(sizeOf(shape));
      forEachProduct(geometryOf(shape, filter.shape, input.shape, parameters), (x, w, y) => {
        result[x] += input.data[y] * filter.data[w];
      });
      return result;
    },
    multiplyAdds: ([input, filter], parameters, output) =>
      multiplyAdds(geometryOf(output, filter.shape, input.shape, parameters)),
  });
}

/** Defines the products' filter gradient. Inputs: the products' input, and the gradient of their result. */
/*@__NO_SIDE_EFFECTS__*/
export function defineFilterGradient<P extends WindowParameters, G>(
  name: string,
  { geometry: geometryOf, multiplyAdds, forEachProduct }: WindowedFamily<P, G>,
  taskOf: TaskOf<G>,
): Primitive<FilterGradientParameters<P>> {
  return defineOperation<FilterGradientParameters<P>>({
    name,
    shape: (_, { filterShape }) => filterShape,
    structure: ([input, outputGradient], parameters, filterShape) => ({
      kind: "kernels",
      task: taskOf(geometryOf(input.shape, filterShape, outputGradient.shape, parameters)),
    }),
    reference: ([input, outputGradient], parameters, filterShape) => {
      const result = new Float64Array(sizeOf(filterShape));
      forEachProduct(geometryOf(input.shape, filterShape, outputGradient.shape, parameters), (x, w, y) => {
        result[w] += input.data[x] * outputGradient.data[y];
      });
      return result;
    },
    multiplyAdds: ([input, outputGradient], parameters, filterShape) =>
      multiplyAdds(geometryOf(input.shape, filterShape, outputGradient.shape, parameters)),
  });
}
