/** @file The explanation of an answer to a picture, drawn. Browser-safe. */

import type { LayerFeatures } from "../../explain/index.ts";
import {
  linearAxis,
  type ExplanationData,
  type ExplanationMap,
  type FieldBox,
  type Scene,
} from "../../report/index.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { completenessText } from "./answers.ts";
import type { PictureExplanation, PictureMap } from "./explanation.ts";
import { layerViews } from "./layer-views.ts";
import { maskFacts, maskVerdict, METHOD_WORDS } from "./methods.ts";

/** Draws maps and layers in pixels, rows from above. */
export function drawPicture({
  picture,
  maps,
  features = [],
  filters,
}: PictureExplanation): Pick<ExplanationData, "scene" | "maps" | "layers" | "filters"> {
  const [height, width] = picture.shape;
  const scene = pictureScene(picture);
  return {
    scene,
    maps: maps.map((map) => view(map, scene)),
    layers: layerViews(features, {
      upwards: false,
      size: ({ size }) =>
        size && size.length > 0 ? `${size.map((one) => Math.round(one)).join(" × ")} pixels` : undefined,
      box: (found) => boxOf(found, height, width),
    }),
    ...(filters && {
      filters: {
        layer: filters.layer,
        sees: "pictures",
        shape: filters.kernel.shape,
        data: filters.kernel.data,
        sampleRate: 0,
      },
    }),
  };
}

function view({ method, values, layer, completeness, check }: PictureMap, scene: Scene): ExplanationMap {
  const { key, title, meaning } = METHOD_WORDS[method];
  return {
    key,
    title: layer === undefined ? title : `${title} of ${layer}`,
    meaning,
    values: fitted(values, scene),
    facts: [
      ...(completeness
        ? [
            { name: "completeness", value: completenessText(completeness) },
            { name: "counted from", value: "an even picture of the mean colour" },
          ]
        : []),
      ...(check ? maskFacts(check) : []),
    ],
    ...(check && { verdict: maskVerdict(check) }),
  };
}

/** The nearest value for each pixel: a layer that resizes has other positions than the input. */
function fitted({ shape: [rows, columns], data }: FloatArray, { picture }: Scene): Float32Array {
  const { width, height } = picture;
  return Float32Array.from({ length: width * height }, (_, i) => {
    const row = Math.floor(((Math.floor(i / width) + 0.5) * rows) / height);
    const column = Math.floor((((i % width) + 0.5) * columns) / width);
    return data[row * columns + column];
  });
}

/** Larger pictures are smoothed when they are enlarged; smaller ones show their pixels. */
const SHARP_SIDE = 100;

function pictureScene({ shape: [height, width, channels], data }: FloatArray): Scene {
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0; i < pixels.length; i++) {
    const value = data[channels === 1 ? Math.floor(i / 3) : i];
    pixels[i] = Math.round(255 * Math.min(1, Math.max(0, value)));
  }
  const rows = linearAxis("", [0, height], 4).ticks;
  return {
    picture: { width, height, pixels },
    isSmooth: Math.max(width, height) > SHARP_SIDE,
    x: { unit: "px", ticks: linearAxis("", [0, width], 4).ticks },
    // Rows are counted from above.
    y: { unit: "px", ticks: rows.map(({ position, text }) => ({ position: 1 - position, text })) },
    description: `picture of ${width} × ${height} pixels as the model sees it`,
  };
}

function boxOf({ field, strongest }: LayerFeatures, height: number, width: number): FieldBox | undefined {
  if (field?.length !== 2) return undefined;
  const [rows, columns] = field;
  const span = ({ start, end }: { readonly start: number; readonly end: number }) =>
    `${Math.round(start)} … ${Math.round(end) - 1}`;
  return {
    left: columns.start / width,
    right: columns.end / width,
    bottom: 1 - rows.end / height,
    top: 1 - rows.start / height,
    text: `rows ${span(rows)}, columns ${span(columns)} (channel ${strongest.channel})`,
  };
}
