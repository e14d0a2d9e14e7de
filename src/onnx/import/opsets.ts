/** @file Nodes of all versions of ONNX's operations in one form: that of the newest, with differences as attributes. */
import type { Attributes } from "../../nn/operations/call.ts";

/** The versions that can be read. Differences before 7 (broadcasting by axis numbers) are not converted. */
export const OLDEST_OPSET = 7;
export const NEWEST_OPSET = 28;

interface VersionedNode {
  readonly operation: string;
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
}

/** The softmaxes that took all axes from one on as one, before version 13. */
const FLATTENING: readonly string[] = ["Softmax", "LogSoftmax", "Hardmax"];

/** Returns the operation, inputs and attributes as the newest version has them. */
export function inNewestForm(node: VersionedNode, opset: number): VersionedNode {
  const { operation, inputs, attributes } = node;
  if (FLATTENING.includes(operation) && opset < 13) {
    return { ...node, attributes: { axis: 1, ...attributes, flatten: 1 } };
  }
  if (operation === "Upsample" || (operation === "Resize" && opset < 11)) {
    const [x, scales = ""] = inputs;
    const mode = attributes.mode === "linear" || attributes.mode === "bilinear" ? "linear" : "nearest";
    const rules = { coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
    return { operation: "Resize", inputs: [x, "", scales], attributes: { ...attributes, mode, ...rules } };
  }
  // The axis is an input since version 20, and the last but one where it is left out.
  if (operation === "DFT" && opset < 20) return { ...node, attributes: { axis: 1, ...attributes } };
  if (operation === "Scatter") return { ...node, operation: "ScatterElements" };
  return node;
}
