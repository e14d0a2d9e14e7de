import { globalAveragePool, globalMaxPool } from "../../ops/pooling.ts";
import type { Layer } from "../layer.ts";
import { axesOf, spatialAdvice, type Dimensions } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import type { LayerOptions } from "./options.ts";

const OPERATIONS = { Max: globalMaxPool, Average: globalAveragePool } as const;

/** Largest value of each channel: `[N, T, C]` to `[N, C]`; Keras' `GlobalMaxPooling1D`. */
export function globalMaxPooling1d(options: LayerOptions = {}): Layer {
  return globalPoolingLayer("Max", 1, options);
}

/** Largest value of each channel: `[N, H, W, C]` to `[N, C]`; Keras' `GlobalMaxPooling2D`. */
export function globalMaxPooling2d(options: LayerOptions = {}): Layer {
  return globalPoolingLayer("Max", 2, options);
}

/** Mean of each channel: `[N, T, C]` to `[N, C]`; Keras' `GlobalAveragePooling1D`. */
export function globalAveragePooling1d(options: LayerOptions = {}): Layer {
  return globalPoolingLayer("Average", 1, options);
}

/** Mean of each channel: `[N, H, W, C]` to `[N, C]`; Keras' `GlobalAveragePooling2D`. */
export function globalAveragePooling2d(options: LayerOptions = {}): Layer {
  return globalPoolingLayer("Average", 2, options);
}

function globalPoolingLayer(
  kind: keyof typeof OPERATIONS,
  dimensions: Dimensions,
  options: LayerOptions,
): Layer {
  return makeLayer(
    {
      className: `Global${kind}Pooling${dimensions}D`,
      factory: `global${kind}Pooling${dimensions}d`,
      config: {},
      axes: axesOf(dimensions),
      advice: spatialAdvice(dimensions),
      call: ([x]) => OPERATIONS[kind](x),
      window: "all",
    },
    options,
  );
}
