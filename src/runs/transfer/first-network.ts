/** @file The network that a run begins with: that of another run, or of a model file. Browser-safe. */

import { resolve } from "#here/io/path";
import { trainedOn } from "../../audio-model/trained-on.ts";
import { NO_PROVENANCE, type Provenance } from "../../data/audio/provenance/provenance.ts";
import { AuricleError } from "../../errors.ts";
import {
  freezeConvolutionalPart,
  freezeLayers,
  replaceHead,
  type EngineOptions,
  type Json,
  type Network,
} from "../../nn/index.ts";
import type { Warn } from "../observer.ts";
import type { KindName } from "../options/option.ts";
import { listedIn, loadProvenance } from "../provenance-file.ts";
import { openTrainedModel } from "../trained-model.ts";
import type { TrainingConfig } from "../training-config.ts";

/** A network whose weights another run begins with. */
export interface FirstNetwork {
  /** The absolute path of a run's folder or a model file. */
  readonly from: string;
  /** The model's name. */
  readonly title: string;
  readonly network: Network;
  /** The metadata of the model file, which say what the network takes. */
  readonly metadata: Readonly<Record<string, Json>>;
  /** What the weights were trained on. */
  readonly provenance: Provenance;
}

/**
 * Opens a network to begin with.
 * @param place a run's folder or a model file
 * @param kind the kind of the data that are trained on
 * @throws AuricleError "file" where there is none, "argument" where it is for data of another kind
 */
export async function openFirstNetwork(
  place: string,
  kind: KindName,
  engine: Pick<EngineOptions, "threads">,
  warn: Warn,
): Promise<FirstNetwork> {
  const { kind: own, path, model, config } = await openTrainedModel(resolve(place), engine, warn);
  if (own !== kind) {
    throw new AuricleError(
      "argument",
      `${path}: to start from a network's weights on ${kind}, it must be one for ${kind}; it is for ${own}`,
    );
  }
  const { network, metadata } = model;
  const told = trainedOn(metadata, path);
  return {
    from: path,
    title: config?.model ?? network.name,
    network,
    metadata,
    provenance: config
      ? await loadProvenance({ path, config, metadata: () => Promise.resolve(metadata) })
      : told
        ? listedIn(told)
        : { ...NO_PROVENANCE, sources: [{ data: path, isListed: false }] },
  };
}

/**
 * Makes the network of a run from the one that it begins with: a new last layer, and frozen what is not to be trained.
 * @throws AuricleError "argument" unless it ends with a dense layer
 */
export function networkFrom(
  { network }: FirstNetwork,
  { transfer, classNames, seed }: Pick<TrainingConfig, "transfer" | "classNames" | "seed">,
): Network {
  const { how, freeze = false } = transfer ?? { how: "whole" };
  const made = replaceHead(network, { classes: classNames.length, seed });
  // Whatever was frozen when the first network was trained.
  for (const layer of made.layers) layer.trainable = true;
  if (how === "frozen") freezeLayers(made, (layer) => layer !== made.outputLayer);
  // Statistics of few examples are worse than those of many others.
  else if (how === "fine-tuned") freezeLayers(made, ({ layer }) => layer.className === "BatchNormalization");
  else if (freeze) freezeConvolutionalPart(made);
  return made;
}
