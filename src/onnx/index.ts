/** @file `auricle/onnx`: models as ONNX files, which other runtimes run. Browser-safe. */
export { exportOnnx, type OnnxFile, type OnnxOptions } from "./export/export-onnx.ts";
export type { OnnxValue } from "./export/model-bytes.ts";
