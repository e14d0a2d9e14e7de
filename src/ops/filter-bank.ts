/** @file Filter banks over the last axis, kept as the ranges in which each filter is not zero. */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { rangeTable, weightTable, type BandFilter } from "../kernels/fourier/band-sums.ts";
import type { DoubleArray, NumericArray } from "../tensor/array.ts";
import { formatShape, sizeOf } from "../tensor/shape.ts";
import { FILTER_BANK_TASK } from "../lowering/filter-bank.ts";

/** Filters by a rule: a shape can then be refused before millions of filters are made for it. */
interface FilterRule {
  readonly bands: number;
  /** The most weights that a filter has. */
  readonly widest: number;
  filterOf(band: number): BandFilter;
}

/** A matrix `[bands, bins]` whose rows are zero outside one range each, as mel filters are. Not to be changed. */
export class FilterBank {
  readonly bins: number;
  readonly bands: number;
  private readonly rule: FilterRule;
  private readonly isListed: boolean;
  private made?: readonly BandFilter[];

  /**
   * @param filters the filters, or a rule that makes them when they are first read
   * @throws AuricleError "argument" when a filter does not lie in bins 0 … bins - 1; by a rule, when the filters are made.
   */
  constructor(bins: number, filters: readonly BandFilter[] | FilterRule) {
    this.bins = bins;
    this.isListed = !("filterOf" in filters);
    if ("filterOf" in filters) {
      this.rule = filters;
    } else {
      this.rule = { bands: filters.length, widest: bins, filterOf: (band) => filters[band] };
      this.made = filters;
      this.check(filters);
    }
    this.bands = this.rule.bands;
  }

  get filters(): readonly BandFilter[] {
    if (!this.made) {
      const { bands, filterOf } = this.rule;
      this.made = Array.from({ length: bands }, (_, band) => filterOf(band));
      this.check(this.made);
    }
    return this.made;
  }

  /** The number of weights; by a rule, an upper bound that needs no filter. */
  get weightCount(): number {
    const { bands, widest } = this.rule;
    return this.isListed
      ? this.filters.reduce((sum, { weights }) => sum + weights.length, 0)
      : bands * widest;
  }

  private check(filters: readonly BandFilter[]): void {
    filters.forEach(({ firstBin, weights }, band) => {
      if (Number.isInteger(firstBin) && firstBin >= 0 && firstBin + weights.length <= this.bins) return;
      throw new AuricleError(
        "argument",
        `FilterBank: filter ${band} must lie in bins 0 to ${this.bins - 1}; got ${weights.length} weights from bin ${firstBin}`,
      );
    });
  }

  /** The bank of a matrix `[bands, bins]`; zeros at both ends of a row cost nothing. @throws AuricleError "shape" */
  static fromMatrix({ shape, data }: NumericArray): FilterBank {
    if (shape.length !== 2) {
      throw new AuricleError(
        "shape",
        `FilterBank: the matrix must be [bands, bins]; got ${formatShape(shape)}`,
      );
    }
    const [bands, bins] = shape;
    const filters = Array.from({ length: bands }, (_, band): BandFilter => {
      const row = Float32Array.from(data.subarray(band * bins, (band + 1) * bins));
      const firstBin = Math.max(
        0,
        row.findIndex((weight) => weight !== 0),
      );
      const last = row.findLastIndex((weight) => weight !== 0);
      return { firstBin, weights: row.slice(firstBin, last + 1) };
    });
    return new FilterBank(bins, filters);
  }

  /** The bank of the transposed matrix: `[bins, bands]`. */
  transposed(): FilterBank {
    const columns = Array.from({ length: this.bins }, () => ({ first: 0, weights: [] as number[] }));
    this.filters.forEach(({ firstBin, weights }, band) =>
      weights.forEach((weight, i) => {
        if (weight === 0) return;
        const column = columns[firstBin + i];
        if (column.weights.length === 0) column.first = band;
        while (column.first + column.weights.length < band) column.weights.push(0);
        column.weights.push(weight);
      }),
    );
    const filters = columns.map(({ first, weights }) => ({
      firstBin: first,
      weights: Float32Array.from(weights),
    }));
    return new FilterBank(this.bands, filters);
  }

