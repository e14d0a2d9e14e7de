/** @file `auricle/onnx`: models as ONNX files, which other runtimes run. Browser-safe. */
export { exportOnnx, type OnnxFile, type OnnxOptions } from "./export-onnx.ts";
export type { OnnxValue } from "./model-bytes.ts";
