/** @file The description that makes a network a model of pictures: stored in the model file's metadata. Browser-safe. */

import * as z from "zod/mini";
import type { Task } from "../data/collection/collection.ts";
import type { PixelFormat } from "../data/images/pixels/messages.ts";
import { AuricleError } from "../errors.ts";
import { FIT_MODES, WHITE } from "../image/resize/resize-image.ts";
import { checkValue } from "../io/check-value.ts";
import type { Json, Network } from "../nn/index.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";

export interface ImageDescription {
  readonly task: Task;
  /** The names of the classes or tags, or of the numbers in a regression; by output. */
  readonly classNames: readonly string[];
  /** The size and form that a picture gets before the network sees it: its bytes divided by 255. */
  readonly pixels: PixelFormat;
  /** In a regression: the factor for the network's outputs, and the number then added, by output. */
  readonly targetScale?: readonly { readonly deviation: number; readonly mean: number }[];
}

/** The key of the metadata. */
const KEY = "image";

const side = z.int().check(z.minimum(1));
const byte = z.int().check(z.minimum(0), z.maximum(255));

/** As a schema, {@link PixelFormat}. */
export const pixelFormatSchema = z.strictObject({
  width: side,
  height: side,
  channels: z.literal([1, 3]),
  fit: z.enum(FIT_MODES),
  background: z.tuple([byte, byte, byte]),
});

const schema = z.strictObject({
  task: z.enum(["classification", "tagging", "regression"]),
  classNames: z.array(z.string()).check(z.minLength(1)),
  pixels: pixelFormatSchema,
  targetScale: z.optional(
    z.array(z.strictObject({ deviation: z.number().check(z.positive()), mean: z.number() })),
  ),
});

/** Returns the metadata that makes a model one of pictures: `model.metadata = imageMetadata({ … })`, or with other metadata. */
export function imageMetadata(description: ImageDescription): Record<string, Json> {
  return { [KEY]: JSON.parse(JSON.stringify(description)) as Json };
}

/** A network and what its file says about it. */
export interface DescribedNetwork {
  readonly metadata: Readonly<Record<string, Json>>;
  readonly network: Pick<Network, "inputShapes" | "outputShape">;
}

/**
 * Reads a model's description; for a classifier that an earlier version wrote, from its class names and its input's shape.
 * @param source the model's file, for messages
 * @throws AuricleError "file" when the metadata describe no model of pictures that this version knows.
 */
export function imageDescription({ metadata, network }: DescribedNetwork, source: string): ImageDescription {
  if (!(KEY in metadata)) return earlierDescription({ metadata, network }, source);
  const parsed = checkValue(schema, metadata[KEY]);
  if (parsed.success) {
    requireFit(network, parsed.data, source);
    return parsed.data;
  }
  throw new AuricleError(
    "file",
    `${source}: its description of pictures is not one that this version of Auricle reads:\n${parsed.problem}`,
  );
}

/** @throws AuricleError "file" where the numbers of a description are not those of the network. */
function requireFit(
  { inputShapes, outputShape }: DescribedNetwork["network"],
  { pixels: { width, height, channels }, classNames, targetScale }: ImageDescription,
  source: string,
): void {
  const input = [height, width, channels];
  const outputs = [classNames.length];
  const fits =
    inputShapes.length === 1 && sameShape(inputShapes[0], input) && sameShape(outputShape, outputs);
  if (fits && (targetScale === undefined || targetScale.length === classNames.length)) return;
  throw new AuricleError(
    "file",
    `${source}: its description of pictures, ${formatShape(input)} to ${formatShape(outputs)}, does not fit its network, ` +
      `${inputShapes.map(formatShape).join(" and ")} to ${formatShape(outputShape)}`,
  );
}

function earlierDescription({ metadata, network }: DescribedNetwork, source: string): ImageDescription {
  const { classNames } = metadata;
  const [[height, width, channels, ...rest]] = network.inputShapes;
  const isPicture = (channels === 1 || channels === 3) && rest.length === 0;
  if (isPicture && isNames(classNames) && network.outputShape.join() === String(classNames.length)) {
    const pixels = { width, height, channels, fit: "crop", background: WHITE } as const;
    return { task: "classification", classNames, pixels };
  }
  throw new AuricleError(
    "file",
    `${source}: the model does not describe its outputs, as models written by auricle train do: it is neither a ` +
      "model of sound nor do its metadata name a class for each output",
  );
}

function isNames(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
