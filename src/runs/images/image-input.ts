/** @file The input of a new run's model: as requested, as suits its pictures, or as in another run. Node only. */

import type { ImageCollection } from "../../data/images/index.ts";
import type { PixelFormat } from "../../data/images/pixels/messages.ts";
import { pixelFormatOf } from "../../data/images/pixels/prepare-pixels.ts";
import { AuricleError } from "../../errors.ts";
import { isAudioModelName, isOtherModelName, OTHER_MODEL_NAMES, OTHER_MODELS } from "../../models/index.ts";
import { imageDescription } from "../../image-model/description.ts";
import type { BuildRequest } from "../../nn/index.ts";
import type { NetworkConfig } from "../../nn/network-plan.ts";
import type { Shape } from "../../tensor/shape.ts";
import { describedOnly } from "../networks/described-only.ts";
import { isNetworkFile } from "../networks/network-path.ts";
import { openNetworkFile } from "../networks/open-network-file.ts";
import { sizeOf } from "../options/picture-values.ts";
import { recipeFor } from "../options/recipes.ts";
import type { FirstNetwork, ModelInput, RunRequest } from "../run-kind.ts";

/** The pictures that a model takes. */
export interface ImageInput extends ModelInput {
  readonly pixels: PixelFormat;
  /** Describes the network of a network file for a form of the input. Absent for a model by name. */
  readonly describe?: (request: BuildRequest) => NetworkConfig;
}

/** A network before it is built. */
interface ImageDefinition {
  /** The input that it takes where it does not take any. */
  readonly inputShape?: Shape;
  readonly describe?: ImageInput["describe"];
}

/**
 * Chooses the size and form of a new run's pictures. One that begins with the weights of another network takes them from there.
 * @throws AuricleError "argument" for a model that is not for images, and a file that describes no network.
 */
export async function imageInputFor(
  request: RunRequest,
  { examples, archives }: ImageCollection,
  first: FirstNetwork | undefined,
): Promise<ImageInput> {
  if (first) return { model: first.title, pixels: imageDescription(first, first.from).pixels };
  const { size, fit, color, recipe } = request;
  const { describe, inputShape } = request.model === undefined ? {} : await imageDefinition(request.model);
  const own = size === undefined && inputShape ? formOf(inputShape) : {};
  const pixels = await pixelFormatOf(examples, {
    ...own,
    ...(size !== undefined && sizeOf(size)),
    ...(fit && { fit }),
    ...(color && { channels: color === "grey" ? 1 : 3 }),
    archives,
  });
  const facts = { examples: examples.length, pixels };
  const { model = recipeFor("images", recipe).values(facts).model } = request;
  return { model, pixels, ...(describe && { describe }) };
}

async function imageDefinition(model: string): Promise<ImageDefinition> {
  if (isNetworkFile(model)) {
    const { build, inputShape } = await openNetworkFile(model);
    return { inputShape, describe: (request) => describedOnly(model, build(request)) };
  }
  if (isOtherModelName(model)) return OTHER_MODELS[model];
  const what = isAudioModelName(model) ? "is for sound" : "is not known";
  throw new AuricleError(
    "argument",
    `train: ${model} ${what}; for images there are ${OTHER_MODEL_NAMES.join(", ")}`,
  );
}

function formOf([height, width, channels]: Shape): Partial<PixelFormat> {
  return { height, width, ...((channels === 1 || channels === 3) && { channels }) };
}

/** Describes the form of the pictures, as a sentence. */
export function describePixels({ width, height, channels, fit }: PixelFormat): string {
  const color = channels === 1 ? "grey" : "in colour";
  const how = { crop: "cropped", pad: "padded", stretch: "stretched" }[fit];
  return `Images become ${width} × ${height} pixels, ${color}; those of another shape are ${how}.`;
}
