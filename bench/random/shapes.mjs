/** @file Convolutions as they may occur, drawn from a seed: in one and two dimensions, with all that makes kernels slow. */
import { Generator } from "../../dist/random/generator.js";

/**
 * @typedef {object} Shape
 * @property {number} batch
 * @property {number[]} lengths of the input, one or two
 * @property {number} channels
 * @property {number} filters
 * @property {number[]} kernel
 * @property {number[]} strides
 * @property {number[]} dilations
 * @property {number[]} padding on each side of each axis
 * @property {number} groups
 */

const BATCHES = [1, 1, 2, 3, 4, 5, 7, 8, 16, 32];
const CHANNELS = [
  [1, 2, 3, 4],
  [5, 7, 12, 13, 20, 24, 30, 48, 50, 75, 96, 100, 204],
  [8, 16, 32, 64, 128, 256, 512],
];
const MAPS = [
  [2, 3, 4, 6, 7, 8],
  [12, 14, 16, 28, 32, 48],
  [56, 64, 96, 128, 187],
];
const WAVES = [16, 60, 125, 256, 500, 1024, 2048, 4096, 8000, 16000];
const LONG = [1, 2, 3, 3, 3, 5, 7, 9, 16, 32, 64, 80, 128, 256, 512, 1024];
const SQUARE = [1, 1, 2, 3, 3, 3, 3, 4, 5, 5, 7, 11];
const LEAST_MULTIPLY_ADDS = 1e5;
const MOST_MULTIPLY_ADDS = 4e8;
const MOST_NUMBERS = 1 << 24;

const product = (numbers) => numbers.reduce((total, number) => total * number, 1);

/** @param {Shape} shape */
export const outputLengths = ({ lengths, kernel, strides, dilations, padding }) =>
  lengths.map((length, axis) => {
    const reach = (kernel[axis] - 1) * dilations[axis] + 1;
    return Math.floor((length + 2 * padding[axis] - reach) / strides[axis]) + 1;
  });

/** @param {Shape} shape */
export const multiplyAddsOf = (shape) =>
  shape.batch *
  product(outputLengths(shape)) *
  product(shape.kernel) *
  (shape.channels / shape.groups) *
  shape.filters;

/** @param {Shape} shape each array once */
export const numbersOf = (shape) => [
  shape.batch * product(shape.lengths) * shape.channels,
  product(shape.kernel) * (shape.channels / shape.groups) * shape.filters,
  shape.batch * product(outputLengths(shape)) * shape.filters,
];

/** @param {Shape} shape */
export function nameOf({ batch, lengths, channels, filters, kernel, strides, dilations, padding, groups }) {
  const parts = [`${[batch, ...lengths, channels].join("×")} to ${filters}`, `filter ${kernel.join("×")}`];
  if (product(strides) > 1) parts.push(`stride ${strides.join("×")}`);
  if (product(dilations) > 1) parts.push(`dilation ${dilations.join("×")}`);
  if (padding.some((side) => side > 0)) parts.push(`padding ${padding.join("×")}`);
  if (groups > 1) parts.push(groups === channels ? "depthwise" : `${groups} groups`);
  return parts.join(", ");
}

class Draw {
  /** @param {number} seed */
  constructor(seed) {
    this.generator = new Generator(seed);
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  of(list) {
    return list[this.generator.integer(list.length)];
  }

  /** @param {number} part */
  chance(part) {
    return this.generator.uniform() < part;
  }

  kernel(dimensions) {
    if (dimensions === 1) return [this.of(LONG)];
    if (this.chance(0.1)) return [this.of([16, 38, 67, 86]), this.of([1, 3, 7])];
    if (this.chance(0.1))
      return this.of([
        [1, 3],
        [3, 1],
        [1, 7],
        [7, 1],
        [1, 32],
        [64, 1],
      ]);
    const side = this.of(SQUARE);
    return [side, side];
  }

  stride(length) {
    if (this.chance(0.65)) return 1;
    if (length >= 16 && this.chance(0.5)) return length >> 2;
    return this.of([2, 2, 2, 3, 4]);
  }

  shape() {
    const dimensions = this.chance(0.35) ? 1 : 2;
    const kernel = this.kernel(dimensions);
    const side = this.of(MAPS);
    const lengths = dimensions === 1 ? [this.of(WAVES)] : [this.of(side), this.of(side)];
    const stride = this.stride(Math.max(...kernel));
    const strides = kernel.map((length) => (length === 1 && product(kernel) > 1 ? 1 : stride));
    const dilated = stride === 1 && this.chance(0.2) ? this.of([2, 3, 4, 8]) : 1;
    const dilations = kernel.map((length) => (length === 1 ? 1 : dilated));
    const isPadded = this.chance(0.75);
    const padding = kernel.map((length, axis) => (isPadded ? ((length - 1) * dilations[axis]) >> 1 : 0));
    return { batch: this.of(BATCHES), lengths, kernel, strides, dilations, padding, ...this.channels() };
  }

  channels() {
    const [channels, filters] = [this.of(this.of(CHANNELS)), this.of(this.of(CHANNELS))];
    if (this.chance(0.75)) return { channels, filters, groups: 1 };
    if (this.chance(0.35)) return { channels, filters: channels, groups: channels };
    const groups = this.of([2, 4, 8, 16, 32]);
    return {
      channels: groups * Math.ceil(channels / groups),
      filters: groups * Math.ceil(filters / groups),
      groups,
    };
  }
}

/** @param {Shape} shape */
function isWanted(shape) {
  if (outputLengths(shape).some((length) => length < 1)) return false;
  const multiplyAdds = multiplyAddsOf(shape);
  const fits = numbersOf(shape).every((numbers) => numbers <= MOST_NUMBERS);
  return fits && multiplyAdds >= LEAST_MULTIPLY_ADDS && multiplyAdds <= MOST_MULTIPLY_ADDS;
}

/** @param {number} count @param {number} seed @returns {Shape[]} */
export function drawShapes(count, seed) {
  const draw = new Draw(seed);
  const shapes = [];
  while (shapes.length < count) {
    const shape = draw.shape();
    if (isWanted(shape)) shapes.push(shape);
  }
  return shapes;
}
