/** @file Cases of the three windowed products from one list of sizes: the products, and the gradients by input and by filter. */
import type { Cases } from "../../graph/case.ts";
import type { Shape } from "../../tensor/shape.ts";
import { dilatedSize, windowCount, type WindowParameters } from "../window.ts";
import type { FilterGradientParameters, TransposedParameters } from "../windowed-products.ts";

export interface WindowedSizes<P extends WindowParameters> {
  readonly input: Shape;
  readonly filter: Shape;
  readonly parameters: P;
}

/** @param channels the number of channels of the output */
export function windowedCases<P extends WindowParameters>(
  sizes: readonly WindowedSizes<P>[],
  channels: (one: WindowedSizes<P>) => number,
): {
  readonly products: Cases<P>;
  readonly transposed: Cases<TransposedParameters<P>>;
  readonly filterGradients: Cases<FilterGradientParameters<P>>;
} {
  const outputOf = (one: WindowedSizes<P>): number[] => {
    const { input, filter, parameters } = one;
    const { strides, padding, dilations } = parameters;
    const spatial = input
      .slice(1, -1)
      .map((length, axis) =>
        windowCount(length, dilatedSize(filter[axis], dilations[axis]), strides[axis], padding[axis]),
      );
    return [input[0], ...spatial, channels(one)];
  };
  return {
    products: () => sizes.map(({ input, filter, parameters }) => ({ shapes: [input, filter], parameters })),
    transposed: () =>
      sizes.map((one) => ({
        shapes: [outputOf(one), one.filter],
        parameters: { ...one.parameters, outputShape: one.input },
      })),
    filterGradients: () =>
      sizes.map((one) => ({
        shapes: [one.input, outputOf(one)],
        parameters: { ...one.parameters, filterShape: one.filter },
      })),
  };
}
