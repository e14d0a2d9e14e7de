/** @file Imports models that Keras saved. */
import { isHdf5 } from "../../formats/hdf5/hdf5-file.ts";
import { readKeras, readKerasH5, type KerasFile } from "../../formats/keras/read-keras.ts";
import { isZip } from "../../formats/zip/read-zip.ts";
import type { ImportedFile, Importer } from "./importer.ts";
import { asImported } from "./keras-network.ts";

export const KERAS: Importer = {
  format: "Keras",
  endings: [".keras", ".h5"],
  takes: ({ path, head }) => isHdf5(head) || (/\.keras$/i.test(path) && isZip(head)),
  async load(file, { input }) {
    const model = await read(file, input);
    return { ...asImported(model, file.path), facts: { keras: model.version } };
  },
};

async function read(file: ImportedFile, inputShape: readonly number[] | undefined): Promise<KerasFile> {
  const bytes = await file.read();
  if (!isHdf5(bytes)) return readKeras(bytes, file.path, { inputShape });
  return readKerasH5(bytes, file.path, { inputShape });
}
