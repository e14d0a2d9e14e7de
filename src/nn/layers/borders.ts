/** @file Layers that add or take away a border. */
import { AuricleError } from "../../errors.ts";
import { pad } from "../../ops/pad.ts";
import { slice } from "../../ops/slice-and-pad.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { Layer } from "../layer.ts";
import { axesOf, spatialAdvice, type Dimensions } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import type { LayerOptions } from "./options.ts";
import { LAYER_OPTIONS } from "./options.ts";

/** One number for all sides; or for each axis one number or [before, after]. */
export type Sides = number | readonly (number | readonly [number, number])[];

export interface ZeroPaddingOptions extends LayerOptions {
  /** Zeros to add: 1, [1, 2] for each axis, or [[before, after], …]. Default 1. */
  readonly padding?: Sides;
}

const PADDING_OPTIONS: OptionNames<ZeroPaddingOptions> = { padding: true, ...LAYER_OPTIONS };

export interface CroppingOptions extends LayerOptions {
  /** Samples to cut off: 1, [1, 2] for each axis, or [[before, after], …]. */
  readonly cropping: Sides;
}

const CROPPING_OPTIONS: OptionNames<CroppingOptions> = { cropping: true, ...LAYER_OPTIONS };

/** Zeros before and after the time axis: `[N, T, C]` to `[N, T', C]`; Keras' `ZeroPadding1D`. */
export function zeroPadding1d(options: ZeroPaddingOptions = {}): Layer {
  return zeroPaddingLayer(1, options);
}

/** Zeros around images: `[N, H, W, C]` to `[N, H', W', C]`; Keras' `ZeroPadding2D`. */
export function zeroPadding2d(options: ZeroPaddingOptions = {}): Layer {
  return zeroPaddingLayer(2, options);
}

/** Cuts both ends off the time axis: `[N, T, C]` to `[N, T', C]`; Keras' `Cropping1D`. */
export function cropping1d(options: CroppingOptions): Layer {
  return croppingLayer(1, options);
}

/** Cuts the border off images: `[N, H, W, C]` to `[N, H', W', C]`; Keras' `Cropping2D`. */
export function cropping2d(options: CroppingOptions): Layer {
  return croppingLayer(2, options);
}

function zeroPaddingLayer(dimensions: Dimensions, options: ZeroPaddingOptions): Layer {
  const factory = `zeroPadding${dimensions}d`;
  checkOptions(factory, options, PADDING_OPTIONS);
  const padding = resolveSides(factory, "padding", options.padding ?? 1, dimensions);
  return makeLayer(
    {
      className: `ZeroPadding${dimensions}D`,
      factory,
      config: { padding },
      axes: axesOf(dimensions),
      advice: spatialAdvice(dimensions),
      call: ([x]) => pad(x, [[0, 0], ...padding, [0, 0]]),
    },
    options,
  );
}

function croppingLayer(dimensions: Dimensions, options: CroppingOptions): Layer {
  const factory = `cropping${dimensions}d`;
  checkOptions(factory, options, CROPPING_OPTIONS);
  const cropping = resolveSides(factory, "cropping", options.cropping, dimensions);
  return makeLayer(
    {
      className: `Cropping${dimensions}D`,
      factory,
      config: { cropping },
      axes: axesOf(dimensions),
      advice: spatialAdvice(dimensions),
      call([x]) {
        const lengths = cropping.map(([before, after], axis) => x.shape[axis + 1] - before - after);
        if (lengths.some((length) => length < 1)) {
          throw new AuricleError(
            "shape",
            `${factory}: cropping must leave something of each axis; got ${JSON.stringify(cropping)} for ${formatShape(x.shape)}`,
          );
        }
        return slice(x, [0, ...cropping.map(([before]) => before), 0], [-1, ...lengths, -1]);
      },
    },
    options,
  );
}

function resolveSides(
  factory: string,
  name: string,
  value: unknown,
  dimensions: Dimensions,
): readonly (readonly [number, number])[] {
  const list: unknown[] = Array.isArray(value) ? value : new Array<unknown>(dimensions).fill(value);
  const isCount = (side: unknown): side is number =>
    typeof side === "number" && Number.isInteger(side) && side >= 0;
  const refused = new AuricleError(
    "argument",
    `${factory}: ${name} must be a number from 0, or for each of ${dimensions} axes a number or [before, after]; got ${JSON.stringify(value)}`,
  );
  // In one dimension Keras takes [before, after] itself.
  const pairs = dimensions === 1 && list.length === 2 && list.every(isCount) ? [list] : list;
  if (pairs.length !== dimensions) throw refused;
  return pairs.map((entry): readonly [number, number] => {
    const [before, after]: unknown[] = Array.isArray(entry) && entry.length === 2 ? entry : [entry, entry];
    if (!isCount(before) || !isCount(after)) throw refused;
    return [before, after];
  });
}
