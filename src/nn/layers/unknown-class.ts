import { AuricleError } from "../../errors.ts";

/** The error of a stored layer of a class that there is not. */
export function unknownLayerClass(className: string, known: readonly string[]): AuricleError {
  return new AuricleError(
    "argument",
    `layer: className must be one of ${known.join(", ")}; got "${className}"`,
  );
}
