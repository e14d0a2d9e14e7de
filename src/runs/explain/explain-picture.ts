/** @file Explains a model's answer to a picture. Browser-safe. */

import { classOf } from "../../audio-model/explain-audio.ts";
import { inTargetUnits, windowOutputs } from "../../audio-model/outputs.ts";
import { openPictureFile } from "../../data/images/picture-file.ts";
import { AuricleError } from "../../errors.ts";
import {
  deletionInsertion,
  EXPLANATION_METHODS,
  firstFilters,
  layerFeatures,
  relevance,
  type ExplanationMethod,
} from "../../explain/index.ts";
import { ImageModel } from "../../image-model/index.ts";
import type { Image } from "../../image/image.ts";
import type { Model } from "../../nn/index.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { sameShape } from "../../tensor/shape.ts";
import type { TrainedModel } from "../trained-model.ts";
import type { FoundInput } from "./explained-input.ts";
import type { ExplainOptions, PictureExplanation, PictureMap } from "./explanation.ts";
import { mapUnlessOptional } from "./optional-map.ts";

/**
 * Explains the answer to the picture of a file, or to one of those that it holds.
 * @throws AuricleError "file" for a file that cannot be read; "argument" for a class, method, layer or number that there is not
 */
export async function explainPicture(
  { model, path: place }: TrainedModel,
  input: FoundInput,
  options: ExplainOptions,
  signal?: AbortSignal,
): Promise<PictureExplanation> {
  const looker = new ImageModel(model, place);
  const { description } = looker;
  const { picture, example, notes } = await readPicture(looker, input, options);
  const x = { shape: [1, ...picture.shape], data: picture.data };
  const [raw] = windowOutputs(description.task, await model.predict(x));
  const outputs = inTargetUnits(raw, description.targetScale);
  const index = classOf(description, outputs, options.class);
  const maps: PictureMap[] = [];
  for (const method of options.methods ?? EXPLANATION_METHODS) {
    const map = await mapUnlessOptional(method, options, notes, () =>
      mapOf(model, x, method, index, options, signal),
    );
    if (map) maps.push(map);
  }
  const filters = firstFilters(model);
  const { layer, features } = options;
  return {
    kind: "picture",
    path: input.name,
    ...(input.tested !== undefined && { tested: input.tested }),
    model: place,
    task: description.task,
    classNames: description.classNames,
    outputs,
    class: index,
    ...(example !== undefined && { example }),
    picture,
    maps,
    ...(features && {
      features: await layerFeatures(model, x, layer === undefined ? {} : { layers: [layer] }),
    }),
    ...(filters?.kernel.shape.length === 4 && { filters }),
    notes,
  };
}

/** A picture of a file as the network sees it. */
export interface SeenPicture {
  /** `[height, width, channels]`, 0 … 1. */
  readonly picture: FloatArray;
  /** Its number in a file that holds many. */
  readonly example?: number;
  readonly notes: string[];
}

/** Decodes a picture and makes it what the network takes. @throws AuricleError as {@link explainPicture} */
export async function readPicture(
  looker: ImageModel,
  input: FoundInput,
  { start, example }: Pick<ExplainOptions, "start" | "example">,
): Promise<SeenPicture> {
  if (start !== undefined) {
    throw new AuricleError(
      "argument",
      `${input.name}: --start is for recordings, and the model is one of images`,
    );
  }
  const { image, warnings, number } = await decodeInput(input, example);
  const { width, height, channels } = looker.description.pixels;
  const isResized = image.width !== width || image.height !== height;
  return {
    picture: { shape: [height, width, channels], data: looker.input(image) },
    ...(number !== undefined && { example: number }),
    notes: [
      ...warnings,
      ...(isResized
        ? [
            `The picture of ${image.width} × ${image.height} pixels is shown as the model sees it, ${width} × ${height}.`,
          ]
        : []),
    ],
  };
}

interface DecodedInput {
  readonly image: Image;
  readonly warnings: readonly string[];
  /** In a file that holds many. */
  readonly number?: number;
}

async function decodeInput({ name, tested, original }: FoundInput, example?: number): Promise<DecodedInput> {
  if (tested !== undefined && example !== undefined) {
    throw new AuricleError(
      "argument",
      `${name}: it is an example of the test part; a further number, ${example}, is for a file of many pictures`,
    );
  }
  if ("picture" in original) return { image: original.picture, warnings: [] };
  const file = await openPictureFile(original.path);
  const index = example ?? 0;
  if (!(Number.isInteger(index) && index >= 0 && index < file.length)) {
    const held = file.length === 0 ? "no pictures" : `the pictures 0 … ${file.length - 1}`;
    throw new AuricleError("argument", `${name}: it holds ${held}; got number ${index}`);
  }
  const { image, warnings } = await file.picture(index);
  return { image, warnings, ...(file.holdsMany && { number: index }) };
}

async function mapOf(
  model: Model,
  x: FloatArray,
  method: ExplanationMethod,
  index: number,
  { layer, check }: ExplainOptions,
  signal: AbortSignal | undefined,
): Promise<PictureMap> {
  const found = await relevance(model, x, {
    method,
    class: index,
    signal,
    ...(method === "gradCam" && layer !== undefined && { layer }),
    ...(method === "integratedGradients" && { baseline: meanPicture(x) }),
  });
  const { map, completeness } = found;
  const [first] = completeness ?? [];
  const isOfInput = sameShape(map.shape, x.shape.slice(0, -1));
  return {
    method,
    values: { shape: map.shape.slice(1), data: map.data },
    ...(found.layer !== undefined && { layer: found.layer }),
    ...(completeness && { completeness: { error: first.error, isWithin: first.isWithin } }),
    ...(check &&
      isOfInput && {
        check: await deletionInsertion(model, x, map, { class: found.classes, score: "logits", signal }),
      }),
  };
}

/** An even picture of the mean colour: nothing to be seen, and no darker than the rest. */
function meanPicture({ shape, data }: FloatArray): FloatArray {
  const channels = shape[3];
  const sums = new Float64Array(channels);
  data.forEach((value, i) => (sums[i % channels] += (value * channels) / data.length));
  return { shape, data: data.map((_, i) => sums[i % channels]) };
}
