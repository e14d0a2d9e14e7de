/** @file The parts that importers of files without a network have in common: the network that takes the weights, and the report. */
import { existsSync } from "node:fs";
import { AuricleError } from "../../errors.ts";
import type { LoadReport } from "../../formats/load-report.ts";
import { MODEL_NAMES, modelNamed } from "../../models/index.ts";
import type { Json } from "../../nn/index.ts";
import { isNetworkFile, openNetworkFile, openTrainedModel } from "../../runs/index.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Imported, ImportedFile } from "./importer.ts";

/** The facts by which a network is built or opened. */
export interface TargetFacts {
  /** A built-in model's name, a network file, a run or a model file. */
  readonly model: string | undefined;
  /** The shape of one example, channels last. */
  readonly inputShape: Shape | undefined;
  readonly classes: number;
}

/** The network that takes the weights, with the description that it has. */
export type Target = Pick<Imported, "network" | "metadata">;

/** Builds or opens the network. @throws AuricleError "argument" where it is not named, or there is none of the name. */
export async function networkFor(
  file: ImportedFile,
  { model, inputShape, classes }: TargetFacts,
): Promise<Target> {
  if (model === undefined) {
    throw new AuricleError(
      "argument",
      `${file.path}: holds weights alone: name the network that they are of, as --model mel-cnn, --model network.json or --model runs/genres`,
    );
  }
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

/** The classes of a network whose file does not tell how many it has. */
export const FALLBACK_CLASSES = 10;

/** The network with its weights, and what matched. */
export function loadedNetwork({ network, metadata }: Target, report: LoadReport): Imported {
  return { network, metadata, notes: notesOf(report), facts: factsOf(report) };
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
