/** @file Layers that add or take away a border. */
import { AuricleError } from "../../errors.ts";
import { pad } from "../../ops/pad.ts";
import { slice } from "../../ops/slice-and-pad.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { Layer } from "../layer.ts";
import { axesOf, spatialAdvice, type Dimensions } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checkSides, type Sides } from "./sides.ts";
import { checksFor, LAYER_OPTIONS, type LayerOptions } from "./options.ts";
import { shownValue } from "../../shown-value.ts";

export interface ZeroPaddingOptions extends LayerOptions {
  /** Zeros to add: 1, [1, 2] for each axis, or [[before, after], …]. Default 1. */
  readonly padding?: Sides;
}

const PADDING_OPTIONS: OptionNames<ZeroPaddingOptions> = { padding: true, ...LAYER_OPTIONS };

export interface ReflectionPaddingOptions extends LayerOptions {
  /** Samples to add, at most length - 1 on each side: 1, [1, 2] for each axis, or [[before, after], …]. Default 1. */
  readonly padding?: Sides;
}

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

/**
 * Pads the time axis with the signal mirrored at the first and the last sample: `[N, T, C]` to `[N, T', C]`;
 * PyTorch's `ReflectionPad1d`.
 */
export function reflectionPadding1d(options: ReflectionPaddingOptions = {}): Layer {
  return reflectionPaddingLayer(1, options);
}

/**
 * Pads images with their content mirrored at the outermost rows and columns: `[N, H, W, C]` to `[N, H', W', C]`;
 * PyTorch's `ReflectionPad2d`.
 */
export function reflectionPadding2d(options: ReflectionPaddingOptions = {}): Layer {
  return reflectionPaddingLayer(2, options);
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
  const padding = checkSides(checksFor(factory), "padding", options.padding, dimensions, 1);
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

function reflectionPaddingLayer(dimensions: Dimensions, options: ReflectionPaddingOptions): Layer {
  const factory = `reflectionPadding${dimensions}d`;
  checkOptions(factory, options, PADDING_OPTIONS);
  const padding = checkSides(checksFor(factory), "padding", options.padding, dimensions, 1);
  return makeLayer(
    {
      className: `ReflectionPadding${dimensions}D`,
      factory,
      config: { padding },
      axes: axesOf(dimensions),
      advice: spatialAdvice(dimensions),
      call: ([x]) => pad(x, [[0, 0], ...padding, [0, 0]], "reflect"),
    },
    options,
  );
}

function croppingLayer(dimensions: Dimensions, options: CroppingOptions): Layer {
  const factory = `cropping${dimensions}d`;
  checkOptions(factory, options, CROPPING_OPTIONS);
  const cropping = checkSides(checksFor(factory), "cropping", options.cropping, dimensions);
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
            `${factory}: cropping must leave something of each axis; got ${shownValue(cropping)} for ${formatShape(x.shape)}`,
          );
        }
        return slice(x, [0, ...cropping.map(([before]) => before), 0], [-1, ...lengths, -1]);
      },
    },
    options,
  );
}
