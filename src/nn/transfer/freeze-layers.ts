import { AuricleError } from "../../errors.ts";
import type { NetworkLayer } from "../layer.ts";

/** A network or a model. */
export interface LayerHolder {
  readonly name: string;
  readonly layers: readonly NetworkLayer[];
}

/**
 * Freezes layers from the next training step on: their weights stay, and batch normalisation keeps to its running
 * statistics. Others are left as they are.
 * @param chosen the name of the last layer to freeze, all before it included; or a function that chooses layers
 * @returns the names of the layers with weights that are now frozen by it
 * @throws AuricleError "argument" when there is no layer of that name
 */
export function freezeLayers(
  network: LayerHolder,
  chosen: string | ((layer: NetworkLayer) => boolean),
): readonly string[] {
  const { layers } = network;
  let isChosen = chosen;
  if (typeof isChosen === "string") {
    const last = layers.findIndex(({ name }) => name === chosen);
    if (last < 0) {
      const names = layers.map(({ name }) => name).join(", ");
      throw new AuricleError("argument", `network ${network.name}: layers are ${names}; got "${isChosen}"`);
    }
    isChosen = (layer) => layers.indexOf(layer) <= last;
  }
  const frozen = layers.filter(isChosen);
  for (const layer of frozen) layer.trainable = false;
  return frozen
    .filter(({ layer, inputShapes }) => layer.weights(inputShapes).length > 0)
    .map(({ name }) => name);
}

/**
 * Freezes the convolutional part: every layer whose output still has a place, `[T, F, C]` or `[T, C]`. The
 * layers behind flattening or global pooling are left to train.
 * @returns the names of the layers with weights that are now frozen by it
 */
export function freezeConvolutionalPart(network: LayerHolder): readonly string[] {
  return freezeLayers(network, ({ outputShape }) => outputShape.length > 1);
}
