/** @file The parts that importers of Keras' formats have in common. */
import { AuricleError } from "../../errors.ts";
import type { ImportedNetwork } from "../../formats/keras/imported.ts";
import { networkFromConfig, withoutFinalActivation, type Json } from "../../nn/index.ts";
import type { Imported } from "./importer.ts";

/** The key under which exports keep the description of a model. */
export const AURICLE_KEY = "auricle";

/** @throws AuricleError "file" where the layers or the weights do not fit each other. */
export function asImported({ config, weights, notes }: ImportedNetwork, file: string): Imported {
  try {
    return { network: networkFromConfig(config, weights), metadata: {}, notes, facts: {} };
  } catch (error) {
    if (!(error instanceof AuricleError)) throw error;
    throw new AuricleError("file", `${file}: ${error.message}`, { cause: error });
  }
}

/** A model that `auricle export` wrote has its own description with it, for a network without the last activation. */
export function ownMetadata(imported: Imported, stored: object): Imported {
  const own: unknown = Object.hasOwn(stored, AURICLE_KEY)
    ? Object.entries(stored).find(([key]) => key === AURICLE_KEY)?.[1]
    : undefined;
  if (typeof own !== "object" || own === null || Array.isArray(own)) return imported;
  const metadata = JSON.parse(JSON.stringify(own)) as Readonly<Record<string, Json>>;
  return { ...imported, network: withoutFinalActivation(imported.network).network, metadata };
}
