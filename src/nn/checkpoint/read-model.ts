/** @file Models for inference from model files: without what trains them, and with the layers that they have. Browser-safe. */
import type { Bytes } from "../../io/bytes.ts";
import { checkOptions } from "../../options.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { InferenceModel } from "../inference-model.ts";
import { InferenceNetwork } from "../inference-network.ts";
import { loadLayer } from "../layers/loaders.ts";
import { networkOfLayers } from "../network-of-layers.ts";
import type { ModelOutputs } from "../per-output.ts";
import { ENGINE_OPTIONS, type EngineOptions } from "../training/engine-options.ts";
import { asFileError, readContent, weightsOf } from "./stored-content.ts";

/**
 * Reads a model from the content of a model file, to predict with: a page loads the code of the layers that the model has, and
 * nothing that trains. `modelFromBytes` reads one that can be trained further.
 * @typeParam Outputs what the model predicts, where it has several outputs: `{ genre: FloatArray; tempo: FloatArray }`
 * @param file the file's name, for messages
 * @throws AuricleError "file" naming the file and the fault, for any content that is not a whole model; "argument" for
 *   anything but bytes.
 * @example
 * const response = await fetch("genres.safetensors");
 * const model = await readModel(await response.arrayBuffer());
 */
export async function readModel<Outputs extends ModelOutputs = FloatArray>(
  content: Bytes,
  file = "the model",
  options: EngineOptions = {},
): Promise<InferenceModel<Outputs>> {
  checkOptions("readModel", options, ENGINE_OPTIONS, "content, file, ");
  const { model, tensors } = readContent(content, file);
  try {
    const layers = await Promise.all(model.network.layers.map(loadLayer));
    const network = networkOfLayers(InferenceNetwork, model.network, layers, weightsOf(tensors));
    const result = new InferenceModel<Outputs>(network, options);
    result.metadata = model.metadata;
    return result;
  } catch (error) {
    throw asFileError(file, error);
  }
}
