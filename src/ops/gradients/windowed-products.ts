/** @file Gradients of windowed products and of their two gradients: the three are closed under differentiation. */
import type { Primitive } from "../../graph/define.ts";
import { convolutionFilterGradientPrimitive } from "../convolution-filter-gradient.ts";
import { transposedConvolutionPrimitive } from "../convolution-input-gradient.ts";
import { CONVOLUTION, convolutionPrimitive } from "../convolution.ts";
import { depthwiseFilterGradientPrimitive } from "../depthwise-filter-gradient.ts";
import { depthwiseTransposedPrimitive } from "../depthwise-input-gradient.ts";
import { DEPTHWISE_FAMILY, depthwisePrimitive } from "../depthwise.ts";
import type { WindowParameters } from "../window.ts";
import type { FilterGradientParameters, TransposedParameters } from "../windowed-products.ts";
import type { OperationGradient } from "./operation-gradient.ts";

/** The operations of a family. The filter gradient's inputs are the products' input and their result's gradient. */
interface Operations<P> {
  readonly products: Primitive<P>;
  readonly transposed: Primitive<TransposedParameters<P>>;
  readonly filterGradient: Primitive<FilterGradientParameters<P>>;
}

interface Gradients<P> {
  readonly products: OperationGradient<P>;
  readonly transposed: OperationGradient<TransposedParameters<P>>;
  readonly filterGradient: OperationGradient<FilterGradientParameters<P>>;
}

/** @param parametersOf the parameters of the products, without what their gradients add to them */
function gradientsOf<P extends WindowParameters>(
  { products, transposed, filterGradient }: Operations<P>,
  parametersOf: (given: P) => P,
): Gradients<P> {
  return {
    products: (outputGradient, [input, filter], parameters) => [
      transposed([outputGradient, filter], { ...parameters, outputShape: input.shape }),
      filterGradient([input, outputGradient], { ...parameters, filterShape: filter.shape }),
    ],
    transposed: (outputGradient, [input, filter], parameters) => {
      const own = parametersOf(parameters);
      return [
        products([outputGradient, filter], own),
        filterGradient([outputGradient, input], { ...own, filterShape: filter.shape }),
      ];
    },
    filterGradient: (gradient, [input, outputGradient], parameters) => {
      const own = parametersOf(parameters);
      return [
        transposed([outputGradient, gradient], { ...own, outputShape: input.shape }),
        products([input, gradient], own),
      ];
    },
  };
}

export const CONVOLUTION_GRADIENTS = gradientsOf(
  {
    products: convolutionPrimitive,
    transposed: transposedConvolutionPrimitive,
    filterGradient: convolutionFilterGradientPrimitive,
  },
  CONVOLUTION.parameters,
);

export const DEPTHWISE_GRADIENTS = gradientsOf(
  {
    products: depthwisePrimitive,
    transposed: depthwiseTransposedPrimitive,
    filterGradient: depthwiseFilterGradientPrimitive,
  },
  DEPTHWISE_FAMILY.parameters,
);
