/** @file Whether an audio description fits a network: a file may hold any two. Browser-safe. */

import type { FrontEnd } from "../audio/front-end/index.ts";
import { samplesForSteps } from "../data/audio/features/samples-for-steps.ts";
import { AuricleError } from "../errors.ts";
import type { InferenceModel } from "../nn/inference-model.ts";
import { sameShape } from "../tensor/shape.ts";
import type { AudioDescription } from "./description.ts";

/** The shapes of a model's inputs and output, batch axis left out. */
export type NetworkShapes = Pick<InferenceModel, "inputShapes" | "outputShape">;

function misfit(source: string, what: string, network: unknown, description: unknown): AuricleError {
  return new AuricleError(
    "file",
    `${source}: its description of sound does not fit its network: ${what} must be ${JSON.stringify(network)}; got ` +
      JSON.stringify(description),
  );
}

/** @throws AuricleError "file" where the numbers of a description are not those of the network. */
export function requireFit(
  { inputShapes, outputShape }: NetworkShapes,
  { windowFrames, classNames, targetScale }: AudioDescription,
  source: string,
): void {
  const [[steps]] = inputShapes;
  const outputs = classNames.length;
  if (inputShapes.length !== 1) throw misfit(source, "the number of inputs", inputShapes.length, 1);
  if (windowFrames !== steps) throw misfit(source, "windowFrames", steps, windowFrames);
  if (!sameShape(outputShape, [outputs])) {
    throw misfit(source, "the number of classNames", outputShape.at(-1), outputs);
  }
  if (targetScale && targetScale.length !== outputs) {
    throw misfit(source, "the length of targetScale", outputs, targetScale.length);
  }
}

/** In samples; more do not fit into the engine's memory together with their features. */
const LONGEST_WINDOW = 2 ** 24;

/** The samples of one window. @throws AuricleError "file" where their features are not the network's input. */
export function windowSamples(
  { inputShapes: [input] }: NetworkShapes,
  { windowFrames }: AudioDescription,
  front: FrontEnd,
  source: string,
): number {
  const samples = samplesForSteps(front, windowFrames);
  if (samples > LONGEST_WINDOW) {
    throw misfit(source, "the samples of a window", `at most ${LONGEST_WINDOW}`, samples);
  }
  const shape = front.outputShape(samples);
  if (!sameShape(shape, input)) throw misfit(source, "the shape of a window's features", input, shape);
  return samples;
}
