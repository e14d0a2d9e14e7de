/** @file The network that a run begins with: that of another run, or of a model file. Browser-safe. */

import { resolve } from "#here/io/path";
import { isPublished, publishedNames } from "#here/pretrained/find-model";
import { trainedOn } from "../../audio-model/trained-on.ts";
import type { Provenance } from "../../data/audio/provenance/provenance.ts";
import { AuricleError } from "../../errors.ts";
import {
  freezeConvolutionalPart,
  freezeLayers,
  replaceHead,
  sideBySide,
  type Network,
} from "../../nn/index.ts";
import type { Warn } from "../observer.ts";
import type { KindName } from "../options/option.ts";
import { listedIn, loadProvenance } from "../provenance-file.ts";
import type { FirstNetwork } from "../run-kind.ts";
import { openTrainedModel, type OpenModelOptions } from "../trained-model.ts";
import type { TrainingConfig } from "../training-config.ts";

/**
 * Opens a network to begin with. Where a name stands for several published ones, they are put side by side.
 * @param place a run's folder, a model file or the name of a published network
 * @param kind the kind of the data that are trained on
 * @throws AuricleError "file" where there is none, "argument" where it is for data of another kind
 */
export async function openFirstNetwork(
  place: string,
  kind: KindName,
  options: OpenModelOptions,
  warn: Warn,
): Promise<FirstNetwork> {
  const names = publishedNames(place);
  if (names.length < 2) return openOne(place, kind, options, warn);
  const parts: FirstNetwork[] = [];
  for (const name of names) parts.push(await openOne(name, kind, options, warn));
  const [{ metadata }] = parts;
  const networks = Object.fromEntries(parts.map((part) => [part.from, part.network]));
  return {
    from: place,
    title: place,
    // The head is replaced before it is trained.
    network: sideBySide(networks, { classes: 1, name: place }),
    metadata,
    provenance: {
      sources: parts.flatMap(({ provenance }) => provenance.sources),
      recordings: [],
    },
  };
}

async function openOne(
  place: string,
  kind: KindName,
  options: OpenModelOptions,
  warn: Warn,
): Promise<FirstNetwork> {
  const isName = isPublished(place);
  const opened = await openTrainedModel(isName ? place : resolve(place), options, warn);
  const { path, model, config } = opened;
  if (opened.kind !== kind) {
    throw new AuricleError(
      "argument",
      `${path}: to start from a network's weights on ${kind}, it must be one for ${kind}; it is for ${opened.kind}`,
    );
  }
  const { network, metadata } = model;
  return {
    from: isName ? place : path,
    title: config?.model ?? (isName ? place : network.name),
    network,
    metadata,
    provenance: await provenanceOfModel(path, config, metadata),
  };
}

async function provenanceOfModel(
  path: string,
  config: TrainingConfig | undefined,
  metadata: FirstNetwork["metadata"],
): Promise<Provenance> {
  if (config) return loadProvenance({ path, config, metadata: () => Promise.resolve(metadata) });
  const told = trainedOn(metadata, path);
  return told ? listedIn(told) : { recordings: [], sources: [{ data: path, isListed: false }] };
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
