/** @file The sum of a long filter: its largest products one by one, the others together. */

/** Products that are written out of a filter that has more than `ALL`. */
const LARGEST = 5;
const ALL = 9;

export interface OpenedProducts {
  readonly inputs: readonly number[];
  readonly weights: readonly number[];
  /** The sum of all other products. */
  readonly rest: readonly { readonly name: string; readonly value: number }[];
  readonly total: number;
}

/** The products of a filter with the samples from `start` on, in their order. */
export function openedProducts(
  samples: Float32Array,
  taps: readonly number[],
  start: number,
): OpenedProducts {
  const products = taps.map((tap, k) => ({ k, input: samples[start + k] ?? 0, tap }));
  const total = products.reduce((sum, { input, tap }) => sum + input * tap, 0);
  const opened =
    taps.length <= ALL
      ? products
      : products
          .toSorted((a, b) => Math.abs(b.input * b.tap) - Math.abs(a.input * a.tap))
          .slice(0, LARGEST)
          .sort((a, b) => a.k - b.k);
  const shown = opened.reduce((sum, { input, tap }) => sum + input * tap, 0);
  return {
    inputs: opened.map(({ input }) => input),
    weights: opened.map(({ tap }) => tap),
    rest:
      opened.length === taps.length
        ? []
        : [{ name: `${taps.length - opened.length} smaller products`, value: total - shown }],
    total,
  };
}
