/** @file Runs ONNX files in ONNX Runtime, compiled to WebAssembly: the same on every system, with nothing to build. Node only. */
import { env, InferenceSession, Tensor as OnnxTensor } from "onnxruntime-web";
import type { NumericArray } from "../../../tensor/array.ts";

env.wasm.numThreads = 1;
// Warnings on constants that its own optimizer leaves unused.
env.logLevel = "error";

export type OnnxInputs = Readonly<Record<string, NumericArray>>;

/** Loads a file once, to be run with many inputs. */
export async function openOnnx(bytes: Uint8Array): Promise<(inputs: OnnxInputs) => Promise<NumericArray[]>> {
  const session = await InferenceSession.create(bytes);
  return async (inputs) => {
    const feeds = Object.entries(inputs).map(([name, array]) => [name, onnxTensor(array)] as const);
    const results = await session.run(Object.fromEntries(feeds));
    return session.outputNames.map((name) => arrayOf(results[name]));
  };
}

/** The outputs of a file, in their order. */
export async function runOnnx(bytes: Uint8Array, inputs: OnnxInputs): Promise<NumericArray[]> {
  return (await openOnnx(bytes))(inputs);
}

function onnxTensor({ data, shape }: NumericArray): OnnxTensor {
  return data instanceof Int32Array
    ? new OnnxTensor("int32", data, shape)
    : new OnnxTensor("float32", data, shape);
}

function arrayOf({ data, dims }: OnnxTensor): NumericArray {
  if (data instanceof Float32Array || data instanceof Int32Array) return { shape: dims, data };
  throw new Error("a result of neither float32 nor int32");
}