  /** The bank as data: what tells it from others where operations are compared. */
  toJSON(): object {
    const { bins, filters } = this;
    return { bins, ranges: rangeTable(filters), weights: weightTable(filters) };
  }
}

/** The sums of a bank over rows of bins, in double precision. */
export function sumBands(rows: DoubleArray["data"], { bins, filters }: FilterBank): Float64Array {
  const count = rows.length / bins;
  const result = new Float64Array(count * filters.length);
  for (let row = 0; row < count; row++) {
    filters.forEach(({ firstBin, weights }, band) => {
      let total = 0;
      for (let i = 0; i < weights.length; i++) total += weights[i] * rows[row * bins + firstBin + i];
      result[row * filters.length + band] = total;
    });
  }
  return result;
}

export interface FilterBankParameters {
  readonly bank: FilterBank;
}

export const filterBankPrimitive: Primitive<FilterBankParameters> = defineOperation<FilterBankParameters>({
  name: "filterBank",
  shape: ([input], { bank }) => {
    const bins = input.shape.at(-1);
    if (bins !== bank.bins || bank.bands === 0 || sizeOf(input.shape) === 0) {
      throw new AuricleError(
        "shape",
        `filterBank: the input must not be empty and its last axis must have the bank's ${bank.bins} bins for ${bank.bands} bands (at least 1); got ${formatShape(input.shape)}`,
      );
    }
    return [...input.shape.slice(0, -1), bank.bands];
  },
  structure: (_, { bank }, shape) => ({
    kind: "kernels",
    task: { kind: FILTER_BANK_TASK, rows: sizeOf(shape) / bank.bands, bank },
  }),
  reference: ([{ data }], { bank }) => sumBands(data, bank),
});

export const filterBankCases: Cases<FilterBankParameters> = () => [
  // Rows around the vector width; ranges that overlap, touch both ends, lie apart; one bin, none.
  { shapes: [[2, 3, 9]], parameters: { bank: testBank(9, [[0, 3], [2, 5], [8, 1], [4, 0]]) } }, // prettier-ignore
  { shapes: [[1, 8, 33]], parameters: { bank: testBank(33, [[0, 33], [16, 1], [30, 3], [3, 17], [5, 4]]) } }, // prettier-ignore
  { shapes: [[5]], parameters: { bank: testBank(5, [[1, 4]]) } },
  { shapes: [[3, 1]], parameters: { bank: testBank(1, [[0, 1], [0, 1]]) } }, // prettier-ignore
  { shapes: [[1, 1, 6]], parameters: { bank: testBank(6, [[2, 0]]) } },
];

/** Filters given as [first bin, bins], with weights that all differ. */
function testBank(bins: number, ranges: readonly (readonly [number, number])[]): FilterBank {
  const filters = ranges.map(([firstBin, count], band) => ({
    firstBin,
    weights: Float32Array.from({ length: count }, (_, i) => Math.cos(3 * band + i)),
  }));
  return new FilterBank(bins, filters);
}

/**
 * The bands of a filter bank over the last axis: `[…, bins]` to `[…, bands]`, band = Σ weight·bin. Costs what the
 * filters' ranges hold, not bins x bands. A spectrogram takes the bank itself as its option `filters`, which is faster.
 *
 * @param filters a bank, or its matrix `[bands, bins]`
 * @throws AuricleError "shape" when the last axis is not the bank's.
 */
export function filterBank(input: Tensor, filters: FilterBank | NumericArray): Tensor {
  return filterBankPrimitive([input], { bank: asFilterBank(filters) });
}

export function asFilterBank(filters: FilterBank | NumericArray): FilterBank {
  return filters instanceof FilterBank ? filters : FilterBank.fromMatrix(filters);
}
