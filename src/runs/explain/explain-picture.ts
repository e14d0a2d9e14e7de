/** @file The explanation of a model's answer to a picture, as data to draw. Browser-safe. */

import { classOf } from "../../audio-model/explain-audio.ts";
import { inTargetUnits, windowOutputs } from "../../audio-model/outputs.ts";
import { AuricleError } from "../../errors.ts";
import {
  deletionInsertion,
  EXPLANATION_METHODS,
  firstFilters,
  layerFeatures,
  receptiveField,
  relevance,
  type ExplanationMethod,
  type LayerFeatures,
  type Relevance,
} from "../../explain/index.ts";
import type { ImageDescription } from "../../image-model/index.ts";
import type { Model } from "../../nn/index.ts";
import {
  linearAxis,
  type ExplanationData,
  type ExplanationMap,
  type FieldBox,
  type LayerView,
  type Scene,
} from "../../report/index.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { sameShape } from "../../tensor/shape.ts";
import { completenessText, shownOutputs } from "./answers.ts";
import type { ExplainOptions } from "./explain-sound.ts";
import { layerViews } from "./layer-views.ts";
import { maskFacts, maskVerdict, METHOD_WORDS } from "./methods.ts";

/** A picture as a network sees it. */
export interface ExplainedPicture {
  readonly title: string;
  /** `[1, height, width, channels]` of one channel or three, 0 … 1. */
  readonly x: FloatArray;
  readonly description: ImageDescription;
}

/** @throws AuricleError "argument" for a class, method or layer that there is not. */
export async function explainPicture(
  model: Model,
  name: string,
  { title, x, description }: ExplainedPicture,
  options: ExplainOptions,
): Promise<ExplanationData> {
  const [raw] = windowOutputs(description.task, await model.predict(x));
  const outputs = inTargetUnits(raw, description.targetScale);
  const index = classOf(description, outputs, options.class);
  const scene = pictureScene(x);
  const notes: string[] = [];
  const maps: ExplanationMap[] = [];
  for (const method of options.methods ?? EXPLANATION_METHODS) {
    const found = await mapOf(model, x, { ...options, method, class: index }, notes);
    if (found) maps.push(await view(model, x, found, scene));
  }
  const filters = firstFilters(model);
  return {
    title,
    model: name,
    createdAt: new Date().toISOString(),
    explained: description.classNames[index],
    outputs: shownOutputs(description, outputs, index),
    scene,
    maps,
    layers: await pictureLayers(model, x, options.layer),
    ...(filters?.kernel.shape.length === 4 && {
      filters: {
        layer: filters.layer,
        sees: "pictures",
        shape: filters.kernel.shape,
        data: filters.kernel.data,
        sampleRate: 0,
      },
    }),
    notes,
  };
}

/** One method, with the class settled. */
interface OneMethod extends Omit<ExplainOptions, "class"> {
  readonly method: ExplanationMethod;
  readonly class: number;
}

/** A map, or a note that says why there is none where nothing was named that must be there. */
async function mapOf(
  model: Model,
  x: FloatArray,
  { method, class: index, layer, methods }: OneMethod,
  notes: string[],
): Promise<Relevance | undefined> {
  try {
    return await relevance(model, x, {
      method,
      class: index,
      ...(method === "gradCam" && layer !== undefined && { layer }),
      ...(method === "integratedGradients" && { baseline: meanPicture(x) }),
    });
  } catch (error) {
    const isOptional = methods === undefined && layer === undefined && method === "gradCam";
    if (!isOptional || !(error instanceof AuricleError) || error.code !== "shape") throw error;
    notes.push(`There is no map of Grad-CAM: ${error.message}`);
    return undefined;
  }
}

/** An even picture of the mean colour: nothing to be seen, and no darker than the rest. */
function meanPicture({ shape, data }: FloatArray): FloatArray {
  const channels = shape[3];
  const sums = new Float64Array(channels);
  data.forEach((value, i) => (sums[i % channels] += (value * channels) / data.length));
  return { shape, data: data.map((_, i) => sums[i % channels]) };
}

async function view(model: Model, x: FloatArray, found: Relevance, scene: Scene): Promise<ExplanationMap> {
  const { key, title, meaning } = METHOD_WORDS[found.method];
  const { map, layer, completeness } = found;
  const isOfInput = sameShape(map.shape, x.shape.slice(0, -1));
  const masks = isOfInput
    ? await deletionInsertion(model, x, map, { class: found.classes, score: "logits" })
    : undefined;
  return {
    key,
    title: layer === undefined ? title : `${title} of ${layer}`,
    meaning,
    values: fitted(map, scene),
    facts: [
      ...(completeness ? [{ name: "completeness", value: completenessText(completeness[0]) }] : []),
      ...(completeness ? [{ name: "counted from", value: "an even picture of the mean colour" }] : []),
      ...(masks ? maskFacts(masks) : []),
    ],
    ...(masks && { verdict: maskVerdict(masks) }),
  };
}

/** The nearest value for each pixel: a layer that resizes has other positions than the input. */
function fitted({ shape: [, rows, columns], data }: FloatArray, { picture }: Scene): Float32Array {
  const { width, height } = picture;
  return Float32Array.from({ length: width * height }, (_, i) => {
    const row = Math.floor(((Math.floor(i / width) + 0.5) * rows) / height);
    const column = Math.floor((((i % width) + 0.5) * columns) / width);
    return data[row * columns + column];
  });
}

/** Larger pictures are smoothed when they are enlarged; smaller ones show their pixels. */
const SHARP_SIDE = 100;

export function pictureScene({ shape: [, height, width, channels], data }: FloatArray): Scene {
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

async function pictureLayers(
  model: Model,
  x: FloatArray,
  layer: string | undefined,
): Promise<readonly LayerView[]> {
  const all = await layerFeatures(model, x, layer === undefined ? {} : { layers: [layer] });
  const [, height, width] = x.shape;
  return layerViews(all, {
    upwards: false,
    size(name) {
      const field = receptiveField(model, name);
      return field && field.length > 0
        ? `${field.map(({ size }) => Math.round(size)).join(" × ")} pixels`
        : undefined;
    },
    box: (found) => boxOf(found, height, width),
  });
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
