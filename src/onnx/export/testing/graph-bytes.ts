/** @file Any traced graph as an ONNX file, its inputs named x0, x1, … and its outputs y0, y1, … */
import type { Graph } from "../../../graph/graph.ts";
import type { Tensor } from "../../../graph/tensor.ts";
import { emitGraph } from "../emit.ts";
import { modelBytes, type OnnxValue } from "../model-bytes.ts";
import { joinTraces } from "../traces.ts";

export function graphBytes(graph: Graph): Uint8Array<ArrayBuffer> {
  const names = (letter: string, tensors: readonly Tensor[]) =>
    tensors.map(({ shape, dtype }, i): OnnxValue => ({ name: `${letter}${i}`, shape, type: dtype }));
  const inputs = names("x", graph.inputs);
  const outputs = names("y", graph.outputs);
  const nameOf = ({ name }: OnnxValue) => name;
  const emitted = emitGraph(joinTraces([graph]), inputs.map(nameOf), outputs.map(nameOf));
  return modelBytes({ name: "graph", emitted, inputs, outputs, metadata: {} });
}
