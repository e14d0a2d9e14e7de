/**
 * @file Auricle: convolutional networks for sound and images. Layers, models and training; arrays; and `compile` for
 * functions of one's own over the operations of "auricle/ops". Runs in Node.js and in browsers.
 */
export { AuricleError, type ErrorCode } from "./errors.ts";
export { compile } from "./graph/compile.ts";
export type { CompiledFunction, CompileOptions, InputSpec } from "./graph/compile.ts";
export type { Tensor } from "./graph/tensor.ts";
export * from "./nn/index.ts";
export { deriveKey, Generator } from "./random/generator.ts";
export { usableThreads } from "./runtime/pool.ts";
export {
  startProfile,
  type KernelProfile,
  type Profile,
  type ProfileRecorder,
  type Trace,
  type TraceEvent,
} from "./runtime/profile.ts";
export type { Phase } from "./runtime/recording.ts";
export { PRECISIONS, type Precision } from "./runtime/precision.ts";
export { chooseTarget, TARGET_NAMES, type TargetName } from "./runtime/target.ts";
export { floatArray, intArray } from "./tensor/array.ts";
export type { DType, FloatArray, IntArray, NumericArray } from "./tensor/array.ts";
export type { Shape } from "./tensor/shape.ts";
