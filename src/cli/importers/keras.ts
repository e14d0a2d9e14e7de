/** @file Imports models that Keras saved, and its weights into networks of this library. */
import { isHdf5 } from "../../formats/hdf5/hdf5-file.ts";
import { isObject } from "../../formats/json/values.ts";
import { loadStoredWeights } from "../../formats/keras/load-stored-weights.ts";
import { readKeras, readKerasH5, type KerasFile } from "../../formats/keras/read-keras.ts";
import { readStoredLayers, type StoredLayer } from "../../formats/keras/stored-weights.ts";
import { isZip } from "../../formats/zip/read-zip.ts";
import type { Imported, ImportedFile, Importer, ImportRequest } from "./importer.ts";
import { asImported, ownMetadata } from "./keras-network.ts";
import { FALLBACK_CLASSES, loadedNetwork, networkFor } from "./weights-alone.ts";

export const KERAS: Importer = {
  format: "Keras",
  endings: [".keras", ".h5", ".weights.h5"],
  readsWeightsAlone: true,
  takes: ({ path, head }) => isHdf5(head) || (/\.keras$/i.test(path) && isZip(head)),
  async load(file, request) {
    const bytes = await file.read();
    // A network that is named takes the weights of whole models too, among them those whose class the file does not hold.
    if (request.model !== undefined) return weightsFor(file, bytes, request);
    const model = read(bytes, file.path, request.input);
    const imported = { ...asImported(model, file.path), facts: { keras: model.version } };
    return isObject(model.ownMetadata) ? ownMetadata(imported, model.ownMetadata) : imported;
  },
};

function read(bytes: Uint8Array, path: string, inputShape: readonly number[] | undefined): KerasFile {
  return isHdf5(bytes) ? readKerasH5(bytes, path, { inputShape }) : readKeras(bytes, path, { inputShape });
}

async function weightsFor(
  file: ImportedFile,
  bytes: Uint8Array,
  { model, input, classes, partial = false }: ImportRequest,
): Promise<Imported> {
  const layers = readStoredLayers(bytes, file.path);
  const target = await networkFor(file, {
    model,
    inputShape: input,
    classes: classes ?? outputsOf(layers),
  });
  return loadedNetwork(target, loadStoredWeights(target.network, layers, file.path, { partial }));
}

/** The outputs of the last fully connected layer, which most networks end with. */
function outputsOf(layers: readonly StoredLayer[]): number {
  const kernels = layers.flatMap(({ tensors }) =>
    tensors.filter(({ array: { shape } }) => shape.length === 2),
  );
  return kernels.at(-1)?.array.shape[1] ?? FALLBACK_CLASSES;
}
