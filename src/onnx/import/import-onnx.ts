/** @file A network from an ONNX file. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import { bytesOf, type Bytes } from "../../io/bytes.ts";
import type { Json, Network } from "../../nn/index.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Shape } from "../../tensor/shape.ts";
import { decodeModel, externalNames } from "./decode.ts";
import { examplesOf, withSettings } from "./inputs.ts";
import { networkForLengths } from "./lengths.ts";
import { describedBy } from "./own-metadata.ts";
import { withoutFrontEnd } from "./own-front-end.ts";
import { readGraph, type ExternalFiles } from "./read.ts";

export interface ImportOnnxOptions {
  /** The file's name, for messages. Default "the model". */
  readonly file?: string;
  /** The shape of one example of the only input, in the file's order of axes, where the file leaves lengths open. Default: the file's. */
  readonly input?: Shape;
  /** Files that hold numbers of the model, by the names that {@link onnxExternalFiles} gives. Default: none. */
  readonly external?: ExternalFiles;
  /** Numbers for inputs that are settings rather than data, as a lowest frequency or a sample rate, by name. Default: none. */
  readonly settings?: Readonly<Record<string, number>>;
}

const OPTIONS: OptionNames<ImportOnnxOptions> = { file: true, input: true, external: true, settings: true };

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
  const read = readGraph(decodeModel(bytesOf(content, file), file), file, external);
  const whole = withSettings(read, options.settings ?? {}, file);
  const behind = withoutFrontEnd(whole);
  const { graph } = behind ?? { graph: whole };
  const { network, notes } = networkForLengths(graph, examplesOf(graph, options.input, file), file);
  const described = describedBy(graph.metadata, behind ? behind.onFeatures(network) : network);
  const { metadata: properties, opset, producer } = graph;
  return { ...described, properties, opset, producer, notes: [...notes, ...described.notes] };
}
