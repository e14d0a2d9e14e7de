/**
 * @file Sums of products of windows and a filter, and the two operations that are their gradients: the transposed sums (the input
 * gradient) and the filter gradient. The three are closed under differentiation. Convolution is one such family, depthwise
 * convolution another.
 */
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Lowering } from "../graph/lowering.ts";
import { formatShape, sameShape, sizeOf, type Shape } from "../tensor/shape.ts";
import {
  dilatedSize,
  perAxis,
  resolvePadding,
  rowsAndColumns,
  windowCount,
  type AxisPadding,
  type Padding,
} from "./window.ts";

/** Resolved: one entry for each spatial axis. */
export interface WindowParameters {
  readonly strides: readonly number[];
  readonly padding: readonly AxisPadding[];
  readonly dilations: readonly number[];
}

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

/** The sizes that all families have, of images; a waveform is an image of one row. */
export interface WindowGeometry {
  readonly batch: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** Zeros before the first row and column. */
  readonly padding: readonly [number, number];
}

export function windowGeometry(
  input: Shape,
  window: readonly number[],
  output: Shape,
  { strides, padding, dilations }: WindowParameters,
): WindowGeometry {
  const [inputHeight, inputWidth] = rowsAndColumns(input.slice(1, -1), 1);
  const [outputHeight, outputWidth] = rowsAndColumns(output.slice(1, -1), 1);
  const before = padding.map(([zeros]) => zeros);
  return {
    batch: input[0],
    inputHeight,
    inputWidth,
    outputHeight,
    outputWidth,
    window: rowsAndColumns(window, 1),
    strides: rowsAndColumns(strides, 1),
    dilations: rowsAndColumns(dilations, 1),
    padding: rowsAndColumns(before, 0),
  };
}

/** Calls `visit` for every cell of every window that lies in the input: the numbers of input pixel, cell and output pixel. */
export function forEachCell(
  g: WindowGeometry,
  visit: (input: number, cell: number, output: number) => void,
): void {
  for (let n = 0; n < g.batch; n++)
    for (let row = 0; row < g.outputHeight; row++)
      for (let column = 0; column < g.outputWidth; column++)
        for (let i = 0; i < g.window[0]; i++)
          for (let j = 0; j < g.window[1]; j++) {
            const y = row * g.strides[0] + i * g.dilations[0] - g.padding[0];
            const x = column * g.strides[1] + j * g.dilations[1] - g.padding[1];
            if (y < 0 || y >= g.inputHeight || x < 0 || x >= g.inputWidth) continue;
            visit(
              (n * g.inputHeight + y) * g.inputWidth + x,
              i * g.window[1] + j,
              (n * g.outputHeight + row) * g.outputWidth + column,
            );
          }
}

/**
 * The lengths of the result's spatial axes.
 * @param came the shapes, for the message
 * @throws AuricleError "shape" when a window does not fit into the padded input, or has no length.
 */
export function windowCounts(
  where: string,
  came: string,
  lengths: readonly number[],
  window: readonly number[],
  { strides, padding, dilations }: WindowParameters,
): number[] {
  return lengths.map((length, axis) => {
    const count = windowCount(
      length,
      dilatedSize(window[axis], dilations[axis]),
      strides[axis],
      padding[axis],
    );
    if (count >= 1 && window[axis] >= 1) return count;
    throw new AuricleError(
      "shape",
      `${where}: the window must fit into the padded input, and have a length, on axis ${axis + 1}; ${came}, padding ${JSON.stringify(padding[axis])}; use padding "same", a smaller window or a longer input`,
    );
  });
}

export interface WindowOptions {
  /** Default 1. */
  readonly strides?: number | readonly number[];
  /** Default "valid"; "causal" in one dimension only. */
  readonly padding?: Padding;
  /** Default 1. */
  readonly dilationRate?: number | readonly number[];
}

/** The options with an entry for each spatial axis of `lengths`. @throws AuricleError "argument" for options that do not fit. */
export function windowParameters(
  where: string,
  lengths: readonly number[],
  window: readonly number[],
  options: WindowOptions,
): WindowParameters {
  const axes = lengths.length;
  const strides = perAxis(options.strides ?? 1, axes, "strides", where);
  const dilations = perAxis(options.dilationRate ?? 1, axes, "dilationRate", where);
  if (options.padding === "causal" && axes !== 1) {
    throw new AuricleError(
      "argument",
      `${where}: padding "causal" is for one dimension; use "same" or "valid"`,
    );
  }
  const windows = dilations.map((dilation, axis) => dilatedSize(window[axis], dilation));
  const padding = resolvePadding(options.padding ?? "valid", lengths, windows, strides, where);
  return { strides, padding, dilations };
}
