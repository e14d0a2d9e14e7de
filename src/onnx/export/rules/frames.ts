/**
 * @file Fourier transforms and filters over the frames of waveforms, as sums with a fixed basis: every runtime has these, ONNX's STFT
 * few.
 */
import type { FilterBank, FilterBankParameters } from "../../../ops/filter-bank.ts";
import type { FrameFiltersParameters } from "../../../ops/frame-filters.ts";
import type { AxisFilterBankParameters } from "../../../ops/axis-filter-bank.ts";
import type { FramesParameters, OverlapAddParameters } from "../../../ops/spectrogram-frames.ts";
import type { SpectrogramParameters } from "../../../ops/spectrogram-parameters.ts";
import type { OnnxBuilder } from "../builder.ts";
import type { Dim } from "../dims.ts";
import { fixedLengths, flowing, NO_AXIS, productOf, whole, type Flowing } from "../values.ts";
import { DOUBLE, FLOAT } from "./elementwise.ts";
import { parametersOf, type Rule, type Site } from "./site.ts";
import { padded } from "./windows.ts";

interface Framing {
  readonly hopLength: number;
  readonly padding: number;
  readonly padMode: "constant" | "reflect";
}

/** The sums of each frame of waveforms with each row of a basis: `[N, rows, T]`. */
function frameSums(site: Site<object>, basis: Float32Array, frameLength: number, framing: Framing): string {
  const { builder, node } = site;
  const { padding, padMode, hopLength } = framing;
  const waveform = whole(builder, site.inputs[0], node.inputs[0].dims, [0, 1]);
  const [batch, samples] = waveform.dims;
  const row = builder.reshape(waveform.name, waveform.dims, [batch, 1, samples]);
  const isMirrored = padMode === "reflect";
  const pads = isMirrored ? [0, 0] : [padding, padding];
  const weights = builder.constant(basis, [basis.length / frameLength, 1, frameLength], "basis");
  return builder.node("Conv", [isMirrored ? mirrored(builder, row, 3, padding) : row, weights], {
    strides: { ints: [hopLength] },
    pads: { ints: pads },
  });
}

/** Continues the last axis on both sides by its mirror image. */
function mirrored(builder: OnnxBuilder, name: string, rank: number, padding: number): string {
  const sides = [...new Array<number>(rank - 1).fill(0), padding];
  return builder.node("Pad", [name, builder.integers([...sides, ...sides])], { mode: { text: "reflect" } });
}

/**
 * How a transform of N samples is done in two steps (Cooley and Tukey 1965): with N = rows·columns, n = columns·r + c and
 * k = p + rows·q,
 *
 *   X[k] = Σ over c of e^(-2πi·c·q / columns) · Σ over r of window[n]·x[n] · e^(-2πi·n·p / N)
 *
 * Both sums are matrix products with a fixed basis. They are in double precision, as the engine's are: what is quiet beside
 * something loud in the same frame, and is raised by a logarithm, would otherwise be mostly rounding.
 */
interface Steps {
  readonly rows: number;
  readonly columns: number;
  /** The number of values of q, so that all bins up to N / 2 are there. */
  readonly blocks: number;
}

/** Those with the fewest products. */
function stepsOf(fftSize: number): Steps {
  const products = ({ rows, columns, blocks }: Steps) =>
    2 * rows * rows * columns + 4 * blocks * columns * rows;
  return range(fftSize)
    .map((i) => i + 1)
    .filter((columns) => fftSize % columns === 0)
    .map((columns) => ({ rows: fftSize / columns, columns, blocks: Math.floor(columns / 2) + 1 }))
    .reduce((best, one) => (products(one) < products(best) ? one : best));
}

/** The inner sums' weights: for each column the real parts for each p, then the imaginary ones, over the rows. */
function innerBasis({ fftSize, window }: SpectrogramParameters, { rows, columns }: Steps): Float64Array {
  const basis = new Float64Array(columns * 2 * rows * rows);
  const turn = (2 * Math.PI) / fftSize;
  for (let column = 0; column < columns; column++)
    for (let p = 0; p < rows; p++)
      for (let row = 0; row < rows; row++) {
        const n = columns * row + column;
        const angle = turn * ((n * p) % fftSize);
        const at = (column * 2 * rows + p) * rows + row;
        basis[at] = window[n] * Math.cos(angle);
        basis[at + rows * rows] = -window[n] * Math.sin(angle);
      }
  return basis;
}

/** The outer sums' matrix: real parts for each q, then imaginary ones, of the columns' real and imaginary parts in turn. */
function outerMatrix({ columns, blocks }: Steps): Float64Array {
  const matrix = new Float64Array(2 * blocks * 2 * columns);
  for (let q = 0; q < blocks; q++)
    for (let column = 0; column < columns; column++) {
      const angle = (2 * Math.PI * ((column * q) % columns)) / columns;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const real = q * 2 * columns + 2 * column;
      matrix.set([cos, sin], real);
      matrix.set([-sin, cos], real + blocks * 2 * columns);
    }
  return matrix;
}

