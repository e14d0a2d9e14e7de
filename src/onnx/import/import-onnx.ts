/** @file A network from an ONNX file. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import { bytesOf, type Bytes } from "../../io/bytes.ts";
import type { Json, Network } from "../../nn/index.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { isCount } from "../../ops/window.ts";
import { shownValue } from "../../shown-value.ts";
import { formatShape, type Shape } from "../../tensor/shape.ts";
import { withOpenBatch } from "./fixed-batch.ts";
import type { ExampleInput, OnnxGraph, OnnxInput } from "./graph.ts";
import { networkForLengths } from "./lengths.ts";
import { describedBy, windowOf } from "./own-metadata.ts";
import { withoutFrontEnd } from "./own-front-end.ts";
import { decodeModel, externalNames, readGraph, type ExternalFiles } from "./read.ts";
import { missingOperations, refuseProblems } from "./trace.ts";

export interface ImportOnnxOptions {
  /** The file's name, for messages. Default "the model". */
  readonly file?: string;
  /** The shape of one example of the only input, in the file's order of axes, where the file leaves lengths open. Default: the file's. */
  readonly input?: Shape;
  /** Files that hold numbers of the model, by the names that {@link onnxExternalFiles} gives. Default: none. */
  readonly external?: ExternalFiles;
}

const OPTIONS: OptionNames<ImportOnnxOptions> = { file: true, input: true, external: true };

/** A network that was read from an ONNX file. */
export interface OnnxNetwork {
  readonly network: Network;
  /** The metadata of a model of sound or pictures, where the library itself has written the file; empty for others. */
  readonly metadata: Readonly<Record<string, Json>>;
  /** The properties of the file; texts. */
  readonly properties: Readonly<Record<string, string>>;
  readonly opset: number;
  /** The program that wrote the file, and its version. */
  readonly producer: string;
  /** Sentences on what the network does otherwise than the file. */
  readonly notes: readonly string[];
}

/** The names of the files beside a model in which numbers of it are. @throws AuricleError "file" for what is no ONNX file */
export function onnxExternalFiles(content: Bytes, file = "the model"): string[] {
  return externalNames(decodeModel(bytesOf(content, file), file));
}

/**
 * Makes a network of an ONNX file, to be trained further or used as it is. Operations become layers where there are layers for them, and
 * `operations` layers otherwise. The first axis of inputs and outputs is the batch. An input with channels first that goes into
 * convolutions becomes one with channels last; outputs have the file's order.
 * @throws AuricleError "file" for what is no ONNX file, damaged or beyond the limits; "unsupported" with a list of all nodes that
 *   have no counterpart; "argument" where lengths are open that `input` must tell
 * @example
 * const { network } = importOnnx(await readFile("resnet18.onnx"));
 */
export function importOnnx(content: Bytes, options: ImportOnnxOptions = {}): OnnxNetwork {
  checkOptions("importOnnx", options, OPTIONS, "content, ");
  const { file = "the model" } = options;
  try {
    return networkOf(content, options, file);
  } catch (cause) {
    // A call stack that is too small for a chain of tens of thousands of operations.
    if (!(cause instanceof RangeError)) throw cause;
    throw new AuricleError(
      "unsupported",
      `${file}: its operations are too many in a row, or too large: ${cause.message}`,
      { cause },
    );
  }
}

function networkOf(content: Bytes, options: ImportOnnxOptions, file: string): OnnxNetwork {
  const { external = new Map() } = options;
  const whole = readGraph(decodeModel(bytesOf(content, file), file), file, external);
  const behind = withoutFrontEnd(whole);
  const { graph } = behind ?? { graph: whole };
  const inputs = inputsOf(graph, options.input, file);
  const opened = openBatch(graph, file);
  const { network, notes } = networkForLengths(opened, inputs, file);
  const described = describedBy(graph.metadata, behind ? behind.onFeatures(network) : network);
  const { metadata: properties, opset, producer } = graph;
  return { ...described, properties, opset, producer, notes: [...notes, ...described.notes] };
}

/** @throws AuricleError, for inputs that do not fit, after all nodes that have no counterpart whatever the inputs are */
function inputsOf(graph: OnnxGraph, given: Shape | undefined, file: string): ExampleInput[] {
  try {
    return graph.inputs.map((one) => exampleOf(one, graph, given, file));
  } catch (error) {
    if (error instanceof AuricleError) refuseProblems(missingOperations(graph), file);
    throw error;
  }
}

function exampleOf(
  { name, type, shape }: OnnxInput,
  graph: OnnxGraph,
  given: Shape | undefined,
  file: string,
): ExampleInput {
  const what = `${file}: the input ${shownValue(name)}`;
  if (type !== "float32" && type !== "float64" && type !== "float16" && type !== undefined) {
    throw new AuricleError("unsupported", `${what} has ${type} numbers, and networks take floats`);
  }
  if (given && graph.inputs.length > 1) {
    throw new AuricleError(
      "argument",
      `${file}: has ${graph.inputs.length} inputs, and one shape was given; export it with fixed lengths`,
    );
  }
  const own = given ?? windowOf(graph.metadata, name, shape);
  if (own) return { name, shape: checkGiven(what, shape?.slice(1), own), open: openAxes(shape) };
  if (!shape || shape.length < 2) {
    throw new AuricleError(
      "unsupported",
      `${what} has ${shape ? `the shape [${shape.join(",")}]` : "no shape"}: its first axis must be the batch, with at least one more`,
    );
  }
  const lengths = shape
    .slice(1)
    .map((length) => (typeof length === "number" && length > 0 ? length : undefined));
  if (lengths.every((length) => length !== undefined)) return { name, shape: lengths, open: [] };
  const shown = shape.map((length) => length ?? "?").join(",");
  throw new AuricleError(
    "argument",
    `${what} is [${shown}]: give the shape of one example without the batch, as --input 1x64x100`,
  );
}

/** The axes of one example whose lengths the file leaves open. */
function openAxes(shape: OnnxInput["shape"] = []): number[] {
  return shape.slice(1).flatMap((length, axis) => (typeof length === "number" ? [] : [axis]));
}

function checkGiven(what: string, own: OnnxInput["shape"], given: Shape): Shape {
  const fits =
    !own ||
    (own.length === given.length &&
      own.every((length, i) => typeof length !== "number" || length === given[i]));
  if (!given.every(isCount) || given.length === 0 || !fits) {
    throw new AuricleError(
      "argument",
      `${what} takes examples of [${own?.map((length) => length ?? "?").join(",") ?? ""}]; got ${formatShape(given)}`,
    );
  }
  return given;
}

/** A file for a fixed batch, for any. @throws AuricleError "unsupported" where inputs have batches that differ */
function openBatch(graph: OnnxGraph, file: string): OnnxGraph {
  const batches = graph.inputs.map(({ shape }) => shape?.[0]).filter((length) => typeof length === "number");
  if (new Set(batches).size > 1) {
    throw new AuricleError(
      "unsupported",
      `${file}: the inputs have batches of ${[...new Set(batches)].join(" and ")}, and must have one`,
    );
  }
  const [batch] = batches;
  return batch === undefined ? graph : withOpenBatch(graph, batch);
}
