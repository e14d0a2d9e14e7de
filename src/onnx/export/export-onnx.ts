/** @file A model as an ONNX file. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import type { InferenceModel } from "../../nn/inference-model.ts";
import type { ModelOutputs } from "../../nn/per-output.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { shownValue } from "../../shown-value.ts";
import { dimKey, type Dim } from "./dims.ts";
import { emitGraph, type EmittedGraph } from "./emit.ts";
import { modelBytes, OPSET, type OnnxValue } from "./model-bytes.ts";
import { subjectOf, type Subject } from "./subject.ts";
import { joinTraces, LengthError, type TracedGraph, type TracedNode } from "./traces.ts";

export interface OnnxOptions {
  /**
   * Where a model of sound begins: "waveform", with its front end as part of the graph, or "features", after it. Other models begin with
   * their input. Default "waveform".
   */
  readonly from?: "waveform" | "features";
}

const OPTIONS: OptionNames<OnnxOptions> = { from: true };

export interface OnnxFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly opset: number;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** The properties that the file has: class names, rate, front end and so on; lists and objects as JSON. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Why inputs must have the length of the model's window; absent where they may have others, and for models without time. */
  readonly fixedTime?: string;
  /** Why inputs must be batches of one example; absent where they may be of any number. */
  readonly fixedBatch?: string;
}

/**
 * Writes a model as ONNX: its graph of operations, with all weights in it. The first axis of inputs and outputs is the batch and may have
 * any length, but for networks that compute one example at a time; so may time, where the network pools over all of it. A model of sound goes from the samples of one window to its
 * probabilities or numbers; the mean over a recording's windows is left to the caller. A model of pictures takes
 * `[batch, height, width, channels]` from 0 to 1. A network without a description gives its outputs as they are.
 * @throws AuricleError "argument" for features of a model without a front end, "unsupported" naming all operations that ONNX
 *   has no nodes for, "file" for a model whose description is not its network's.
 *
 * @example
 * const { bytes } = exportOnnx(await loadModel("runs/genres/best.safetensors"));
 */
export function exportOnnx(model: InferenceModel<ModelOutputs>, options: OnnxOptions = {}): OnnxFile {
  checkOptions("exportOnnx", options, OPTIONS, "model, ");
  const { from = "waveform" } = options;
  if (from !== "waveform" && from !== "features") {
    throw new AuricleError(
      "argument",
      `exportOnnx: from must be "waveform" or "features"; got ${shownValue(from)}`,
    );
  }
  const subject = subjectOf(model, from === "features");
  const { graph, emitted, fixedTime, fixedBatch } = emitOf(subject);
  const names = axisNames(subject, graph);
  const inputs = graph.inputs.map((node, i) => valueOf(subject.inputs[i].name, node, names));
  const outputs = graph.outputs.map((node, i) => valueOf(subject.outputs[i], node, names));
  const { name } = subject;
  const { features } = emitted;
  const metadata = { ...subject.metadata, ...(features && { features: JSON.stringify(features) }) };
  const bytes = modelBytes({ name, metadata, emitted, inputs, outputs });
  return {
    bytes,
    opset: OPSET,
    inputs,
    outputs,
    metadata,
    ...(fixedTime !== undefined && { fixedTime }),
    ...(fixedBatch !== undefined && { fixedBatch }),
  };
}

interface Emitted {
  readonly graph: TracedGraph;
  readonly emitted: EmittedGraph;
  readonly fixedTime?: string;
  readonly fixedBatch?: string;
}

/** Two sizes that are neither 1 nor each other's multiples. */
const BATCHES = [2, 3] as const;

function emitOf(subject: Subject): Emitted {
  const names = subject.inputs.map(({ name }) => name);
  const emit = (times: readonly (number | undefined)[]) => {
    const [batch, otherBatch] = BATCHES;
    const first = subject.trace(batch, subject.time);
    const others = times.map((time) => subject.trace(batch, time));
    const graph = joinTraces([first, subject.trace(otherBatch, subject.time), ...others]);
    return { graph, emitted: emitGraph(graph, names, subject.outputs) };
  };
  const emitOneTime = (): Emitted => {
    try {
      return emit([]);
    } catch (error) {
      if (!(error instanceof LengthError)) throw error;
      const graph = joinTraces([subject.trace(1, subject.time)]);
      const fixedBatch = "what is computed depends on the number of examples";
      return { graph, emitted: emitGraph(graph, names, subject.outputs), fixedBatch };
    }
  };
  if (subject.time === undefined) return emitOneTime();
  try {
    return emit(otherTimes(subject.time));
  } catch (error) {
    if (!isAboutLength(error)) throw error;
    return { ...emitOneTime(), fixedTime: error.message };
  }
}

/**
 * Longer windows, by every power of two up to twice the window: at each layer, however it divides lengths, one of them is longer by
 * one, so that padding which depends on the length shows, and so does every length that is not fixed.
 */
function otherTimes(time: number): number[] {
  const times: number[] = [];
  for (let more = 1; more <= 2 * time; more *= 2) times.push(time + more);
  return times;
}

/** A network that needs inputs of one length says so when it is built for another. */
function isAboutLength(error: unknown): error is AuricleError {
  if (error instanceof LengthError) return true;
  return error instanceof AuricleError && ["shape", "argument"].includes(error.code);
}

/** The names of lengths that are open. */
function axisNames({ inputs }: Subject, graph: TracedGraph): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  graph.inputs.forEach(({ dims }, i) =>
    dims.forEach((dim, axis) => {
      const name = inputs[i].axes[axis];
      if (typeof dim !== "number" && name !== undefined) names.set(dimKey(dim), name);
    }),
  );
  return names;
}

function valueOf(name: string, { dims, tensors }: TracedNode, names: ReadonlyMap<string, string>): OnnxValue {
  const lengthOf = (dim: Dim) => (typeof dim === "number" ? dim : (names.get(dimKey(dim)) ?? "length"));
  return { name, shape: dims.map(lengthOf), type: tensors[0].dtype };
}
