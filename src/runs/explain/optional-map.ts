/** @file Grad-CAM of networks that have no convolution: a note, unless it was asked for. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import type { ExplanationMethod } from "../../explain/index.ts";
import type { ExplainOptions } from "./explanation.ts";

/** Makes a map, or adds a note that says why there is none where nothing was named that must be there. */
export async function mapUnlessOptional<T>(
  method: ExplanationMethod,
  { methods, layer }: Pick<ExplainOptions, "methods" | "layer">,
  notes: string[],
  make: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    const isOptional = methods === undefined && layer === undefined && method === "gradCam";
    if (!isOptional || !(error instanceof AuricleError) || error.code !== "shape") throw error;
    notes.push(`There is no map of Grad-CAM: ${error.message}`);
    return undefined;
  }
}
