/** @file The network of a run on images, and the statistics that normalise its input. Browser-safe. */

import { pictureDataset } from "../../data/images/picture-dataset.ts";
import { imageMetadata } from "../../image-model/description.ts";
import { modelNamed } from "../../models/index.ts";
import {
  featureStatistics,
  Model,
  networkFromConfig,
  type EngineOptions,
  type Network,
} from "../../nn/index.ts";
import { normalizedNetwork, normalizesItself } from "../networks/normalized-network.ts";
import type { TargetScale } from "../target-scale.ts";
import type { ImageConfig } from "./image-config.ts";
import type { ImageJob } from "./image-job.ts";

/** A model with new weights. @throws AuricleError "shape" when the network does not take such pictures. */
export async function buildImageModel(job: Omit<ImageJob, "path">): Promise<Model> {
  const { config, store, parts, targetScale, engine } = job;
  const { pixels, network, classNames, seed, normalize } = config;
  const inputShape = [pixels.height, pixels.width, pixels.channels];
  const own = network
    ? networkFromConfig(network)
    : modelNamed(config.model, { inputShape, classes: classNames.length, seed });
  if (!normalize || normalizesItself(own.config)) return describeImageModel(own, config, targetScale, engine);
  // Each channel has the statistics of all its pixels, as nothing is told by where in a picture one is.
  const statistics = await featureStatistics(pictureDataset(store, parts.train), { axis: CHANNEL_AXIS });
  return describeImageModel(normalizedNetwork(own, statistics), config, targetScale, engine);
}

/** The last axis of `[N, height, width, channels]`. */
const CHANNEL_AXIS = 3;

/** A model of a network that says what pictures it takes and what its outputs mean. */
export function describeImageModel(
  network: Network,
  { data, task, classNames, pixels }: ImageConfig,
  targetScale: TargetScale | undefined,
  engine: EngineOptions,
): Model {
  // Made again from its description, as that of a resumed run is: so that both write the same bytes.
  const model = new Model(networkFromConfig(network.config), engine);
  model.network.setWeights(network.getWeights());
  model.metadata = {
    data,
    ...imageMetadata({
      task,
      classNames,
      pixels,
      ...(targetScale && { targetScale: targetScale.scale }),
    }),
  };
  return model;
}
