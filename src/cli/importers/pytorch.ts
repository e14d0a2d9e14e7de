/** @file Imports the weights of PyTorch networks into networks of this library. */
import { existsSync } from "node:fs";
import { AuricleError } from "../../errors.ts";
import {
  loadStateDict,
  readStateDict,
  type LoadReport,
  type StateDict,
} from "../../formats/pytorch/index.ts";
import { isZip } from "../../formats/zip/read-zip.ts";
import { MODEL_NAMES, modelNamed } from "../../models/index.ts";
import type { Json, Network } from "../../nn/index.ts";
import { isNetworkFile, openNetworkFile, openTrainedModel } from "../../runs/index.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { ImportedFile, Importer, ImportRequest } from "./importer.ts";

const ENDINGS = [".pt", ".pth", ".ckpt", ".bin", ".safetensors"];

export const PYTORCH: Importer = {
  format: "PyTorch",
  endings: ENDINGS,
  takes({ path, head }) {
    const isNamed = ENDINGS.some((ending) => path.toLowerCase().endsWith(ending));
    const holdsPickle = isZip(head) && new TextDecoder("latin1").decode(head).includes("data.pkl");
    return isNamed || holdsPickle;
  },
  async load(file, request) {
    const stateDict = readStateDict(await file.read(), file.path);
    const { network, metadata } = await networkFor(file, request, stateDict);
    const report = loadStateDict(network, stateDict, file.path, { partial: request.partial ?? false });
    return { network, metadata, notes: notesOf(report), facts: factsOf(report) };
  },
};

interface Target {
  readonly network: Network;
  readonly metadata: Readonly<Record<string, Json>>;
}

/** The network that takes the weights: built in, from a network file, or of a run or a model file. */
async function networkFor(
  file: ImportedFile,
  { model, input, classNames }: ImportRequest,
  stateDict: StateDict,
): Promise<Target> {
  if (model === undefined) {
    throw new AuricleError(
      "argument",
      `${file.path}: holds weights alone: name the network that they are of, as --model mel-cnn, --model network.json or --model runs/genres`,
    );
  }
  const inputShape = input && channelsLast(input);
  const classes = classNames?.length ?? outputsOf(stateDict);
  if (isNetworkFile(model)) {
    const definition = await openNetworkFile(model);
    const shape = inputShape ?? definition.inputShape;
    if (shape === undefined) {
      throw new AuricleError(
        "argument",
        `--model: ${model} takes the shape of its data: name one, as --input 1x28x28`,
      );
    }
    return { network: definition.build({ inputShape: shape, classes, seed: 0 }), metadata: {} };
  }
  if (MODEL_NAMES.some((name) => name === model)) {
    return { network: modelNamed(model, { classes, ...(inputShape && { inputShape }) }), metadata: {} };
  }
  if (!existsSync(model)) {
    throw new AuricleError(
      "argument",
      `--model: must be one of ${MODEL_NAMES.join(", ")}, a network file, a run or a model file; got "${model}"`,
    );
  }
  const trained = await openTrainedModel(model, {}, () => undefined);
  return { network: trained.model.network, metadata: trained.model.metadata };
}

/** A shape as PyTorch orders it, channels first. */
function channelsLast(shape: Shape): Shape {
  return shape.length < 2 ? shape : [...shape.slice(1), shape[0]];
}

const FALLBACK_CLASSES = 10;

/** The outputs of the last fully connected layer, which most networks end with. */
function outputsOf({ tensors }: StateDict): number {
  const last = [...tensors.values()].filter(({ shape }) => shape.length === 2).at(-1);
  return last?.shape[0] ?? FALLBACK_CLASSES;
}

function notesOf({ matched, missing, unused, notes }: LoadReport): string[] {
  const all = matched.length + missing.length;
  const own = [
    missing.length === 0
      ? `each of the ${all} weights has its tensor`
      : `${matched.length} of ${all} weights have a tensor`,
  ];
  if (missing.length > 0)
    own.push(`without numbers from the file: ${missing.map(({ weight }) => weight).join(", ")}`);
  if (unused.length > 0) {
    own.push(
      `left out of the file: ${unused.map(({ tensor, kind }) => tensor + (kind ? ` (${kind})` : "")).join(", ")}`,
    );
  }
  return [...own, ...notes];
}

function factsOf({ matched, missing, unused }: LoadReport): Record<string, Json> {
  return {
    matched: matched.map((one) => ({ ...one })),
    missing: missing.map(({ weight, shape }) => ({ weight, shape: [...shape] })),
    unused: unused.map(({ tensor, shape, kind }) => ({
      tensor,
      shape: [...shape],
      ...(kind !== undefined && { kind }),
    })),
  };
}
