/**
 * @file Sums of products of windows and a filter, and the two operations that are their gradients: the transposed sums (the input
 * gradient) and the filter gradient. The three are closed under differentiation. Convolution is one such family, depthwise
 * convolution another.
 */
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Lowering } from "../graph/lowering.ts";
import { formatShape, sameShape, sizeOf, type Shape } from "../tensor/shape.ts";
import type { WindowParameters } from "./window.ts";

/** The parameters are those of the sums whose input gradient this is, from `outputShape` to the input's. */
export type TransposedParameters<P> = P & { readonly outputShape: Shape };

export type FilterGradientParameters<P> = P & { readonly filterShape: Shape };

/** The parts that differ from family to family. `G` are the sizes that its loops and kernels work on. */
export interface WindowedProducts<P extends WindowParameters, G> {
  readonly names: { readonly products: string; readonly transposed: string; readonly filterGradient: string };
  /** The parameters without what the gradients add to them. */
  parameters(given: P): P;
  /** @throws AuricleError "shape" or "argument" when input and filter do not fit. */
  outputShape(input: Shape, filter: Shape, parameters: P): Shape;
  geometry(input: Shape, filter: Shape, output: Shape, parameters: P): G;
  multiplyAdds(geometry: G): number;
  /** Calls `visit` for every product: positions in input, filter and output. */
  forEachProduct(geometry: G, visit: (input: number, filter: number, output: number) => void): void;
  lower(lowering: Lowering, geometry: G): void;
  lowerTransposed(lowering: Lowering, geometry: G): void;
  lowerFilterGradient(lowering: Lowering, geometry: G): void;
}

/** The operations of a family. The filter gradient's inputs are the products' input and their result's gradient. */
export interface WindowedPrimitives<P> {
  readonly products: Primitive<P>;
  readonly transposed: Primitive<TransposedParameters<P>>;
  readonly filterGradient: Primitive<FilterGradientParameters<P>>;
}

/*@__NO_SIDE_EFFECTS__*/
export function defineWindowedProducts<P extends WindowParameters, G>(
  family: WindowedProducts<P, G>,
): WindowedPrimitives<P> {
  const { names, geometry: geometryOf, multiplyAdds: multiplyAddsOf, forEachProduct } = family;
  const products: Primitive<P> = defineOperation<P>({
    name: names.products,
    shape: ([input, filter], parameters) => family.outputShape(input.shape, filter.shape, parameters),
    structure: ([input, filter], parameters, output) => ({
      kind: "kernels",
      fusesEpilogue: true,
      lower: (lowering) => family.lower(lowering, geometryOf(input.shape, filter.shape, output, parameters)),
    }),
    reference: ([input, filter], parameters, shape) => {
      const result = new Float64Array(sizeOf(shape));
      forEachProduct(geometryOf(input.shape, filter.shape, shape, parameters), (x, w, y) => {
        result[y] += input.data[x] * filter.data[w];
      });
      return result;
    },
    gradient: (outputGradient, [input, filter], parameters) => [
      transposed([outputGradient, filter], { ...parameters, outputShape: input.shape }),
      filterGradient([input, outputGradient], { ...parameters, filterShape: filter.shape }),
    ],
    multiplyAdds: ([input, filter], parameters, output) =>
      multiplyAddsOf(geometryOf(input.shape, filter.shape, output, parameters)),
  });

  const transposed: Primitive<TransposedParameters<P>> = defineOperation<TransposedParameters<P>>({
    name: names.transposed,
    shape: ([input, filter], parameters) => {
      const { outputShape } = parameters;
      const expected = family.outputShape(outputShape, filter.shape, parameters);
      if (sameShape(expected, input.shape)) return outputShape;
      throw new AuricleError(
        "shape",
        `${names.transposed}: input must be ${formatShape(expected)} to give ${formatShape(outputShape)}; got ${formatShape(input.shape)}`,
      );
    },
    structure: ([input, filter], parameters, output) => ({
      kind: "kernels",
      fusesEpilogue: true,
      lower: (lowering) =>
        family.lowerTransposed(lowering, geometryOf(output, filter.shape, input.shape, parameters)),
    }),
    reference: ([input, filter], parameters, shape) => {
      const result = new Float64Array(sizeOf(shape));
      forEachProduct(geometryOf(shape, filter.shape, input.shape, parameters), (x, w, y) => {
        result[x] += input.data[y] * filter.data[w];
      });
      return result;
    },
    gradient: (outputGradient, [input, filter], parameters) => {
      const own = family.parameters(parameters);
      return [
        products([outputGradient, filter], own),
        filterGradient([outputGradient, input], { ...own, filterShape: filter.shape }),
      ];
    },
    multiplyAdds: ([input, filter], parameters, output) =>
      multiplyAddsOf(geometryOf(output, filter.shape, input.shape, parameters)),
  });

  const filterGradient: Primitive<FilterGradientParameters<P>> = defineOperation<FilterGradientParameters<P>>(
    {
      name: names.filterGradient,
      shape: (_, { filterShape }) => filterShape,
      structure: ([input, outputGradient], parameters, filterShape) => ({
        kind: "kernels",
        fusesEpilogue: false,
        lower: (lowering) =>
          family.lowerFilterGradient(
            lowering,
            geometryOf(input.shape, filterShape, outputGradient.shape, parameters),
          ),
      }),
      reference: ([input, outputGradient], parameters, filterShape) => {
        const result = new Float64Array(sizeOf(filterShape));
        forEachProduct(geometryOf(input.shape, filterShape, outputGradient.shape, parameters), (x, w, y) => {
          result[w] += input.data[x] * outputGradient.data[y];
        });
        return result;
      },
      gradient: (gradient, [input, outputGradient], parameters) => {
        const own = family.parameters(parameters);
        return [
          transposed([outputGradient, gradient], { ...own, outputShape: input.shape }),
          products([input, gradient], own),
        ];
      },
      multiplyAdds: ([input, outputGradient], parameters, filterShape) =>
        multiplyAddsOf(geometryOf(input.shape, filterShape, outputGradient.shape, parameters)),
    },
  );
  return { products, transposed, filterGradient };
}