/** The samples of all frames, `[N, columns, rows, T]`. */
function frameSamples(site: Site<SpectrogramParameters>, { rows, columns }: Steps): string {
  const { builder, node, dims } = site;
  const { fftSize, hopLength, padding, padMode } = parametersOf(site);
  const waveform = whole(builder, site.inputs[0], node.inputs[0].dims, [0, 1]).name;
  const pads = builder.integers([0, padding, 0, padding]);
  const zeros = () => builder.node("Pad", [waveform, pads, builder.number(0)]);
  const padded = padMode === "reflect" ? mirrored(builder, waveform, 2, padding) : zeros();
  const given = padding === 0 ? waveform : padded;
  const own = BigInt64Array.from({ length: fftSize }, (_, i) => {
    const [column, row] = [Math.floor(i / rows), i % rows];
    return BigInt(columns * row + column);
  });
  const places = builder.constant(own, [columns, rows, 1], "places");
  const starts = frameStarts(builder, given, dims[1], { fftSize, hopLength });
  return builder.node("Gather", [given, builder.node("Add", [places, starts])], { axis: { int: 1 } });
}

/** The first sample of each frame. */
function frameStarts(
  builder: OnnxBuilder,
  waveform: string,
  frames: Dim,
  { fftSize, hopLength }: Pick<SpectrogramParameters, "fftSize" | "hopLength">,
): string {
  if (typeof frames === "number") {
    const starts = BigInt64Array.from({ length: frames }, (_, frame) => BigInt(frame * hopLength));
    return builder.constant(starts, [frames], "starts");
  }
  const scalar = (value: number) => builder.constant(BigInt64Array.of(BigInt(value)), []);
  const length = builder.node("Shape", [waveform], { start: { int: 1 }, end: { int: 2 } });
  const samples = builder.node("Squeeze", [length, builder.integers([0])]);
  // The last frame begins before this.
  const end = builder.node("Sub", [samples, scalar(fftSize - 1)]);
  return builder.node("Range", [scalar(0), end, scalar(hopLength)]);
}

/** Real parts of all bins, then imaginary ones, `[N, 2·bins, T]` in double precision; some more bins than half of the transform. */
function transform(site: Site<SpectrogramParameters>) {
  const { builder, dims } = site;
  const parameters = parametersOf(site);
  const steps = stepsOf(parameters.fftSize);
  const { rows, columns, blocks } = steps;
  const samples = builder.node("Cast", [frameSamples(site, steps)], { to: { int: DOUBLE } });
  const basis = builder.constant(innerBasis(parameters, steps), [columns, 2 * rows, rows], "basis");
  const inner = builder.node("MatMul", [basis, samples]);
  const [batch, frames] = dims;
  // As matrices over columns, so that one product gives the sums over them for all p and all frames.
  const wide = productOf([rows, frames], site.node.tensors.length);
  const parts = builder.reshape(inner, [batch, columns, 2 * rows, frames], [batch, 2 * columns, wide]);
  const matrix = builder.constant(outerMatrix(steps), [2 * blocks, 2 * columns], "turns");
  const outer = builder.node("MatMul", [matrix, parts]);
  const bins = blocks * rows;
  return { name: builder.reshape(outer, [batch, 2 * blocks, wide], [batch, 2 * bins, frames]), bins };
}

