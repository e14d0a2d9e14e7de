import { flatten as flattenTensor } from "../../ops/reshape.ts";
import type { Layer } from "../layer.ts";
import { makeLayer } from "./make-layer.ts";
import type { LayerOptions } from "./options.ts";

/** Joins all axes but the batch: `[N, …]` to `[N, D]`, row-major; Keras' `Flatten`. */
export function flatten(options: LayerOptions = {}): Layer {
  return makeLayer(
    { className: "Flatten", factory: "flatten", config: {}, call: ([x]) => flattenTensor(x) },
    options,
  );
}
