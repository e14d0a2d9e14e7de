/** @file The formats that `auricle import` reads. */
import { AuricleError } from "../../errors.ts";
import type { ImportedFile, Importer } from "./importer.ts";
import { KERAS } from "./keras.ts";
import { ONNX } from "./onnx.ts";
import { PYTORCH } from "./pytorch.ts";
import { TFJS } from "./tfjs.ts";

/** The first that takes a file reads it. */
export const IMPORTERS: readonly Importer[] = [KERAS, TFJS, PYTORCH, ONNX];

/** @throws AuricleError "file" for a file that is of none of the formats. */
export function importerFor(file: ImportedFile): Importer {
  const found = IMPORTERS.find((importer) => importer.takes(file));
  if (found) return found;
  const known = IMPORTERS.map(({ format, endings }) => `${format} (${endings.join(", ")})`).join(", ");
  throw new AuricleError("file", `${file.path}: is in none of the formats that can be imported: ${known}`);
}