/** A bank's matrix `[bands, bins]`, with zeros for bins beyond its own. */
function matrixOf({ filters }: FilterBank, bins: number): Float32Array {
  const matrix = new Float32Array(filters.length * bins);
  filters.forEach(({ firstBin, weights }, band) => matrix.set(weights, band * bins + firstBin));
  return matrix;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

export const spectrogram: Rule<SpectrogramParameters> = (site) => {
  const { builder, dims } = site;
  const parameters = parametersOf(site);
  const { fftSize, output, filters } = parameters;
  const [batch, frames] = dims;
  const { name, bins } = transform(site);
  const half = fftSize / 2 + 1;
  const transposed = (value: string, bands: number) =>
    flowing(builder, value, [0, 2, 1], [batch, bands, frames]);
  const asFloat = (value: string) => builder.node("Cast", [value], { to: { int: FLOAT } });
  if (output === "complex") {
    const parts = builder.reshape(asFloat(name), [batch, 2 * bins, frames], [batch, 2, bins, frames]);
    return flowing(builder, cut(builder, parts, 2, half, bins), [0, 3, 2, 1], [batch, 2, half, frames]);
  }
  const squares = asFloat(builder.node("Mul", [name, name]));
  if (filters && output === "power") {
    // The bands sum over the squares of real and imaginary parts, which lie one after the other.
    const matrix = matrixOf(filters, bins);
    const both = Float32Array.from({ length: 2 * matrix.length }, (_, i) => {
      const band = Math.floor(i / (2 * bins));
      return matrix[band * bins + (i % bins)];
    });
    const weights = builder.constant(both, [filters.bands, 2 * bins], "filters");
    return transposed(builder.node("MatMul", [weights, squares]), filters.bands);
  }
  const sizes = builder.integers([bins, bins]);
  const [real, imaginary] = builder.nodeOf("Split", [squares, sizes], { axis: { int: 1 } }, 2);
  const power = builder.node("Add", [real, imaginary]);
  const values = output === "power" ? power : builder.node("Sqrt", [power]);
  if (!filters) return transposed(cut(builder, values, 1, half, bins), half);
  const weights = builder.constant(matrixOf(filters, bins), [filters.bands, bins], "filters");
  return transposed(builder.node("MatMul", [weights, values]), filters.bands);
};

/** The first `length` of `all` elements along an axis. */
function cut(builder: OnnxBuilder, name: string, axis: number, length: number, all: number): string {
  if (length === all) return name;
  return builder.node("Slice", [name, ...[0, length, axis].map((value) => builder.integers([value]))]);
}

/** `[N, T, rows, 2]` of all real parts before all imaginary ones, as `[N, 2, rows, T]`. */
function realAndImaginary({ builder, dims }: Site<object>, parts: string): Flowing {
  const [batch, frames, rows] = dims;
  const [count] = fixedLengths([rows]);
  const shape = [batch, 2, rows, frames];
  return flowing(builder, builder.reshape(parts, [batch, 2 * count, frames], shape), [0, 3, 2, 1], shape);
}

export const filterFrames: Rule<FrameFiltersParameters> = (site) => {
  const { filters: bank } = parametersOf(site);
  const { frameLength, filters } = bank;
  const basis = new Float32Array(2 * filters.length * frameLength);
  filters.forEach(({ first, real, imaginary }, row) => {
    basis.set(real, row * frameLength + first);
    basis.set(imaginary, (filters.length + row) * frameLength + first);
  });
  return realAndImaginary(site, frameSums(site, basis, frameLength, parametersOf(site)));
};

/** Sums of a bank over one axis: a matrix product from the side on which the axis lies, if it is one of the last two. */
function bands(site: Site<object>, bank: FilterBank, axis: number): Flowing {
  const { builder, node, dims } = site;
  const given = whole(builder, site.inputs[0], node.inputs[0].dims);
  const isSecondLast = given.axes.at(-2) === axis;
  const others = given.axes.filter((other) => other !== axis);
  const value = isSecondLast ? given : whole(builder, given, node.inputs[0].dims, [...others, axis]);
  const matrix = matrixOf(bank, bank.bins);
  const { axes } = value;
  const shape = axes.map((one) => dims[one]);
  if (isSecondLast) {
    const weights = builder.constant(matrix, [bank.bands, bank.bins], "filters");
    return flowing(builder, builder.node("MatMul", [weights, value.name]), axes, shape);
  }
  const turned = new Float32Array(matrix.length);
  matrix.forEach((weight, i) => {
    turned[(i % bank.bins) * bank.bands + Math.floor(i / bank.bins)] = weight;
  });
  const weights = builder.constant(turned, [bank.bins, bank.bands], "filters");
  return flowing(builder, builder.node("MatMul", [value.name, weights]), axes, shape);
}

export const filterBank: Rule<FilterBankParameters> = (site) =>
  bands(site, parametersOf(site).bank, site.dims.length - 1);

export const axisFilterBank: Rule<AxisFilterBankParameters> = (site) =>
  bands(site, parametersOf(site).bank, parametersOf(site).axis);

/** The samples of each frame, picked one by one. */
export const frames: Rule<FramesParameters> = (site) => {
  const { builder, node, dims } = site;
  const { frames: count, frameLength, hopLength } = parametersOf(site);
  const waveform = whole(builder, site.inputs[0], node.inputs[0].dims, [0, 1]);
  const places = Int32Array.from({ length: count * frameLength }, (_, i) => {
    return Math.floor(i / frameLength) * hopLength + (i % frameLength);
  });
  const indices = builder.constant(places, [count, frameLength], "places");
  return flowing(
    builder,
    builder.node("Gather", [waveform.name, indices], { axis: { int: 1 } }),
    [0, 1, 2],
    dims,
  );
};

/** A transposed convolution that puts each sample of a frame in its place. */
export const overlapAdd: Rule<OverlapAddParameters> = (site) => {
  const { builder, node, dims } = site;
  const { hopLength } = parametersOf(site);
  const [count, frameLength, samples] = fixedLengths([...node.inputs[0].dims.slice(1), dims[1]]);
  const { name } = whole(builder, site.inputs[0], node.inputs[0].dims, [0, 2, 1]);
  const identity = Float32Array.from({ length: frameLength ** 2 }, (_, i) =>
    i % (frameLength + 1) === 0 ? 1 : 0,
  );
  const weights = builder.constant(identity, [frameLength, 1, frameLength], "places");
  const added = builder.node("ConvTranspose", [name, weights], { strides: { ints: [hopLength] } });
  const rest = samples - (count - 1) * hopLength - frameLength;
  return flowing(builder, padded(builder, added, [[0, rest]]), [0, NO_AXIS, 1], [dims[0], 1, dims[1]]);
};
