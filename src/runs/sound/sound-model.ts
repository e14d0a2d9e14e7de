/** @file The network of a run on sound. Browser-safe. */

import { audioMetadata } from "../../audio-model/description.ts";
import { isAudioModelName, modelNamed, type InputNormalization } from "../../models/index.ts";
import { Model, networkFromConfig, type EngineOptions, type Network } from "../../nn/index.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { SoundConfig } from "./sound-config.ts";
import { normalizedNetwork } from "../networks/normalized-network.ts";
import type { TargetScale } from "../target-scale.ts";

/** The options of a network, besides the configuration. */
export interface SoundNetworkOptions {
  /** The shape of one window. */
  readonly inputShape: Shape;
  /** Default: the model's own. */
  readonly normalization?: InputNormalization;
  readonly targetScale: TargetScale | undefined;
}

/** A model with new weights. @throws AuricleError "shape" when the network does not take such windows. */
export function buildSoundModel(
  config: SoundConfig,
  { inputShape, normalization, targetScale }: SoundNetworkOptions,
  engine: EngineOptions,
): Model {
  if (config.network) {
    const network = networkFromConfig(config.network);
    return describeSoundModel(normalizedNetwork(network, normalization), config, targetScale, engine);
  }
  const named = modelNamed(config.model, {
    inputShape,
    classes: config.classNames.length,
    seed: config.seed,
    ...(isAudioModelName(config.model) && {
      ...(normalization && { normalization }),
      // Numbers may depend on where in the spectrum something is.
      ...(config.task === "regression" && { pooling: "time" as const }),
    }),
  });
  return describeSoundModel(named, config, targetScale, engine);
}

/** A model of a network that says what it hears and what its outputs mean. */
export function describeSoundModel(
  network: Network,
  config: SoundConfig,
  targetScale: TargetScale | undefined,
  engine: EngineOptions,
): Model {
  // Made again from its description, as that of a resumed run is: so that both write the same bytes.
  const model = new Model(networkFromConfig(network.config), engine);
  model.network.setWeights(network.getWeights());
  model.metadata = {
    data: config.data,
    ...audioMetadata({
      task: config.task,
      classNames: config.classNames,
      frontEnd: config.frontEnd,
      windowFrames: config.windowFrames,
      ...(targetScale && { targetScale: targetScale.scale }),
      ...(config.heard && { heard: config.heard }),
    }),
  };
  return model;
}
