/** @file All operations of general layers, by the names that ONNX has for them. */
import { AuricleError } from "../../errors.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { NORMALIZATIONS } from "./normalizations.ts";
import type { OperationFunction } from "./operation.ts";
import { PICKING } from "./picking.ts";
import { PRODUCTS } from "./products.ts";
import { QUANTIZATION } from "./quantization.ts";
import { REDUCTIONS } from "./reductions.ts";
import { RESIZING } from "./resizing.ts";
import { SPECTRA } from "./spectra.ts";
import { VIEWS } from "./views.ts";

const OPERATIONS: ReadonlyMap<string, OperationFunction> = new Map(
  Object.entries({
    ...ELEMENTWISE,
    ...VIEWS,
    ...REDUCTIONS,
    ...PICKING,
    ...PRODUCTS,
    ...NORMALIZATIONS,
    ...RESIZING,
    ...QUANTIZATION,
    ...SPECTRA,
  }),
);

/** The names of all operations. */
export const ONNX_OPERATIONS: readonly string[] = [...OPERATIONS.keys()].sort();

export function hasOperation(name: string): boolean {
  return OPERATIONS.has(name);
}

/** @throws AuricleError "unsupported" for a name that none has. */
export function operationNamed(name: string): OperationFunction {
  const found = OPERATIONS.get(name);
  if (found) return found;
  throw new AuricleError("unsupported", `there is no operation ${name}`);
}
