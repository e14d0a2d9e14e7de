/** @file `auricle/onnx`: models as ONNX files, which other runtimes run, and networks from them. Browser-safe. */
export { exportOnnx, type OnnxFile, type OnnxOptions } from "./export/export-onnx.ts";
export type { OnnxValue } from "./export/model-bytes.ts";
export {
  importOnnx,
  onnxExternalFiles,
  type ImportOnnxOptions,
  type OnnxNetwork,
} from "./import/import-onnx.ts";
export { UnsupportedNodes, type OnnxProblem } from "./import/trace.ts";
