/** @file The layers of a network on one example, to be shown. Browser-safe. */

import type { LayerFeatures } from "../../explain/index.ts";
import { channelSheet, type FieldBox, type LayerView } from "../../report/index.ts";

/** Layers that are shown without being named. */
const MOST_LAYERS = 12;

export interface LayerPlaces {
  /** Whether the first axis of positions runs from left to right and the second upwards. */
  readonly upwards: boolean;
  /** The size of a layer's fields in words. */
  size(found: LayerFeatures): string | undefined;
  /** The field of the most active unit, in the scene. */
  box(found: LayerFeatures): FieldBox | undefined;
}

/** Shows some of the layers, evenly: the first and the last among them. */
export function layerViews(all: readonly LayerFeatures[], places: LayerPlaces): readonly LayerView[] {
  return spread(all).map((found) => {
    const { values, layer } = found;
    const { picture, shown } = channelSheet(values, places.upwards);
    const channels = values.shape.at(-1) ?? 1;
    const field = places.size(found);
    const box = places.box(found);
    return {
      layer,
      form: formText(values.shape),
      sheet: picture,
      shown: shown < channels ? `the first ${shown} shown` : "",
      ...(field !== undefined && { field }),
      ...(box && { box }),
    };
  });
}

function spread<T>(all: readonly T[]): readonly T[] {
  if (all.length <= MOST_LAYERS) return all;
  return Array.from(
    { length: MOST_LAYERS },
    (_, i) => all[Math.round((i * (all.length - 1)) / (MOST_LAYERS - 1))],
  );
}

/** "64 channels of 32 × 16". */
function formText(shape: readonly number[]): string {
  const channels = shape.at(-1) ?? 1;
  const rest = shape.slice(0, -1);
  return rest.length === 0 ? `${channels} numbers` : `${channels} channels of ${rest.join(" × ")}`;
}
